import { asString, type JsonObject, type ProviderErrorKind, type RouterErrorKind } from '@signalbox/core';

/** Whose reasons they are, as `google.rpc.ErrorInfo` wants it said. */
const DOMAIN = 'signalbox';

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** Reasons for what Google's status words don't tell apart. */
const REASONS: Partial<Record<ProviderErrorKind | RouterErrorKind, string>> = {
  'request-too-large': 'REQUEST_TOO_LARGE',
  'context-length': 'CONTEXT_LENGTH_EXCEEDED',
  'content-filter': 'CONTENT_FILTERED',
  quota: 'QUOTA_EXHAUSTED',
  budget: 'QUOTA_EXHAUSTED',
  connect: 'CONNECT_FAILED',
  'connection-lost': 'CONNECTION_LOST',
  'stream-cut': 'STREAM_CUT',
  'invalid-response': 'INVALID_RESPONSE',
};

const KINDS: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ['REQUEST_TOO_LARGE', 'request-too-large'],
  ['CONTEXT_LENGTH_EXCEEDED', 'context-length'],
  ['CONTENT_FILTERED', 'content-filter'],
  ['QUOTA_EXHAUSTED', 'quota'],
  ['CONNECT_FAILED', 'connect'],
  ['CONNECTION_LOST', 'connection-lost'],
  ['STREAM_CUT', 'stream-cut'],
  ['INVALID_RESPONSE', 'invalid-response'],
]);

/** The detail that says what the status word doesn't; undefined where the word says it. */
export function writeReason(kind: ProviderErrorKind | RouterErrorKind): JsonObject | undefined {
  const reason = REASONS[kind];
  return reason === undefined ? undefined : { '@type': ERROR_INFO, reason, domain: DOMAIN };
}

/** The kind that another Signalbox wrote into the details; undefined where none did. */
export function readReason(details: readonly JsonObject[]): ProviderErrorKind | undefined {
  const own = details.find((detail) => detail.domain === DOMAIN);
  return own === undefined ? undefined : KINDS.get(asString(own.reason) ?? '');
}
