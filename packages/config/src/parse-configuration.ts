import { buildConfiguration } from './build-configuration.ts';
import { checkReferences } from './check-references.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.ts';
import { configurationSchema } from './configuration-schema.ts';
import { defaultEntries } from './defaults.ts';
import { dotted, readDocument } from './document.ts';
import { type ConfigurationEntry, mergeEntries, sourceFinder } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import { fileWarnings } from './file-warnings.ts';
import type { ParseOptions } from './parse-options.ts';
import { keyEntries } from './provider-keys.ts';
import { PROVIDER_KEYS } from './provider-section.ts';
import { describeSchemaIssues, UNKNOWN_KEY, valueAt } from './schema-issues.ts';
import { maskSecrets } from './secrets.ts';
import { sourced, sourcedList } from './sourced.ts';
import { settingsOf } from './spellings.ts';

/** One file's configuration, over the defaults. */
export interface ParsedConfiguration {
  readonly configuration: Configuration;
  readonly warnings: readonly string[];
  /** What the file says, without defaults. */
  readonly entries: readonly ConfigurationEntry[];
  /** Where a value came from: `router-config.yml:12:3` or `default`. */
  sourceOf(path: string): string;
  /** File, line, column and path of a part of a value, by its path in the file. `text`: the part is below it and says this. */
  placeOf(written: readonly (string | number)[], text?: string): string;
}

/**
 * Reads the text of a configuration file. Pure: no file, no environment but the one that is passed.
 * Throws ConfigurationError with everything that is wrong.
 */
export function parseConfiguration(text: string, options: ParseOptions): ParsedConfiguration {
  const label = options.label ?? options.file;
  const format = options.format ?? (options.file.endsWith('.json') ? 'json' : 'yaml');
  const document = readDocument(text, { label, format, env: options.env });
  const issues: ConfigurationIssue[] = [...document.issues];
  const content = document.value ?? {};
  if (issues.length > 0 && document.value === undefined) throw new ConfigurationError(issues);
  const { bare, value, twice } = withBareProviders(content, options.providerNames ?? []);
  for (const id of twice) {
    const message = `stands at the top and under "providers" as well; keep one`;
    issues.push({ file: label, ...document.keyPositionOf([id]), path: id, message });
  }
  const providerNames = [...(options.providerNames ?? []), ...(options.definedProviders ?? [])];
  // Compiling a schema pays from the second use on; a file is checked once.
  const checked = configurationSchema.safeParse(value, { jitless: true });
  if (!checked.success) {
    const context = { document, label, providerNames, bare };
    // A value that could not be read has been reported; that it is missing now is no second mistake.
    const unread = new Set(issues.map((issue) => issue.path));
    const found = describeSchemaIssues(checked.error.issues, value, context);
    issues.push(...found.filter((issue) => issue.message === UNKNOWN_KEY || !unread.has(issue.path)));
  }
  const place = { document, label, file: options.file, scope: options.scope ?? 'user', bare, value };
  const entries = checked.success ? toEntries(checked.data, place, issues) : [];
  if (checked.success) issues.push(...checkReferences(entries, place, options));
  if (issues.length > 0) throw new ConfigurationError(issues.toSorted(byPosition));
  return {
    configuration: buildConfiguration(mergeEntries([entries, defaultEntries])),
    warnings: [...document.warnings, ...fileWarnings(entries, place, options.warnOfPlainTextKeys ?? false)],
    entries,
    sourceOf: sourceFinder(entries),
    placeOf: (written, wanted) =>
      shownPlace(wanted === undefined ? written : pathOfText(written, wanted, place), place),
  };
}

function shownPlace(written: readonly (string | number)[], place: FilePlace): string {
  const here = pathInFile(written, place);
  const { line, column } = place.document.positionOf(here);
  return `${place.label}:${line}:${column} ${maskSecrets(dotted(here))}`;
}

/** The path of a text within a value; the value's own where it is not in it. */
function pathOfText(
  written: readonly (string | number)[],
  wanted: string,
  place: FilePlace,
): readonly (string | number)[] {
  const value = valueAt(place.value, written);
  if (typeof value !== 'object' || value === null) return written;
  for (const [key, part] of Object.entries(value)) {
    const path = [...written, Array.isArray(value) ? Number(key) : key];
    if (part === wanted) return path;
    if (Array.isArray(part) && part.includes(wanted)) return [...path, part.indexOf(wanted)];
  }
  return written;
}

