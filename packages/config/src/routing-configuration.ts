import type { Complexity, NanoUsd, TaskType } from '@signalbox/core';

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
