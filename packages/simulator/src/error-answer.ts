import type { JsonObject } from '@signalbox/core';

/** Whose shape an error has. */
export type Vendor = 'anthropic' | 'openai' | 'gemini' | 'ollama';

/** One error in the words of the four vendors. */
interface ErrorWords {
  readonly status: number;
  /** Where one vendor uses another status. */
  readonly statusAt?: Partial<Readonly<Record<Vendor, number>>> | undefined;
  readonly message: string;
  readonly messageAt?: Partial<Readonly<Record<Vendor, string>>> | undefined;
  readonly anthropic: string;
  readonly openai: { readonly type: string; readonly code: string | null; readonly param?: string | undefined };
  /** Google's status and the reason of its ErrorInfo. */
  readonly gemini: { readonly status: string; readonly reason?: string | undefined };
}

// Texts and types as the vendors write them: clients tell a full context from another bad request by the text alone.
const ERRORS = {
  invalid_request: {
    status: 400,
    message: 'The request is not valid.',
    anthropic: 'invalid_request_error',
    openai: { type: 'invalid_request_error', code: null },
    gemini: { status: 'INVALID_ARGUMENT' },
  },
  context_length_exceeded: {
    status: 400,
    message: 'This model has a maximum context length of 8192 tokens, and the messages resulted in more.',
    messageAt: {
      anthropic: 'prompt is too long: 210000 tokens > 200000 maximum',
      openai: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      gemini: 'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).',
      ollama: 'prompt too long; exceeded max context length by 1000 tokens',
    },
    anthropic: 'invalid_request_error',
    openai: { type: 'invalid_request_error', code: 'context_length_exceeded', param: 'messages' },
    gemini: { status: 'INVALID_ARGUMENT' },
  },
  content_policy_violation: {
    status: 400,
    message: 'The request was rejected by the content policy.',
    messageAt: { anthropic: 'Output blocked by content filtering policy' },
    anthropic: 'invalid_request_error',
    openai: { type: 'invalid_request_error', code: 'content_policy_violation' },
    gemini: { status: 'INVALID_ARGUMENT' },
  },
  invalid_prefill: {
    status: 400,
    message: 'The last message must not be from the assistant: this model does not support prefill.',
    messageAt: {
      anthropic:
        'This model does not support assistant message prefill. The conversation must end with a user message.',
    },
    anthropic: 'invalid_request_error',
    openai: { type: 'invalid_request_error', code: 'invalid_prefill', param: 'messages' },
    gemini: { status: 'INVALID_ARGUMENT' },
  },
  invalid_api_key: {
    status: 401,
    // Google answers 400 to a bad key, not 401.
    statusAt: { gemini: 400 },
    message: 'Incorrect API key provided.',
    messageAt: {
      anthropic: 'invalid x-api-key',
      gemini: 'API key not valid. Please pass a valid API key.',
      ollama: 'unauthorized',
    },
    anthropic: 'authentication_error',
    openai: { type: 'invalid_request_error', code: 'invalid_api_key' },
    gemini: { status: 'INVALID_ARGUMENT', reason: 'API_KEY_INVALID' },
  },
  unauthenticated: {
    status: 401,
    message: 'The request is not authenticated.',
    anthropic: 'authentication_error',
    openai: { type: 'invalid_request_error', code: 'invalid_api_key' },
    gemini: { status: 'UNAUTHENTICATED' },
  },
  billing: {
    status: 402,
    message: 'Your credit balance is too low.',
    anthropic: 'billing_error',
    openai: { type: 'insufficient_quota', code: 'insufficient_quota' },
    gemini: { status: 'FAILED_PRECONDITION' },
  },
  permission_denied: {
    status: 403,
    message: 'Your API key does not have permission to use this resource.',
    anthropic: 'permission_error',
    openai: { type: 'invalid_request_error', code: 'permission_denied' },
    gemini: { status: 'PERMISSION_DENIED' },
  },
  model_not_found: {
    status: 404,
    message: 'The model does not exist or you do not have access to it.',
    anthropic: 'not_found_error',
    openai: { type: 'invalid_request_error', code: 'model_not_found' },
    gemini: { status: 'NOT_FOUND' },
  },
  timeout: {
    status: 408,
    message: 'The request timed out.',
    anthropic: 'timeout_error',
    openai: { type: 'timeout', code: 'timeout' },
    gemini: { status: 'DEADLINE_EXCEEDED' },
  },
  conflict: {
    status: 409,
    message: 'The request is in conflict with another one.',
    anthropic: 'conflict_error',
    openai: { type: 'invalid_request_error', code: 'conflict' },
    gemini: { status: 'ABORTED' },
  },
  request_too_large: {
    status: 413,
    message: 'The request is too large.',
    anthropic: 'request_too_large',
    openai: { type: 'invalid_request_error', code: 'request_too_large' },
    gemini: { status: 'INVALID_ARGUMENT' },
  },
  rate_limit_exceeded: {
    status: 429,
    message: 'Rate limit reached. Please try again later.',
    messageAt: { gemini: 'Resource exhausted. Please try again later.' },
    anthropic: 'rate_limit_error',
    openai: { type: 'requests', code: 'rate_limit_exceeded' },
    gemini: { status: 'RESOURCE_EXHAUSTED' },
  },
  insufficient_quota: {
    status: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    anthropic: 'rate_limit_error',
    openai: { type: 'insufficient_quota', code: 'insufficient_quota' },
    gemini: { status: 'RESOURCE_EXHAUSTED' },
  },
  server_error: {
    status: 500,
    message: 'The server had an error while processing your request.',
    messageAt: { anthropic: 'Internal server error' },
    anthropic: 'api_error',
    openai: { type: 'server_error', code: 'server_error' },
    gemini: { status: 'INTERNAL' },
  },
  overloaded: {
    status: 503,
    statusAt: { anthropic: 529 },
    message: 'The model is overloaded. Please try again later.',
    messageAt: { anthropic: 'Overloaded' },
    anthropic: 'overloaded_error',
    openai: { type: 'server_error', code: 'overloaded' },
    gemini: { status: 'UNAVAILABLE' },
  },
  gateway_timeout: {
    status: 504,
    message: 'The request took too long.',
    anthropic: 'timeout_error',
    openai: { type: 'server_error', code: 'timeout' },
    gemini: { status: 'DEADLINE_EXCEEDED' },
  },
} as const satisfies Readonly<Record<string, ErrorWords>>;

