import type { FinishReason, ProviderErrorKind, Quirks, RouterErrorKind, WireHeaders } from '@signalbox/core';

/** What a wire format has no place for. The suite then doesn't ask for it, and for everything else it does. */
export type Lack =
  | 'images'
  | 'tool-call-ids'
  | 'reasoning-text'
  | 'reasoning-signatures'
  | 'cache-usage'
  | 'cache-write-usage'
  | 'reasoning-usage'
  /** `scanHead` can't see the model in the body: it stands in the path. */
  | 'model-in-body';

/** How one format differs from the others, in data. */
export interface WireFormatFixtures {
  /** The path at which callers send requests; default `/`. */
  readonly path?: string | undefined;
  /** Headers of the callers, where a version of the format stands in them. */
  readonly headers?: WireHeaders | undefined;
  /** The endpoint's quirks: how that same version is asked for. */
  readonly quirks?: Quirks | undefined;
  /** Issuer of the reasoning signatures that the format carries; default: the format's id. */
  readonly issuer?: string | undefined;
  readonly lacks?: readonly Lack[] | undefined;
  /** Finish reasons that come back as their nearest neighbour, e.g. `{ 'content-filter': 'refusal' }`. */
  readonly finishes?: Partial<Record<FinishReason, FinishReason>> | undefined;
  /** Kinds that an error may come back as, beside its own; default `ERROR_NEIGHBOURS`. */
  readonly errors?: Partial<Record<ProviderErrorKind | RouterErrorKind, readonly ProviderErrorKind[]>> | undefined;
  /** A whole frame of a kind that no client knows yet, framing included. */
  readonly unknownFrame?: string | undefined;
  /** Streams of the format, as text, that must decode to exactly one finish: hand-written or recorded. */
  readonly streams?: readonly { readonly name: string; readonly text: string }[] | undefined;
}

/** What an error is called where the protocol has no word of its own for it. */
export const ERROR_NEIGHBOURS: Readonly<
  Record<ProviderErrorKind | RouterErrorKind, readonly (ProviderErrorKind | RouterErrorKind)[]>
> = {
  'invalid-request': [],
  authentication: [],
  permission: [],
  'not-found': [],
  'request-too-large': [],
  'context-length': [],
  'content-filter': [],
  'rate-limit': [],
  quota: [],
  overloaded: [],
  server: [],
  timeout: [],
  connect: ['server'],
  'connection-lost': ['server'],
  'stream-cut': ['server'],
  'invalid-response': ['server'],
  // Nobody reads it: the caller is gone.
  aborted: ['unknown', 'invalid-request', 'server'],
  unknown: ['server'],
  usage: ['invalid-request'],
  configuration: ['server'],
  'unknown-model': ['not-found'],
  'missing-key': ['authentication', 'server'],
  untrusted: ['permission'],
  unsupported: ['invalid-request'],
  'no-candidate': ['invalid-request', 'overloaded', 'server'],
  'all-candidates-failed': ['server', 'overloaded'],
  budget: ['quota'],
  internal: ['server'],
};
