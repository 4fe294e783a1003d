import { editDistance, isJsonObject, type Quirks, type StandardIssue, type StandardSchema } from '@signalbox/core';
import type { Authentication } from './preset.ts';
import { QUIRK_KINDS } from './quirk-kinds.ts';

/** What may be said of one server beside its preset: `providers.*.options` in a configuration. */
export interface ServerOptions {
  /** Added to the preset's, or in their place. */
  readonly quirks?: Quirks | undefined;
  readonly forwards?: boolean | undefined;
  readonly authentication?: Authentication | undefined;
}

const AUTHENTICATIONS: readonly string[] = ['bearer', 'api-key'] satisfies Authentication[];

/** Checks `ServerOptions`; an unknown key or quirk is an error that names the nearest known one. */
export const serverOptionsSchema: StandardSchema<ServerOptions> = {
  '~standard': {
    version: 1,
    vendor: 'signalbox',
    validate(value) {
      if (!isJsonObject(value)) return { issues: [{ message: 'expected keys and values' }] };
      const issues = Object.entries(value).flatMap(([key, one]) => issuesOf(key, one));
      return issues.length > 0 ? { issues } : { value: value as ServerOptions };
    },
  },
};

function issuesOf(key: string, value: unknown): readonly StandardIssue[] {
  switch (key) {
    case 'quirks':
      if (!isJsonObject(value)) return [{ message: 'expected keys and values', path: [key] }];
      return Object.entries(value).flatMap(([name, one]) => quirkIssues(name, one));
    case 'forwards':
      return typeof value === 'boolean' ? [] : [{ message: 'expected true or false', path: [key] }];
    case 'authentication':
      if (typeof value === 'string' && AUTHENTICATIONS.includes(value)) return [];
      return [{ message: `expected ${AUTHENTICATIONS.join(' or ')}`, path: [key] }];
    default:
      return [unknown('key', key, ['quirks', 'forwards', 'authentication'], [key])];
  }
}

function quirkIssues(name: string, value: unknown): readonly StandardIssue[] {
  const path = ['quirks', name];
  const kind = Object.hasOwn(QUIRK_KINDS, name) ? QUIRK_KINDS[name] : undefined;
  if (kind === undefined) return [unknown('quirk', name, Object.keys(QUIRK_KINDS), path)];
  return typeof value === kind ? [] : [{ message: `expected a ${kind}`, path }];
}

function unknown(what: string, name: string, known: readonly string[], path: readonly string[]): StandardIssue {
  const [nearest] = known
    .map((one) => ({ one, distance: editDistance(name.toLowerCase().slice(0, 64), one.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const near = nearest !== undefined && nearest.distance <= Math.max(2, name.length / 3);
  return { message: `unknown ${what}${near ? `; did you mean "${nearest.one}"?` : ''}`, path };
}
