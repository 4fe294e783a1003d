import type { ProviderErrorKind } from '../../packages/core/src/index.ts';

/**
 * What an error may be, by the status of its answer. Several kinds where providers disagree about a status: Google and xAI
 * refuse a bad key with 400, the Responses API an unknown model.
 */
const KINDS_BY_STATUS: Readonly<Record<number, readonly ProviderErrorKind[]>> = {
  // Groq answers 400 where the model's own tool call can't be parsed (`tool_use_failed`): the answer is what is invalid.
  400: [
    'invalid-request',
    'context-length',
    'content-filter',
    'authentication',
    'not-found',
    'quota',
    'permission',
    'invalid-response',
  ],
  401: ['authentication', 'permission'],
  402: ['quota'],
  403: ['permission', 'authentication', 'content-filter', 'quota'],
  404: ['not-found'],
  408: ['timeout'],
  409: ['invalid-request', 'overloaded', 'server'],
  413: ['request-too-large', 'context-length'],
  422: ['invalid-request', 'context-length', 'content-filter'],
  424: ['server', 'invalid-request', 'overloaded'],
  429: ['rate-limit', 'quota', 'overloaded'],
  498: ['overloaded'],
  // The provider's side broke it off, where it was not ours.
  499: ['aborted', 'timeout', 'server'],
  500: ['server', 'overloaded'],
  501: ['server', 'invalid-request'],
  503: ['overloaded', 'server'],
  504: ['timeout', 'server'],
  529: ['overloaded'],
};

/** Other statuses by their hundred. */
const KINDS_BY_CLASS: Readonly<Record<number, readonly ProviderErrorKind[]>> = {
  4: ['invalid-request', 'not-found', 'permission', 'request-too-large'],
  5: ['server', 'overloaded', 'timeout'],
};

/** The kinds that an error with this status may have. */
export function kindsOf(status: number): readonly ProviderErrorKind[] {
  return KINDS_BY_STATUS[status] ?? KINDS_BY_CLASS[Math.floor(status / 100)] ?? [];
}
