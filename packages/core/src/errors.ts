import type { Extensions } from './part.ts';

/** What went wrong with a call to a provider. Closed: everything that is not one of these is `unknown`. */
export type ProviderErrorKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'request-too-large'
  | 'context-length'
  | 'content-filter'
  | 'rate-limit'
  | 'quota'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'connect'
  | 'connection-lost'
  | 'stream-cut'
  | 'invalid-response'
  | 'aborted'
  | 'unknown';

/** What went wrong on our side of the wire, or with what the user asked for. */
export type RouterErrorKind =
  | 'usage'
  | 'configuration'
  | 'unknown-model'
  | 'not-found'
  | 'missing-key'
  | 'untrusted'
  | 'authentication'
  | 'permission'
  | 'invalid-request'
  | 'request-too-large'
  | 'unsupported'
  | 'no-candidate'
  | 'all-candidates-failed'
  | 'rate-limit'
  | 'budget'
  | 'aborted'
  | 'internal';

/** Kinds after which the same request may succeed at the same place. An allow-list: what is not here is not retried. */
const RETRYABLE: ReadonlySet<ProviderErrorKind> = new Set<ProviderErrorKind>([
  'rate-limit',
  'overloaded',
  'server',
  'connect',
  'connection-lost',
  'stream-cut',
  'invalid-response',
]);

/**
 * Kinds after which another candidate may succeed. A refused request, filtered content and the caller's own abort end the
 * matter: another provider would get the same request.
 */
const FAILS_OVER: ReadonlySet<ProviderErrorKind> = new Set<ProviderErrorKind>([
  ...RETRYABLE,
  'timeout',
  'quota',
  'authentication',
  'permission',
  'not-found',
  'context-length',
  'request-too-large',
  'unknown',
]);

/** What a ProviderError is made of. */
export interface ProviderErrorInit {
  readonly kind: ProviderErrorKind;
  /** One sentence; the provider's own words where it gave some. */
  readonly message: string;
  readonly provider?: string | undefined;
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** The provider's own code or type, e.g. `context_length_exceeded`. */
  readonly code?: string | undefined;
  /** Milliseconds to wait before trying the same place again, as the provider asked. */
  readonly retryAfterMs?: number | undefined;
  /** The provider's id of the failed request. */
  readonly requestId?: string | undefined;
  /** What a format says of it that no other has a word for, by the format's id: for callers who speak the same. */
  readonly extensions?: Extensions | undefined;
  readonly cause?: unknown;
}

/**
 * A call to a provider failed. Recognise it with `ProviderError.is(error)`: two copies of this package may be loaded, so
 * `instanceof` is not reliable.
 */
export class ProviderError extends Error {
  readonly isSignalboxProviderError = true;
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly provider: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly extensions: Extensions | undefined;

  constructor(init: ProviderErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.kind = init.kind;
    this.provider = init.provider;
    this.status = init.status;
    this.code = init.code;
    this.retryAfterMs = init.retryAfterMs;
    this.requestId = init.requestId;
    this.extensions = init.extensions;
  }

  static is(error: unknown): error is ProviderError {
    return typeof error === 'object' && error !== null && 'isSignalboxProviderError' in error;
  }

  /** Whether the same request may succeed at the same place. */
  get retryable(): boolean {
    return RETRYABLE.has(this.kind);
  }

  /** Whether another candidate may succeed. */
  get failsOver(): boolean {
    return FAILS_OVER.has(this.kind);
  }
}

/** What a RouterError is made of. */
export interface RouterErrorInit {
  readonly kind: RouterErrorKind;
  /** One sentence: what happened, where, what to do. */
  readonly message: string;
  /** The request field that is at fault, for errors in the caller's protocol. */
  readonly parameter?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** `caller`: a limit of the caller's own stands in the way, whichever the model. */
  readonly scope?: 'caller' | undefined;
  readonly cause?: unknown;
}

/** Signalbox refused or failed. Recognise it with `RouterError.is(error)`. */
export class RouterError extends Error {
  readonly isSignalboxRouterError = true;
  override readonly name: string = 'RouterError';
  readonly kind: RouterErrorKind;
  readonly parameter: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly scope: 'caller' | undefined;

  constructor(init: RouterErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.kind = init.kind;
    this.parameter = init.parameter;
    this.retryAfterMs = init.retryAfterMs;
    this.scope = init.scope;
  }

  static is(error: unknown): error is RouterError {
    return typeof error === 'object' && error !== null && 'isSignalboxRouterError' in error;
  }
}
