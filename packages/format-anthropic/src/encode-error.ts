import {
  AllCandidatesFailed,
  asObject,
  type EncodedError,
  type JsonObject,
  ProviderError,
  type RouterError,
} from '@signalbox/core';
import { ANSWER_BY_PROVIDER_KIND, ANSWER_BY_ROUTER_KIND, type ErrorAnswer, KIND_BY_MESSAGE } from './error-types.ts';
import { FORMAT_ID } from './format-id.ts';
import { NEW_THREAD, OLD_THREAD } from './server-state.ts';

/** Kinds whose message the caller's program acts on: the provider's own words, alone. */
const WORD_FOR_WORD: ReadonlySet<string> = new Set([
  'context-length',
  'request-too-large',
  'invalid-request',
  'content-filter',
]);

/** Texts without which a client of this format would not know the error again. */
const PREFIXES: Readonly<Record<string, string>> = {
  'context-length': 'prompt is too long',
  'content-filter': 'Output blocked by content filtering policy',
};

/** An error as an answer of `POST /messages`. */
export function encodeError(error: ProviderError | RouterError): EncodedError {
  const shown = shownError(error);
  const answer = answerFor(shown.source);
  const headers: Record<string, string> = {};
  const wait = error.retryAfterMs ?? shown.source.retryAfterMs;
  if (wait !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(wait / 1000)));
  if (answer.retry === false) headers['x-should-retry'] = 'false';
  return { status: answer.status, headers, body: errorBody(error) };
}

/** The body of an error answer, and the data of a stream's error event. */
export function errorBody(error: ProviderError | RouterError): JsonObject {
  const { source, message } = shownError(error);
  const requestId = ProviderError.is(source) ? source.requestId : undefined;
  return {
    type: 'error',
    error: { type: answerFor(source).type, message, ...detailsOf(source) },
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** What Anthropic's SDKs do by themselves where a conversation can't be kept, or is not there: send the whole of it, without `thread` or for a new one. */
const DETAILS_BY_FIELD: Readonly<Record<string, JsonObject | undefined>> = {
  [NEW_THREAD]: { error_code: 'thread_unsupported_request', unsupported: ['model'] },
  [OLD_THREAD]: { error_code: 'thread_not_found' },
};

/** What programs read of an error beside its type: a provider's own details, and ours in the same words. */
function detailsOf(source: ProviderError | RouterError): { details?: JsonObject } {
  const details = ProviderError.is(source)
    ? asObject(source.extensions?.[FORMAT_ID]?.details)
    : source.kind === 'unsupported' && source.parameter !== undefined
      ? DETAILS_BY_FIELD[source.parameter]
      : undefined;
  return details === undefined ? {} : { details };
}

/** Whose status and type the caller gets, and the sentence. After failed candidates, that is the last one's error. */
function shownError(error: ProviderError | RouterError): { source: ProviderError | RouterError; message: string } {
  if (!AllCandidatesFailed.is(error)) return { source: error, message: messageFor(error) };
  const { last } = error;
  return { source: last, message: WORD_FOR_WORD.has(last.kind) ? messageFor(last) : error.message };
}

function messageFor(error: ProviderError | RouterError): string {
  if (ProviderError.is(error)) {
    const prefix = PREFIXES[error.kind];
    if (prefix === undefined) return error.message;
    const known = KIND_BY_MESSAGE.some(([pattern, kind]) => kind === error.kind && pattern.test(error.message));
    return known ? error.message : `${prefix}: ${error.message}`;
  }
  const { parameter } = error;
  return parameter === undefined || error.message.includes(parameter)
    ? error.message
    : `${parameter}: ${error.message}`;
}

function answerFor(error: ProviderError | RouterError): ErrorAnswer {
  if (ProviderError.is(error)) return ANSWER_BY_PROVIDER_KIND[error.kind];
  // Candidates that will be back: worth another try, unlike a request that none can serve.
  if (error.kind === 'no-candidate' && error.retryAfterMs !== undefined) return ANSWER_BY_PROVIDER_KIND.overloaded;
  return ANSWER_BY_ROUTER_KIND[error.kind];
}
