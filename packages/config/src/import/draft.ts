import { asObject, type JsonObject } from '@signalbox/core';
import type { Draft, DraftProvider, ImportNote } from './imported.ts';

export function createDraft(): Draft {
  return { providers: new Map(), sections: {}, notes: [], secrets: new Map() };
}

/** The provider of that name in a draft; made where it is not there yet. */
export function providerIn(draft: Draft, name: string): DraftProvider {
  const known = draft.providers.get(name);
  if (known !== undefined) return known;
  const made: DraftProvider = { keyVariables: new Set(), models: new Map() };
  draft.providers.set(name, made);
  return made;
}

/** Adds a model, or what more is known of it. */
export function addModel(provider: DraftProvider, name: string, settings: Record<string, unknown> = {}): void {
  const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const merged = { ...provider.models.get(name), ...said };
  provider.models.set(name, Object.keys(merged).length === 0 ? undefined : merged);
}

/** Merges settings into a section of a draft; what is undefined is left alone. */
export function setIn(draft: Draft, section: string, settings: Record<string, unknown>): void {
  const said = Object.entries(settings).filter(([, value]) => value !== undefined);
  if (said.length === 0) return;
  draft.sections[section] = { ...(asObject(draft.sections[section]) ?? {}), ...Object.fromEntries(said) };
}

/** What becomes of keys that have no row of their own: [reason]. */
export type Reasons = Readonly<Record<string, string>>;

/**
 * Notes every key of a section that nothing has read, with the reason of its row, or `otherwise`. A key of the form `redis_*` in the rows stands
 * for all that begin so.
 */
export function noteRest(
  draft: Draft,
  section: JsonObject,
  path: string,
  read: readonly string[],
  reasons: Reasons,
  otherwise = 'Signalbox has nothing like it',
): void {
  const prefixes = Object.entries(reasons).filter(([key]) => key.endsWith('*'));
  for (const key of Object.keys(section)) {
    if (read.includes(key)) continue;
    const family = prefixes.find(([prefix]) => key.startsWith(prefix.slice(0, -1)))?.[1];
    const reason = (Object.hasOwn(reasons, key) ? reasons[key] : undefined) ?? family ?? otherwise;
    leaveOut(draft, path === '' ? key : `${path}.${key}`, reason);
  }
}

export function leaveOut(draft: Draft, key: string, reason: string): void {
  add(draft, { key, outcome: 'left out', reason });
}

export function change(draft: Draft, key: string, reason: string): void {
  add(draft, { key, outcome: 'changed', reason });
}

function add({ notes }: Draft, note: ImportNote): void {
  if (!notes.some((one) => one.key === note.key && one.reason === note.reason)) notes.push(note);
}

/** A time in whole milliseconds as our files spell it: `90s`, `250ms`. Nothing where there is none, or none that we take. */
export function timeOf(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined || !(milliseconds > 0)) return undefined;
  const bounded = Math.min(Math.round(milliseconds), 3_600_000);
  return bounded % 1_000 === 0 ? `${bounded / 1_000}s` : `${bounded}ms`;
}
