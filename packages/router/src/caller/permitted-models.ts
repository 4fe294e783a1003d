import { type Caller, type Candidate, namePatterns } from '@signalbox/core';

/** Patterns as they were read, for the lists that keys bring along: the same list comes with every request of a key. */
const readPatterns = new WeakMap<readonly string[], (name: string) => boolean>();

/** Whether a caller may use a candidate under any of its names. */
export function mayUse({ models }: Caller, { id, names }: Candidate): boolean {
  if (models === undefined) return true;
  const fits = patternsOf(models);
  return fits(id) || names.some(fits);
}

function patternsOf(models: readonly string[]): (name: string) => boolean {
  let fits = readPatterns.get(models);
  if (fits === undefined) {
    fits = namePatterns(models);
    readPatterns.set(models, fits);
  }
  return fits;
}

/**
 * A model that a request names beside the candidate, for the provider to take where that fails, and that the caller may not use; undefined where there is none. They go by the provider's own names.
 */
export function forbiddenOther(
  { models }: Caller,
  { provider }: Candidate,
  others: readonly string[] | undefined,
): string | undefined {
  if (models === undefined || others === undefined) return undefined;
  const fits = patternsOf(models);
  return others.find((name) => !fits(name) && !fits(`${provider.id}/${name}`));
}

/** The reason, for people. */
export function notPermitted({ key }: Caller): string {
  return key === undefined ? 'the caller may not use it' : `the key "${key}" may not use it`;
}