function toEntries(checked: unknown, place: FilePlace, issues: ConfigurationIssue[]): readonly ConfigurationEntry[] {
  const byGoal = new Map<string, ConfigurationEntry>();
  const add = (entry: ConfigurationEntry): void => {
    const id = entry.goal.join('\0');
    const first = byGoal.get(id);
    if (first === undefined) byGoal.set(id, entry);
    else if (JSON.stringify(first.value) !== JSON.stringify(entry.value)) {
      issues.push(disagreement(first, entry, place));
    }
  };
  const providers = valueAt(place.value, ['providers']);
  for (const id of typeof providers === 'object' && providers !== null ? Object.keys(providers) : []) {
    const written = ['providers', id];
    add({ ...sourced(written, place, true), goal: [...written, 'id'], main: written, value: id, raw: id });
    for (const entry of keyEntries(id, place, issues)) add(entry);
  }
  for (const { written, goal, main, value } of settingsOf(checked)) {
    const isKeyList = goal[0] === 'providers' && goal[2] === 'apiKeys';
    add({ ...(isKeyList ? sourcedList : sourced)(written, place), goal, main, value });
  }
  return [...byGoal.values()];
}

function disagreement(one: ConfigurationEntry, other: ConfigurationEntry, place: FilePlace): ConfigurationIssue {
  const [first, second] = [one, other]
    .map(({ written, raw }) => {
      const path = pathInFile(written, place);
      const said = typeof raw === 'object' ? '' : ` says ${maskSecrets(JSON.stringify(raw))}`;
      return { path, said, ...place.document.positionOf(path) };
    })
    .sort(byPosition) as [Said, Said];
  return {
    file: place.label,
    line: second.line,
    column: second.column,
    path: dotted(second.path),
    message: `disagrees${second.said && ` (it${second.said})`} with "${dotted(first.path)}" at ${place.label}:${first.line}:${first.column}${first.said && `, which${first.said}`}; they mean the same, keep one`,
  };
}

interface Said extends Place {
  readonly path: readonly (string | number)[];
  readonly said: string;
}

/** Keys, of which one says that a block is a provider's, where there are other sections beside it. */
const TELLING_KEYS: readonly string[] = ['api_key', 'api_keys', 'endpoint', 'type', 'package'];

/**
 * A file's content with the providers that stand at its top under `providers`. In a file of nothing else a block is a provider's by any of a provider's keys; beside other sections
 * it takes a known name or a key that only providers have, so that a mistyped section stays a mistake.
 */
function withBareProviders(
  content: unknown,
  providerNames: readonly string[],
): { readonly bare: ReadonlySet<string>; readonly value: unknown; readonly twice: readonly string[] } {
  const none = { bare: new Set<string>(), value: content, twice: [] };
  if (!isMap(content)) return none;
  const { $schema: _, ...rest } = content as Record<string, unknown>;
  const others = Object.entries(rest).filter(([key]) => !Object.hasOwn(configurationSchema.shape, key));
  const isProvider = (telling: readonly string[], [key, value]: [string, unknown]) =>
    value === undefined
      ? providerNames.includes(key)
      : isMap(value) && (providerNames.includes(key) || Object.keys(value).some((one) => telling.includes(one)));
  const whole = others.length === Object.keys(rest).length && others.every((one) => isProvider(PROVIDER_KEYS, one));
  const found = whole ? others : others.filter((one) => isProvider(TELLING_KEYS, one));
  const { providers } = content as { readonly providers?: unknown };
  // What is no map is a mistake of its own, and told as one.
  if (found.length === 0 || !(providers === undefined || isMap(providers))) return none;
  const bare = new Set(found.map(([key]) => key));
  const sections = Object.entries(content).filter(([key]) => !bare.has(key));
  const value = { ...Object.fromEntries(sections), providers: { ...providers, ...Object.fromEntries(found) } };
  return { bare, value, twice: [...bare].filter((id) => isMap(providers) && Object.hasOwn(providers, id)) };
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byPosition(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}

interface Place {
  readonly line: number;
  readonly column: number;
}
