import type { ConfigurationEntry } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import { interpolate } from './interpolation.ts';
import { isPlaceholder, isSecretName } from './secrets.ts';
import { type Warning, warning } from './warning.ts';

/** Whose keys these are. */
interface KeyOwner {
  /** The provider's name in the configuration. */
  readonly id: string;
  /** Warn of keys that stand in the file itself. */
  readonly plainTextKeys: boolean;
  readonly place: FilePlace;
}

interface WrittenKey {
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** As the file has it; absent: the key is from elsewhere. */
  readonly text: string | undefined;
}

/** What should be known about a provider's keys and headers: placeholders, secrets in plain text, keys that are left out. */
export function keyWarnings(entry: ConfigurationEntry, place: FilePlace, plainTextKeys: boolean): readonly Warning[] {
  const [section, id = '', field] = entry.goal;
  if (section !== 'providers' || entry.value === undefined) return [];
  const { written, source } = entry;
  if (field === 'apiKey') {
    const text = source.kind === 'file' ? source.written : undefined;
    return aboutKey({ path: written, key: String(entry.value), text }, { id, plainTextKeys, place });
  }
  if (field === 'apiKeys') return keyListWarnings(entry, { id, plainTextKeys, place });
  if (field !== 'headers' || !plainTextKeys) return [];
  const text = `a secret in plain text in a git repository; write a \${VARIABLE}.`;
  return Object.keys(entry.value as object)
    .filter((name) => isSecretName(name) && !place.document.interpolationOf(pathInFile([...written, name], place)))
    .map((name) => warning([...written, name], text, place));
}

/** Of a list that has keys: what is wrong with single ones, and which of them are left out. */
function keyListWarnings({ written, raw, source }: ConfigurationEntry, owner: KeyOwner): readonly Warning[] {
  const { place } = owner;
  const keys = (Array.isArray(raw) ? raw : []).map((one) => (typeof one === 'string' ? one.trim() : ''));
  return keys.flatMap((key, index) => {
    const path = [...written, index];
    const text = source.kind === 'file' ? source.items?.[index] : undefined;
    if (key === '') {
      const [variable] = interpolate(text ?? '', {}).variables;
      const what = variable === undefined ? 'this key is empty' : `the variable ${variable} is empty or not set`;
      return [warning(path, `${what}; the key is left out.`, place)];
    }
    const first = keys.indexOf(key);
    if (first < index) return [warning(path, `the same key as the one at [${first}]; it counts once.`, place)];
    return aboutKey({ path, key, text }, owner);
  });
}

function aboutKey({ path, key, text }: WrittenKey, { id, plainTextKeys, place }: KeyOwner): readonly Warning[] {
  const variable = `\${${variableFor(id)}}`;
  if (isPlaceholder(key)) return [warning(path, `the key is a placeholder; write ${variable} or a key.`, place)];
  const advice = `a key in plain text in a git repository; write ${variable} and put the key into the environment or .env.`;
  return plainTextKeys && holdsPlainText(text) ? [warning(path, advice, place)] : [];
}

/** Whether anything of a key stands in the file itself, the default behind a variable included. */
function holdsPlainText(written: string | undefined): boolean {
  return written === undefined || interpolate(written, {}).text !== '';
}

function variableFor(provider: string): string {
  return `${provider.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_API_KEY`;
}
