import { createHash } from 'node:crypto';
import { type ProviderSettings, RouterError } from '@signalbox/core';

/** A provider's keys, known to others by their names only. */
export interface KeyRing {
  /** `key-1`, `key-2`, ... in the order in which they were given. Empty: there is no key. */
  readonly names: readonly string[];
  /** The headers of a call: the user's own, and those that carry the key of that name; without a name, the first. */
  headers(name: string | undefined): Readonly<Record<string, string>>;
  /** The beginning of the SHA-256 of the key of that name; without a name, of the first. */
  digest(name: string | undefined): string | undefined;
}

/**
 * The keys of a provider's settings, each once; empty ones are none. Throws RouterError `configuration` for a key that can't be one, without
 * showing it.
 */
export function keyRing(
  settings: Pick<ProviderSettings, 'apiKey' | 'apiKeys' | 'headers'>,
  providerId: string,
  authenticate: (apiKey: string) => Readonly<Record<string, string>>,
): KeyRing {
  const written = settings.apiKeys ?? [settings.apiKey];
  const keys = new Set(written.map((text) => readKey(text, providerId)).filter((key) => key !== undefined));
  const headersByName = new Map(
    [...keys].map((key, index) => [`key-${index + 1}`, { ...settings.headers, ...authenticate(key) }]),
  );
  const [first = settings.headers ?? {}] = headersByName.values();
  const digests = new Map([...keys].map((key, index) => [`key-${index + 1}`, digestOf(key)]));
  return {
    names: [...headersByName.keys()],
    headers: (name) => (name === undefined ? first : (headersByName.get(name) ?? first)),
    digest: (name = 'key-1') => digests.get(name),
  };
}

/** Keys have too much in them to be guessed from it. */
function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** A key without the line break that files and shells like to add; undefined when nothing is left. */
function readKey(text: string | undefined, providerId: string): string | undefined {
  const key = text?.trim();
  if (key === undefined || key === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new RouterError({
      kind: 'configuration',
      message: `The API key of ${providerId} has a blank or a special character in it: copy it again.`,
    });
  }
  return key;
}
