import { type Provider, ProviderError, type ProviderErrorKind } from '@signalbox/core';
import type { Holder } from './holders.ts';

/** The name that the key has now with which something was given out; undefined where the provider has one alone, or that key no more. */
export function holdersKey(provider: Provider, { key, keyDigest }: Holder): string | undefined {
  const { keys } = provider;
  if (keys === undefined) return undefined;
  // Names follow the order of the configuration, which may have changed since.
  if (keyDigest !== undefined && provider.keyDigest !== undefined)
    return keys.find((name) => provider.keyDigest?.(name) === keyDigest);
  return key !== undefined && keys.includes(key) ? key : undefined;
}

/** Whether the key with which something was given out is no longer the provider's. */
export function isKeyGone(provider: Provider, { keyDigest }: Holder): boolean {
  if (keyDigest === undefined || provider.keyDigest === undefined) return false;
  return (provider.keys ?? [undefined]).every((name) => provider.keyDigest?.(name) !== keyDigest);
}

/** What a provider says that knows an id of another account's no more. */
const NOT_THERE: ReadonlySet<ProviderErrorKind> = new Set(['invalid-request', 'not-found', 'permission']);

/**
 * A new key may be of the same account and reach all that the old one made: so the provider is asked. This is its error with what the caller can't know, where it is not so.
 */
export function withGoneKey(error: ProviderError, what: string, { id }: Provider): ProviderError {
  if (!NOT_THERE.has(error.kind)) return error;
  return new ProviderError({
    kind: error.kind,
    provider: error.provider,
    status: error.status,
    code: error.code,
    retryAfterMs: error.retryAfterMs,
    requestId: error.requestId,
    cause: error.cause,
    message: `${error.message} (${what} was made with a key of ${id} that is not in the configuration any more.)`,
  });
}
