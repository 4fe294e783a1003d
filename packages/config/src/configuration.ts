import type { Complexity, NanoUsd, TaskType } from '@signalbox/core';
import type { GatewayConfiguration, HooksConfiguration } from './gateway-configuration.ts';

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

/** One block of `providers`. */
export interface ProviderConfiguration {
  readonly id: string;
  /** Absent when none was written, or when its variable is empty or not set. */
  readonly apiKey?: string | undefined;
  /** Several keys to be used in turns, instead of `apiKey`: those that are there. Absent when none is. */
  readonly apiKeys?: readonly string[] | undefined;
  /** The variable that the key, or the first of several, was written with (`${VAR}`), also when the variable is not set. */
  readonly apiKeyVariable?: string | undefined;
  /** `caller`: calls are made with what the gateway's callers show, and with no key. */
  readonly credentials?: 'own' | 'caller' | undefined;
  readonly endpoint?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The provider whose format, authentication and models this one has, where it is not the one of its own name. */
  readonly type?: string | undefined;
  /** npm package or path of a third party's provider. */
  readonly package?: string | undefined;
  /** Time to the first content, and the whole of an answer that isn't streamed. */
  readonly timeoutMs?: number | undefined;
  /** Time between two pieces of an answer. */
  readonly idleTimeoutMs?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  /** Tokens of input and output together. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls under way at once. */
  readonly maxConcurrent?: number | undefined;
  /** Short name or name of the model to use when only the provider is named. */
  readonly default?: string | undefined;
  /** By short name; a model from a list has its own name as short name. */
  readonly models: Readonly<Record<string, ModelConfiguration>>;
  /** Whether the configuration says which models there are; `false`: all that the provider has. */
  readonly modelsListed: boolean;
  /** For the provider's own schema. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Path of the file that says where this provider leads: the one with `package`, else `endpoint`, else `type`, else its first. */
  readonly definedIn: string;
}

/** One model of a provider, as a configuration lists it (`providers.*.models`). */
export interface ModelConfiguration {
  /** The model's name as the provider or the catalogue knows it. */
  readonly name: string;
  /** Tokens of input and output together (`max_tokens`). */
  readonly contextWindow?: number | undefined;
  /** Tokens of output at most (`max_output_tokens`). */
  readonly maxOutputTokens?: number | undefined;
  /** Instead of the provider's. */
  readonly timeoutMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** Dollars for 1,000 tokens, as written. */
  readonly ratesPer1k?: { readonly input: number; readonly output: number } | undefined;
  /** This model's own, beside the provider's. */
  readonly rateLimit?: RateLimit | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly maxConcurrent?: number | undefined;
}

/** So many requests in so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** Who answers: strategy, rules, chains and what they weigh (`routing`). */
export interface RoutingConfiguration {
  /** A built-in strategy's name (`STRATEGY_NAMES`), or one that a program registered. Default `best_for_task`. */
  readonly strategy: string;
  /** Provider ids. */
  readonly fallbackOrder: readonly string[];
  /** Models by chain name, in file order: the first chain is the default. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly RoutingRule[];
  /** Provider ids to go round; one that stands here twice has two turns. */
  readonly providers: readonly string[];
  /** Of the score of best_for_task, those that were written. */
  readonly weights: Readonly<Partial<Record<'quality' | 'preference' | 'cost' | 'latency' | 'failures', number>>>;
  /** Rows of the table of preferences, in the place of the built-in ones: by task type or `any`, then by provider. */
  readonly preferences: Readonly<Partial<Record<TaskType | 'any', Readonly<Record<string, number>>>>>;
  /** How able models are, 0 to 1, by any name of the model; also by task type or `any`. */
  readonly quality: Readonly<Record<string, number | Readonly<Partial<Record<TaskType | 'any', number>>>>>;
  /** What is learned from the user's own answers: both default to `true`. */
  readonly learning: { readonly outcomes: boolean; readonly features: boolean };
  /** Whether sessions keep a model while its prompt cache is warm. Default `true`. */
  readonly keepWarm: boolean;
  /** Which requests a gateway routes: those that name `auto` or a strategy, or all. Default `auto`. */
  readonly applyTo: 'auto' | 'all';
  /** Who answers the small calls that agents make beside a conversation, where they are routed: `cheapest`, `off` (nobody else than the rest) or a model. Default `cheapest`. */
  readonly background: string;
  readonly optimization: {
    readonly preferCheaper?: boolean | undefined;
    /** Of one request. */
    readonly maxCost?: NanoUsd | undefined;
    /** 0 to 1. */
    readonly minQualityScore?: number | undefined;
    /** To the end of the answer, expected; a soft bound. */
    readonly maxLatencyMs?: number | undefined;
  };
  readonly costOptimization: {
    readonly enabled?: boolean | undefined;
    readonly maxCostPerRequest?: NanoUsd | undefined;
    readonly preferCheaperWhenQualityAcceptable?: boolean | undefined;
  };
  readonly preferFaster?: boolean | undefined;
}

