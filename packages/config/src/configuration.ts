import type { BudgetConfiguration } from './budget-configuration.ts';
import type { GatewayConfiguration, HooksConfiguration } from './gateway-configuration.ts';
import type { ProviderConfiguration } from './provider-configuration.ts';
import type { RoutingConfiguration } from './routing-configuration.ts';

/**
 * A configuration in one form, whatever spelling it was written in. Durations are milliseconds, shares are 0 to 1, money is
 * whole nano-dollars.
 */
export interface Configuration {
  /** `false`: no analysis, `defaultModel` answers. Default `true`. */
  readonly enabled: boolean;
  readonly defaultModel?: string | undefined;
  /** Default `true`. */
  readonly autoDetectComplexity: boolean;
  /** By provider id, in the order of the files (the project's first). */
  readonly providers: Readonly<Record<string, ProviderConfiguration>>;
  /** `false` when no file names a provider: then whatever has a key in the environment may be used. */
  readonly providersConfigured: boolean;
  readonly routing: RoutingConfiguration;
  readonly gateway: GatewayConfiguration;
  readonly hooks: HooksConfiguration;
  readonly fallback: FallbackConfiguration;
  readonly budget: BudgetConfiguration;
  /** `false`: attempts are not written down. Default `true`. */
  readonly costTracking: {
    readonly enabled: boolean /** What is older is forgotten. */;
    readonly keepMs?: number | undefined;
  };
  /** `enabled: false`: attempts are not written down; or without their times or their tokens. All default to `true`. */
  readonly monitoring: { readonly enabled: boolean; readonly trackLatency: boolean; readonly trackTokenUsage: boolean };
  readonly retry: RetryConfiguration;
  readonly performance: {
    /** Concurrency of jobs of many requests. */
    readonly parallelRequests?: number | undefined;
    /** Silence of a first model after which the next is asked too. Absent: never. */
    readonly hedgeAfterMs?: number | undefined;
    /** The share of requests that may be asked twice. Default 0.05. */
    readonly hedgeShare?: number | undefined;
  };
  readonly caching: CachingConfiguration;
  readonly streaming: { readonly enabled: boolean };
  /** Conversations of the command line: whether they are kept (default `false`), and how long after their last turn. */
  readonly chat: { readonly store: boolean; readonly retentionMs?: number | undefined };
  /** Models, fastest first. */
  readonly speedPriority: readonly string[];
  readonly throughput: ThroughputConfiguration;
  /** `quality`, `balanced` and `speed`, those that were written. */
  readonly modes: Readonly<Record<string, ModeConfiguration>>;
  /** What names of models mean, in file order; `*` in a name stands for any text. */
  readonly models: Readonly<Record<string, NamedModelConfiguration>>;
  readonly dataPolicy?: 'local_only' | undefined;
  /** Refuse a request instead of losing a part of it in translation. Default `false`. */
  readonly strict: boolean;
}

/** Who is asked when the first choice fails (`fallback`). */
export interface FallbackConfiguration {
  /** Default `true`. */
  readonly enabled: boolean;
  readonly chain: readonly string[];
  readonly maxRetries?: number | undefined;
}

/** How often the same place is asked again (`retry`). */
export interface RetryConfiguration {
  readonly maxAttempts?: number | undefined;
  readonly backoff?: 'exponential' | 'linear' | 'constant' | undefined;
  /** Of one attempt. */
  readonly timeoutMs?: number | undefined;
}

export interface CachingConfiguration {
  /** Default `false`. */
  readonly enabled: boolean;
  readonly ttlMs?: number | undefined;
  /** What all answers may take. */
  readonly maxBytes?: number | undefined;
  readonly storage?: 'memory' | 'disk' | undefined;
  /** As written: what is not absolute is below the folder of `definedIn`; `~/` is the home. */
  readonly file?: string | undefined;
  /** Path of the file that names `file`. */
  readonly definedIn?: string | undefined;
  readonly semantic: {
    /** Default `false`. */
    readonly enabled: boolean;
    readonly model?: string | undefined;
    /** Cosine, 0 to 1. */
    readonly threshold?: number | undefined;
  };
}

/** How much at once (`throughput`). */
export interface ThroughputConfiguration {
  /** Connections to one provider at most. */
  readonly connectionPool?: number | undefined;
  readonly keepAlive?: boolean | undefined;
  /** How long a request may wait for its turn at a limit where nobody else can answer; 0: not at all. */
  readonly queueMs?: number | undefined;
  /** Requests a minute by provider id. Holds beside `providers.*.rate_limit`: both are limits. */
  readonly maxRpm: Readonly<Record<string, number>>;
}

/** A model with its sampling, under the name of a mode (`modes`). */
export interface ModeConfiguration {
  readonly model: string;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
}

/** A model name of the user's own: a chain, or a strategy, behind it. */
export interface NamedModelConfiguration {
  readonly chain?: readonly string[] | undefined;
  readonly strategy?: string | undefined;
}