/** The errors that can be asked for. */
export type ErrorName = keyof typeof ERRORS;

/** The names of the errors that can be asked for. */
export const ERROR_NAMES: readonly string[] = Object.keys(ERRORS);

const NAME_OF_STATUS: Readonly<Record<number, ErrorName>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  402: 'billing',
  403: 'permission_denied',
  404: 'model_not_found',
  408: 'timeout',
  409: 'conflict',
  413: 'request_too_large',
  429: 'rate_limit_exceeded',
  503: 'overloaded',
  504: 'gateway_timeout',
  529: 'overloaded',
};

export interface WantedError {
  readonly name?: ErrorName | undefined;
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  readonly parameter?: string | undefined;
  readonly requestId: string;
  /** Seconds; Google writes them into the body. */
  readonly retryAfterSeconds?: number | undefined;
}

/** An error in a vendor's shape. */
export function errorAnswer(
  vendor: Vendor,
  wanted: WantedError,
): { readonly status: number; readonly body: JsonObject } {
  const name =
    wanted.name ??
    NAME_OF_STATUS[wanted.status ?? 500] ??
    ((wanted.status ?? 500) < 500 ? 'invalid_request' : 'server_error');
  const words: ErrorWords = ERRORS[name];
  const status = wanted.status ?? words.statusAt?.[vendor] ?? words.status;
  const message = wanted.message ?? words.messageAt?.[vendor] ?? words.message;
  return { status, body: SHAPES[vendor](words, status, message, wanted) };
}

type Shape = (words: ErrorWords, status: number, message: string, wanted: WantedError) => JsonObject;

const SHAPES: Readonly<Record<Vendor, Shape>> = {
  anthropic: (words, _status, message, { requestId, parameter }) => ({
    type: 'error',
    error: {
      type: words.anthropic,
      message,
      ...(parameter === 'thread'
        ? { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } }
        : {}),
    },
    request_id: requestId,
  }),
  openai: (words, _status, message, { parameter }) => ({
    error: {
      message,
      type: words.openai.type,
      param: parameter ?? words.openai.param ?? null,
      code: words.openai.code,
    },
  }),
  gemini: (words, status, message, { retryAfterSeconds }) => {
    const details: JsonObject[] = [];
    if (words.gemini.reason !== undefined)
      details.push({
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: words.gemini.reason,
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      });
    if (retryAfterSeconds !== undefined)
      details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` });
    return {
      error: { code: status, message, status: words.gemini.status, details: details.length ? details : undefined },
    };
  },
  ollama: (_words, _status, message) => ({ error: message }),
};