/** One line of `routing.rules`: conditions that must all hold, and a model. */
export interface RoutingRule {
  readonly taskType?: TaskType | undefined;
  readonly taskComplexity?: Complexity | undefined;
  /** Regular expression, case-insensitive, for the last user turn. */
  readonly pattern?: string | undefined;
  /** `model`, `prefer` or `default` in the file. */
  readonly model: string;
  readonly fallback: readonly string[];
  readonly maxDailyUses?: number | undefined;
  /** Holds when no other rule does. */
  readonly isDefault: boolean;
}

/** Who is asked when the first choice fails (`fallback`). */
export interface FallbackConfiguration {
  /** Default `true`. */
  readonly enabled: boolean;
  readonly chain: readonly string[];
  readonly maxRetries?: number | undefined;
}

/** What may be spent, in nano-dollars, and what happens on the way there (`budget`). */
export interface BudgetConfiguration {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
  readonly perRequest?: NanoUsd | undefined;
  /** A day. */
  readonly perUser: {
    readonly enabled: boolean;
    readonly default?: NanoUsd | undefined;
    readonly users?: Readonly<Record<string, NanoUsd>> | undefined;
  };
  /** By the name of a caller's key, by tag, by model. */
  readonly perKey?: Readonly<Record<string, PeriodAmounts>> | undefined;
  readonly perTag?: Readonly<Record<string, PeriodAmounts>> | undefined;
  readonly perModel?: Readonly<Record<string, ModelAmounts>> | undefined;
  /** Lowest threshold first; `cost_tracking.alert_threshold` is in it as a `notify`. */
  readonly alerts: readonly BudgetAlert[];
  /** `cost_tracking.alert_threshold` by itself, 0 to 1. */
  readonly alertThreshold?: number | undefined;
  readonly notify?:
    | {
        readonly webhook?: string | undefined;
        /** One word is a line for the shell; several are a program and its arguments. */
        readonly command?: readonly string[] | undefined;
      }
    | undefined;
  /** IANA name. */
  readonly timeZone?: string | undefined;
  /** `false`: nobody is refused for lack of money. */
  readonly hard?: boolean | undefined;
  readonly unknownPrice?: 'refuse' | 'allow' | undefined;
}

interface PeriodAmounts {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
}

interface ModelAmounts extends PeriodAmounts {
  readonly maxDailyUses?: number | undefined;
}

/** What is done from a share of a budget on (`budget.alerts`). */
export interface BudgetAlert {
  /** Share of the budget, 0 to 1. */
  readonly threshold: number;
  readonly action: 'notify' | 'switch_to_cheaper' | 'block_expensive_models' | 'deny';
  /** How far below the threshold the rule ends: a share of the budget, 0 to `threshold`. */
  readonly releaseMargin?: number | undefined;
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
