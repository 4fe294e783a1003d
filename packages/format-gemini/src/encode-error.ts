import {
  AllCandidatesFailed,
  type EncodedError,
  type JsonObject,
  ProviderError,
  type ProviderErrorKind,
  type RouterError,
  type RouterErrorKind,
} from '@signalbox/core';
import { writeReason } from './error-reason.ts';

type Status = readonly [code: number, word: string];

const PROVIDER: Readonly<Record<ProviderErrorKind, Status>> = {
  'invalid-request': [400, 'INVALID_ARGUMENT'],
  authentication: [401, 'UNAUTHENTICATED'],
  permission: [403, 'PERMISSION_DENIED'],
  'not-found': [404, 'NOT_FOUND'],
  'request-too-large': [413, 'INVALID_ARGUMENT'],
  'context-length': [400, 'INVALID_ARGUMENT'],
  'content-filter': [400, 'FAILED_PRECONDITION'],
  'rate-limit': [429, 'RESOURCE_EXHAUSTED'],
  quota: [429, 'RESOURCE_EXHAUSTED'],
  overloaded: [503, 'UNAVAILABLE'],
  server: [500, 'INTERNAL'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
  connect: [503, 'UNAVAILABLE'],
  'connection-lost': [503, 'UNAVAILABLE'],
  'stream-cut': [500, 'INTERNAL'],
  'invalid-response': [500, 'INTERNAL'],
  aborted: [499, 'CANCELLED'],
  unknown: [500, 'UNKNOWN'],
};

const ROUTER: Readonly<Record<RouterErrorKind, Status>> = {
  usage: [400, 'INVALID_ARGUMENT'],
  configuration: [500, 'INTERNAL'],
  'unknown-model': [404, 'NOT_FOUND'],
  'not-found': [404, 'NOT_FOUND'],
  'missing-key': [401, 'UNAUTHENTICATED'],
  untrusted: [403, 'PERMISSION_DENIED'],
  authentication: [401, 'UNAUTHENTICATED'],
  permission: [403, 'PERMISSION_DENIED'],
  'invalid-request': [400, 'INVALID_ARGUMENT'],
  'request-too-large': [413, 'INVALID_ARGUMENT'],
  unsupported: [400, 'INVALID_ARGUMENT'],
  'no-candidate': [503, 'UNAVAILABLE'],
  'all-candidates-failed': [503, 'UNAVAILABLE'],
  'rate-limit': [429, 'RESOURCE_EXHAUSTED'],
  budget: [429, 'RESOURCE_EXHAUSTED'],
  aborted: [499, 'CANCELLED'],
  internal: [500, 'INTERNAL'],
};

/** Whose kind counts: where all candidates failed, the caller should react to what the last attempt said. */
function decisive(error: ProviderError | RouterError): ProviderError | RouterError {
  return AllCandidatesFailed.is(error) ? error.last : error;
}

function statusOf(error: ProviderError | RouterError): Status {
  const decided = decisive(error);
  return ProviderError.is(decided) ? PROVIDER[decided.kind] : ROUTER[decided.kind];
}

/** An error in Google's shape: `{error: {code, message, status, details}}`. */
export function errorBody(error: ProviderError | RouterError): JsonObject {
  const [code, word] = statusOf(error);
  const details: JsonObject[] = [];
  const reason = writeReason(decisive(error).kind);
  if (reason !== undefined) details.push(reason);
  if (error.retryAfterMs !== undefined) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.RetryInfo',
      retryDelay: `${Math.ceil(error.retryAfterMs / 1000)}s`,
    });
  }
  if (!ProviderError.is(error) && error.parameter !== undefined) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: error.parameter, description: error.message }],
    });
  }
  return { error: { code, message: error.message, status: word, ...(details.length === 0 ? {} : { details }) } };
}

/** An error as an HTTP answer. */
export function encodeError(error: ProviderError | RouterError): EncodedError {
  const [status] = statusOf(error);
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  return { status, headers, body: errorBody(error) };
}
