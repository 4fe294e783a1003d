import type { ConfigurationEntry } from './entry.ts';
import type { FilePlace } from './file-place.ts';
import { keyWarnings } from './key-warnings.ts';
import type { ModelConfiguration } from './provider-configuration.ts';
import type { RoutingRule } from './routing-configuration.ts';
import { maskSecrets } from './secrets.ts';
import { closest } from './suggestion.ts';
import { type Warning, warning } from './warning.ts';

/** What should be known about a file that can be used: one sentence each, with its place, in the order of the file. */
export function fileWarnings(
  entries: readonly ConfigurationEntry[],
  place: FilePlace,
  plainTextKeys: boolean,
): readonly string[] {
  const warnings = entries.flatMap((entry) => [
    ...keyWarnings(entry, place, plainTextKeys),
    ...defaultModelWarnings(entry, entries, place),
    ...patternWarnings(entry, place),
  ]);
  const texts = warnings.toSorted((one, other) => one.line - other.line).map((one) => one.text);
  return [...new Set(texts)];
}

function defaultModelWarnings(
  entry: ConfigurationEntry,
  entries: readonly ConfigurationEntry[],
  place: FilePlace,
): readonly Warning[] {
  const [section, id, field] = entry.goal;
  if (section !== 'providers' || field !== 'default') return [];
  const models = entries.find((one) => one.goal[0] === section && one.goal[1] === id && one.goal[2] === 'models');
  if (models === undefined) return [];
  const listed = Object.entries(models.value as Readonly<Record<string, ModelConfiguration>>);
  const names = listed.flatMap(([short, model]) => [short, model.name]);
  const name = String(entry.value);
  if (names.includes(name)) return [];
  const suggestion = closest(name, names);
  const meant = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
  return [warning(entry.written, `"${maskSecrets(name)}" is not among this provider's models.${meant}`, place)];
}

function patternWarnings(entry: ConfigurationEntry, place: FilePlace): readonly Warning[] {
  if (entry.goal.join('.') !== 'routing.rules') return [];
  const text = '"\\b" in double quotes is a backspace; write the pattern in single quotes.';
  return (entry.value as readonly RoutingRule[]).flatMap(({ pattern }, index) =>
    pattern?.includes('\b') ? [warning([...entry.written, index, 'pattern'], text, place)] : [],
  );
}
