import type { ModelFacts } from './model-facts.ts';
import type { Provider } from './provider.ts';

/** A model at a provider: something that could answer. */
export interface Candidate {
  /** `provider/model id`, unique. */
  readonly id: string;
  readonly provider: Provider;
  /** The id that is sent. */
  readonly model: string;
  /** Names under which a configuration may mean it: `anthropic.sonnet`, `claude-sonnet-4`. */
  readonly names: readonly string[];
  readonly facts: ModelFacts;
  /** Something the user should know before it is called: an old name, a retired model. */
  readonly warning?: string | undefined;
}

/** Why a candidate is out. Closed, so that reports can count by it. */
export type RemovalKind =
  | 'not-configured'
  | 'missing-key'
  | 'capability'
  | 'context-window'
  | 'output-limit'
  | 'permission'
  | 'data-policy'
  | 'budget'
  | 'breaker'
  | 'rate-limit'
  | 'retired'
  | 'translation'
  | 'server-state'
  | 'not-in-strategy'
  | 'excluded';

/** A candidate that was taken out before ranking. */
export interface Removal {
  /** `provider/model id`, or the name of what could not become a candidate. */
  readonly candidate: string;
  readonly kind: RemovalKind;
  /** One clause for people: `has no vision`, `no API key: set OPENAI_API_KEY`. */
  readonly reason: string;
  /** Milliseconds after which it may be different, where that is known. */
  readonly retryAfterMs?: number | undefined;
  /** The request's field that stands in the way, where it is one. */
  readonly parameter?: string | undefined;
  /** It was the strategy's own doing, by its options: another policy might have kept it. `not-in-strategy` always is. */
  readonly byStrategy?: true | undefined;
  /** `caller`: what stands in the way is the caller's own limit, whichever the candidate. */
  readonly scope?: 'caller' | undefined;
  /** It is in the way for the moment only: what others hold is free again when their calls end. */
  readonly passing?: true | undefined;
  /** Somebody has said that nothing is to be answered, not even from what was kept: no mere lack of money. */
  readonly denied?: true | undefined;
}
