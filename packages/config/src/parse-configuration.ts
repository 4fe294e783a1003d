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
  const providersOnly = isProvidersBlock(content, options.providerNames ?? []);
  const value = providersOnly ? { providers: withoutSchema(content) } : content;
  const providerNames = [...(options.providerNames ?? []), ...(options.definedProviders ?? [])];
  // Compiling a schema pays from the second use on; a file is checked once.
  const checked = configurationSchema.safeParse(value, { jitless: true });
  if (!checked.success) {
    const context = { document, label, providerNames, providersOnly };
    // A value that could not be read has been reported; that it is missing now is no second mistake.
    const unread = new Set(issues.map((issue) => issue.path));
    const found = describeSchemaIssues(checked.error.issues, value, context);
    issues.push(...found.filter((issue) => issue.message === UNKNOWN_KEY || !unread.has(issue.path)));
  }
  const place = { document, label, file: options.file, scope: options.scope ?? 'user', providersOnly, value };
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

/** Whether the keys of a whole file are providers' names. */
function isProvidersBlock(content: unknown, providerNames: readonly string[]): boolean {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return false;
  const entries = Object.entries(withoutSchema(content));
  return (
    entries.length > 0 &&
    entries.every(([key, value]) => {
      if (Object.hasOwn(configurationSchema.shape, key)) return false;
      if (value === undefined) return providerNames.includes(key);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      return providerNames.includes(key) || Object.keys(value).some((one) => PROVIDER_KEYS.includes(one));
    })
  );
}

function withoutSchema(content: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== '$schema'));
}

function byPosition(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}

interface Place {
  readonly line: number;
  readonly column: number;
}
