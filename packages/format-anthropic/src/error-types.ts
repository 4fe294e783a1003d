import type { ProviderErrorKind, RouterErrorKind } from '@signalbox/core';

/** Anthropic's error types and what they mean. */
export const KIND_BY_TYPE: Readonly<Record<string, ProviderErrorKind>> = {
  invalid_request_error: 'invalid-request',
  authentication_error: 'authentication',
  billing_error: 'quota',
  permission_error: 'permission',
  not_found_error: 'not-found',
  // Two calls got in each other's way: the same one may succeed.
  conflict_error: 'server',
  request_too_large: 'request-too-large',
  rate_limit_error: 'rate-limit',
  timeout_error: 'timeout',
  overloaded_error: 'overloaded',
  api_error: 'server',
  not_supported: 'invalid-request',
};

/** What a status means by itself, where the body says nothing. */
export function kindByStatus(status: number): ProviderErrorKind {
  switch (status) {
    case 400:
    case 422:
    case 501:
      return 'invalid-request';
    case 401:
      return 'authentication';
    case 402:
      return 'quota';
    case 403:
      return 'permission';
    case 404:
      return 'not-found';
    case 408:
    case 504:
      return 'timeout';
    case 413:
      return 'request-too-large';
    case 409:
      return 'server';
    case 429:
      return 'rate-limit';
    case 503:
    case 529:
      return 'overloaded';
    default:
      if (status >= 500) return 'server';
      return status >= 400 ? 'invalid-request' : 'unknown';
  }
}

/** Texts of Anthropic's that tell more than the type: `invalid_request_error` stands for all of these. */
export const KIND_BY_MESSAGE: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [/prompt is too long|input is too long|exceeds? (?:the )?context (?:limit|window)/i, 'context-length'],
  [/credit balance is too low/i, 'quota'],
  [/content filter/i, 'content-filter'],
];

/** An error as Anthropic answers it. `retry: false` adds `x-should-retry: false`, which its clients obey. */
export interface ErrorAnswer {
  readonly status: number;
  readonly type: string;
  readonly retry?: false;
}

/** What a caller gets when the provider failed. */
export const ANSWER_BY_PROVIDER_KIND: Readonly<Record<ProviderErrorKind, ErrorAnswer>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error' },
  // Without the header Claude Code repeats a request with a bad key for minutes.
  authentication: { status: 401, type: 'authentication_error', retry: false },
  permission: { status: 403, type: 'permission_error' },
  'not-found': { status: 404, type: 'not_found_error' },
  'request-too-large': { status: 413, type: 'request_too_large' },
  'context-length': { status: 400, type: 'invalid_request_error' },
  'content-filter': { status: 400, type: 'invalid_request_error' },
  'rate-limit': { status: 429, type: 'rate_limit_error' },
  quota: { status: 402, type: 'billing_error', retry: false },
  overloaded: { status: 529, type: 'overloaded_error' },
  server: { status: 500, type: 'api_error' },
  timeout: { status: 504, type: 'timeout_error' },
  connect: { status: 502, type: 'api_error' },
  'connection-lost': { status: 502, type: 'api_error' },
  'stream-cut': { status: 502, type: 'api_error' },
  'invalid-response': { status: 502, type: 'api_error' },
  aborted: { status: 499, type: 'api_error' },
  unknown: { status: 500, type: 'api_error' },
};

/** What a caller gets when Signalbox itself refused or failed. */
export const ANSWER_BY_ROUTER_KIND: Readonly<Record<RouterErrorKind, ErrorAnswer>> = {
  usage: { status: 400, type: 'invalid_request_error' },
  configuration: { status: 500, type: 'api_error', retry: false },
  'unknown-model': { status: 404, type: 'not_found_error' },
  'not-found': { status: 404, type: 'not_found_error' },
  'missing-key': { status: 401, type: 'authentication_error', retry: false },
  untrusted: { status: 403, type: 'permission_error' },
  authentication: { status: 401, type: 'authentication_error', retry: false },
  permission: { status: 403, type: 'permission_error' },
  'invalid-request': { status: 400, type: 'invalid_request_error' },
  'request-too-large': { status: 413, type: 'request_too_large' },
  unsupported: { status: 501, type: 'not_supported', retry: false },
  'no-candidate': { status: 400, type: 'invalid_request_error' },
  'all-candidates-failed': { status: 500, type: 'api_error' },
  'rate-limit': { status: 429, type: 'rate_limit_error' },
  // A spent budget, in the words of Anthropic's own gateway.
  budget: { status: 429, type: 'billing_error', retry: false },
  aborted: { status: 499, type: 'api_error' },
  internal: { status: 500, type: 'api_error' },
};
