import {
  AllCandidatesFailed,
  type EncodedError,
  ProviderError,
  type ProviderErrorKind,
  type RouterError,
  type RouterErrorKind,
} from '@signalbox/core';
import { CONTEXT_LENGTH } from './decode-error.ts';

const PROVIDER: Readonly<Record<ProviderErrorKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'request-too-large': 413,
  'context-length': 400,
  'content-filter': 400,
  'rate-limit': 429,
  quota: 402,
  overloaded: 503,
  server: 500,
  timeout: 504,
  connect: 502,
  'connection-lost': 502,
  'stream-cut': 502,
  'invalid-response': 502,
  aborted: 499,
  unknown: 500,
};

const ROUTER: Readonly<Record<Exclude<RouterErrorKind, 'all-candidates-failed'>, number>> = {
  usage: 400,
  configuration: 500,
  'unknown-model': 404,
  'not-found': 404,
  'missing-key': 401,
  untrusted: 403,
  authentication: 401,
  permission: 403,
  'invalid-request': 400,
  'request-too-large': 413,
  unsupported: 400,
  'no-candidate': 503,
  'rate-limit': 429,
  budget: 402,
  aborted: 499,
  internal: 500,
};

/** An error as an HTTP answer of Ollama's: `{"error": "text"}`. All that a client can go by is the status and the text. */
export function encodeError(error: ProviderError | RouterError): EncodedError {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  return { status: statusOf(error), headers, body: { error: errorText(error) } };
}

/** The text of an error. One about the context says so in Ollama's words, which is how its clients know it. */
export function errorText(error: ProviderError | RouterError): string {
  const cause = AllCandidatesFailed.is(error) ? error.last : error;
  if (cause.kind !== 'context-length' || CONTEXT_LENGTH.test(error.message)) return error.message;
  return `prompt too long; exceeded max context length: ${error.message}`;
}

function statusOf(error: ProviderError | RouterError): number {
  if (ProviderError.is(error)) return PROVIDER[error.kind];
  // What the caller should react to is what the last attempt said.
  if (AllCandidatesFailed.is(error)) return PROVIDER[error.last.kind];
  return error.kind === 'all-candidates-failed' ? 503 : ROUTER[error.kind];
}
