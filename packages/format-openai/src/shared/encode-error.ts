import {
  AllCandidatesFailed,
  type EncodedError,
  ProviderError,
  type ProviderErrorKind,
  type RouterError,
  type RouterErrorKind,
} from '@signalbox/core';

interface Shape {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
  readonly param?: string;
  /** OpenAI's clients try 5xx, 429, 408 and 409 again unless they are told not to. */
  readonly final?: boolean;
}

const INVALID = 'invalid_request_error';
const SERVER = 'server_error';

const PROVIDER_ERRORS: Readonly<Record<ProviderErrorKind, Shape>> = {
  'invalid-request': { status: 400, type: INVALID },
  authentication: { status: 401, type: INVALID, code: 'invalid_api_key' },
  permission: { status: 403, type: INVALID, code: 'permission_denied' },
  'not-found': { status: 404, type: INVALID, code: 'model_not_found' },
  'request-too-large': { status: 413, type: INVALID, code: 'request_too_large' },
  'context-length': { status: 400, type: INVALID, code: 'context_length_exceeded', param: 'messages' },
  'content-filter': { status: 400, type: INVALID, code: 'content_filter' },
  'rate-limit': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', final: true },
  overloaded: { status: 503, type: SERVER, code: 'overloaded' },
  server: { status: 500, type: SERVER },
  timeout: { status: 504, type: SERVER, code: 'timeout' },
  connect: { status: 502, type: SERVER, code: 'connection_failed' },
  'connection-lost': { status: 502, type: SERVER, code: 'connection_lost' },
  'stream-cut': { status: 502, type: SERVER, code: 'stream_cut' },
  'invalid-response': { status: 502, type: SERVER, code: 'invalid_response' },
  aborted: { status: 499, type: INVALID, code: 'aborted' },
  unknown: { status: 502, type: SERVER },
};

const ROUTER_ERRORS: Readonly<Record<RouterErrorKind, Shape>> = {
  usage: { status: 400, type: INVALID },
  configuration: { status: 500, type: SERVER, code: 'configuration', final: true },
  'unknown-model': { status: 404, type: INVALID, code: 'model_not_found', param: 'model' },
  'not-found': { status: 404, type: INVALID },
  'missing-key': { status: 401, type: INVALID, code: 'invalid_api_key' },
  untrusted: { status: 403, type: INVALID, code: 'permission_denied' },
  authentication: { status: 401, type: INVALID, code: 'invalid_api_key' },
  permission: { status: 403, type: INVALID, code: 'permission_denied' },
  'invalid-request': { status: 400, type: INVALID },
  'request-too-large': { status: 413, type: INVALID, code: 'request_too_large' },
  unsupported: { status: 400, type: INVALID, code: 'unsupported_parameter' },
  'no-candidate': { status: 503, type: SERVER, code: 'no_candidate', final: true },
  'all-candidates-failed': { status: 502, type: SERVER, code: 'all_candidates_failed' },
  'rate-limit': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  budget: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', final: true },
  aborted: { status: 499, type: INVALID, code: 'aborted' },
  internal: { status: 500, type: SERVER, code: 'internal_error' },
};

/** Codes that OpenAI's clients know: a provider's own code goes through where it is one of them or there is no better. */
const KNOWN_CODES: ReadonlySet<string> = new Set([
  'invalid_api_key',
  'insufficient_quota',
  'rate_limit_exceeded',
  'model_not_found',
  'context_length_exceeded',
  'content_filter',
  'content_policy_violation',
]);

/** An error in OpenAI's shape, with the status and the headers that its clients act on, for a caller of the API `format`. */
export function encodeError(format: string, error: ProviderError | RouterError): EncodedError {
  const shape = shapeOf(error, format);
  return {
    status: shape.status,
    headers: retryHeaders(error, shape),
    body: {
      error: { message: error.message, type: shape.type, param: shape.param ?? null, code: shape.code ?? null },
    },
  };
}

function shapeOf(error: ProviderError | RouterError, format: string): Shape {
  if (ProviderError.is(error)) return providerShape(error, format);
  if (AllCandidatesFailed.is(error) && ProviderError.is(error.last)) return providerShape(error.last, format);
  const shape = ROUTER_ERRORS[error.kind];
  return error.parameter === undefined ? shape : { ...shape, param: error.parameter };
}

function providerShape(error: ProviderError, format: string): Shape {
  const { param } = error.extensions?.[format] ?? {};
  const known = PROVIDER_ERRORS[error.kind];
  // In another API the field has another name.
  const shape = typeof param === 'string' ? { ...known, param } : known;
  const code =
    error.code !== undefined && (shape.code === undefined || KNOWN_CODES.has(error.code)) ? error.code : shape.code;
  const status = ownStatus(error, shape.status);
  return code === undefined ? { ...shape, status } : { ...shape, code, status };
}

/** The provider's own status where the kind leaves room for it. 529 is Anthropic's alone. */
function ownStatus(error: ProviderError, status: number): number {
  const given = error.status;
  if (given === undefined) return status;
  if (error.kind === 'invalid-request') return given >= 400 && given < 500 ? given : status;
  if (error.kind === 'server') return given >= 500 && given < 529 ? given : status;
  return status;
}

function retryHeaders(error: ProviderError | RouterError, shape: Shape): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined && (shape.status === 429 || shape.status === 503)) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
    headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
  }
  if (shape.final === true) headers['x-should-retry'] = 'false';
  return headers;
}
