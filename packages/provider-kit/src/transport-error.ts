import { type Cancellation, ProviderError, type ProviderErrorKind } from '@signalbox/core';

/** What undici's and Node's error codes mean for a call. A code that is not here means the connection was lost. */
const KIND_BY_CODE: Readonly<Record<string, ProviderErrorKind>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  ECONNREFUSED: 'connect',
  ENOTFOUND: 'connect',
  EAI_AGAIN: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  ETIMEDOUT: 'connect',
  CERT_HAS_EXPIRED: 'connect',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'connect',
  SELF_SIGNED_CERT_IN_CHAIN: 'connect',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'connect',
  ERR_TLS_CERT_ALTNAME_INVALID: 'connect',
};

/**
 * An error of the transport as a ProviderError. The engine aborts with a ProviderError as the reason (a timeout); that one is
 * passed on as it is, any other abort is the caller's.
 */
export function transportError(
  error: unknown,
  provider: string,
  host: string,
  signal: Pick<Cancellation, 'aborted' | 'reason'>,
): ProviderError {
  if (signal.aborted) {
    if (ProviderError.is(signal.reason)) return signal.reason;
    return new ProviderError({ kind: 'aborted', provider, message: 'The caller gave the request up.', cause: error });
  }
  if (ProviderError.is(error)) return error;
  const code = errorCode(error);
  const kind = (code === undefined ? undefined : KIND_BY_CODE[code]) ?? 'connection-lost';
  const what = isUnasked(error)
    ? `${host} began its answer with what can't be read here, such as a "100 Continue" that nobody asked for`
    : kind === 'connect'
      ? `could not connect to ${host}`
      : `the connection to ${host} broke`;
  return new ProviderError({
    kind,
    provider,
    code,
    message: `${provider}: ${what}${code === undefined ? '' : ` (${code})`}.`,
    cause: error,
  });
}

/**
 * undici 8 gives up a connection on which "100 Continue" comes, whoever sends it (`onHeadersComplete` of its client-h1.js; no option changes that), and says no more than
 * this. RFC 9110, 15.2 would have it skipped, as undici does with 102 and 103. Who runs such a server can mend it once they know what it is.
 */
const isUnasked = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET' && error.message === 'bad response';

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Happy eyeballs: an AggregateError of one error an address.
  if ('errors' in error && Array.isArray(error.errors)) return errorCode(error.errors[0]);
  return 'cause' in error ? errorCode(error.cause) : undefined;
}
