import { asObject, type JsonObject } from '@signalbox/core';
import type { Draft, DraftProvider, ImportNote, KnownProvider } from './imported.ts';

export function createDraft(known: readonly KnownProvider[]): Draft {
  return { known, providers: new Map(), sections: {}, notes: [], secrets: new Map() };
}

/** The provider of that name in a draft; made where it is not there yet. */
export function providerIn(draft: Draft, name: string): DraftProvider {
  const known = draft.providers.get(name);
  if (known !== undefined) return known;
  const made: DraftProvider = { name, keyVariables: new Set(), models: new Map() };
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

/** Why keys are left out, by key. One of the form `redis_*` stands for all that begin so. */
export type Reasons = Readonly<Record<string, string>>;

/** What is known of a section's keys. */
export interface SectionKeys {
  /** Keys that something has read. */
  readonly read: readonly string[];
  readonly reasons?: Reasons | undefined;
  /** The reason of every other key. */
  readonly otherwise?: string | undefined;
}

/** Notes every key of a section that nothing has read, with its reason. */
export function noteRest(
  draft: Draft,
  section: JsonObject,
  path: string,
  { read, reasons = {}, otherwise = 'Signalbox has nothing like it' }: SectionKeys,
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
