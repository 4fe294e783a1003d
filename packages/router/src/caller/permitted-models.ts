import { type Caller, type Candidate, namePatterns } from '@signalbox/core';

/** Patterns as they were read, for the lists that keys bring along: the same list comes with every request of a key. */
const readPatterns = new WeakMap<readonly string[], (name: string) => boolean>();

/** Whether a caller may use a candidate under any of its names. */
export function mayUse({ models }: Caller, { id, names }: Candidate): boolean {
  if (models === undefined) return true;
  let fits = readPatterns.get(models);
  if (fits === undefined) {
    fits = namePatterns(models);
    readPatterns.set(models, fits);
  }
  return fits(id) || names.some(fits);
}

/** The reason, for people. */
export function notPermitted({ key }: Caller): string {
  return key === undefined ? 'the caller may not use it' : `the key "${key}" may not use it`;
}
