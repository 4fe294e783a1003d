import type { ConfigurationIssue } from './configuration-error.ts';
import { dotted } from './document.ts';
import type { ConfigurationEntry } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import { sourced, sourcedList } from './sourced.ts';

/**
 * What a file says of a provider's keys beside their values: the variable of the first, and that one key takes the place of a weaker file's
 * list and a list that of a weaker file's one key. Reports a file that has both.
 */
export function keyEntries(id: string, place: FilePlace, issues: ConfigurationIssue[]): readonly ConfigurationEntry[] {
  const provider = ['providers', id];
  const one = [...provider, 'api_key'];
  const several = [...provider, 'api_keys'];
  const single = sourced(one, place);
  const list = sourcedList(several, place);
  const hasOne = single.raw !== undefined || single.source.variables !== undefined;
  const hasSeveral = list.raw !== undefined;
  if (hasOne && hasSeveral) {
    issues.push({
      file: place.label,
      ...place.document.keyPositionOf(pathInFile(several, place)),
      path: dotted(pathInFile(several, place)),
      message: 'a provider has either api_key or api_keys, not both: put all of its keys into api_keys',
    });
    return [];
  }
  if (!hasOne && !hasSeveral) return [];
  const said = hasSeveral ? list : single;
  const entry = (field: string, value: unknown): ConfigurationEntry => {
    return { ...said, goal: [...provider, field], main: hasSeveral ? several : one, value };
  };
  // Keys in plain text say "no variable", so that a weaker file's variable does not stand beside them.
  const variable = entry('apiKeyVariable', said.source.variables?.[0]);
  const isKey = (key: unknown) => typeof key === 'string' && key.trim() !== '';
  const hasKey = (Array.isArray(said.raw) ? said.raw : [said.raw]).some(isKey);
  return hasKey ? [variable, entry(hasSeveral ? 'apiKey' : 'apiKeys', undefined)] : [variable];
}
