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
  EMFILE: 'connect',
  ENFILE: 'connect',
  EADDRNOTAVAIL: 'connect',
  CERT_HAS_EXPIRED: 'connect',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'connect',
  SELF_SIGNED_CERT_IN_CHAIN: 'connect',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'connect',
  ERR_TLS_CERT_ALTNAME_INVALID: 'connect',
  CERT_NOT_YET_VALID: 'connect',
  ERR_SSL_WRONG_VERSION_NUMBER: 'connect',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'connect',
};

const UNTRUSTED =
  'nobody this machine trusts has signed its certificate: a proxy may stand in between; NODE_EXTRA_CA_CERTS names a file of more signers';
const NO_TLS = 'it does not speak TLS: is the address http:// and not https://?';
const NO_FILES = 'as many files and connections are open here as may be: raise the limit (ulimit -n, LimitNOFILE)';
const NO_HTTP = 'what answered there speaks no HTTP: is the port right, and is the address https://?';

/** What a code means for whoever has to mend it, as a clause. */
const MEANING_BY_CODE: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'it does not react: a firewall, or the network',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'names are not resolved here at the moment: the network, or DNS',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  EMFILE: NO_FILES,
  ENFILE: NO_FILES,
  EADDRNOTAVAIL: 'this machine has no port left for it',
  ECONNRESET: 'the other side ended it',
  UND_ERR_SOCKET: 'the other side ended it',
  CERT_HAS_EXPIRED: "its certificate has expired, or this machine's clock is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or this machine's clock is wrong",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
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
    message: `${provider}: ${what}${inBrackets(code, error)}.`,
    cause: error,
  });
}

/** The code, for whoever looks it up, and what it means. */
function inBrackets(code: string | undefined, error: unknown): string {
  // llhttp's codes (HPE_…) are many, and all say the same to whoever set up an endpoint.
  const meaning = isUnparsable(error) ? NO_HTTP : isUnasked(error) ? undefined : MEANING_BY_CODE[code ?? ''];
  const said = [code, meaning].filter((one) => one !== undefined).join(': ');
  return said === '' ? '' : ` (${said})`;
}

const isUnparsable = (error: unknown): boolean => error instanceof Error && error.name === 'HTTPParserError';

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
