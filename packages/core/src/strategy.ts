import type { Candidate, Removal } from './candidate.ts';
import type { NanoUsd } from './money.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { Needs, TaskProfile } from './task-profile.ts';

/** What a strategy wants to know beyond the candidates. What it does not ask for is not computed. */
export type Need = 'task' | 'quality' | 'latency' | 'cost' | 'prompt';

/** A prompt cache that a session has at a model. */
export interface WarmCache {
  /** The candidate's id. */
  readonly candidate: string;
  /** Tokens of the next prompt that are expected to be read from it. */
  readonly tokens: number;
}

/** Everything a ranking may depend on, taken at one moment. */
export interface Snapshot {
  /** Unix milliseconds. */
  readonly now: number;
  /** Counts the decisions of this router: turns for round robin. */
  readonly turn: number;
  readonly needs: Needs;
  /** Present where the strategy needs `task`. */
  readonly task?: TaskProfile | undefined;
  /** The text of the last user turn, where the strategy needs `prompt`. */
  readonly prompt?: string | undefined;
  /** Predicted cost by candidate id, where the strategy needs `cost`; unknown prices are absent. */
  readonly cost?: ReadonlyMap<string, NanoUsd> | undefined;
  /** Expected milliseconds to the first token by candidate id, where the strategy needs `latency` and it was measured. */
  readonly firstTokenMs?: ReadonlyMap<string, number> | undefined;
  /** The same to the end of the answer, as long as it is expected to be. */
  readonly latencyMs?: ReadonlyMap<string, number> | undefined;
  /** How many calls those figures are worth, by candidate id; absent: as many as one likes. */
  readonly measuredWeight?: ReadonlyMap<string, number> | undefined;
  /** Share of calls expected to fail, 0 to 1, by candidate id, where the strategy needs `latency` and calls were measured. */
  readonly failureShare?: ReadonlyMap<string, number> | undefined;
  /** The model that answered last in this session, as long as its prompt cache is warm. */
  readonly warm?: WarmCache | undefined;
  /** Expected quality, 0 to 1, by candidate id. */
  readonly quality?: ReadonlyMap<string, number> | undefined;
  /** How often a rule was followed today, by its name, where somebody counts. */
  readonly ruleUses?: ReadonlyMap<string, number> | undefined;
}

/** A candidate in its place. */
export interface RankedCandidate {
  readonly candidate: Candidate;
  /** Higher is better; only comparable within one ranking. */
  readonly score?: number | undefined;
  /** The parts of the score, by name. */
  readonly scoreParts?: Readonly<Record<string, number>> | undefined;
  /** Milliseconds to the end of its answer, as the strategy expects them. */
  readonly latencyMs?: number | undefined;
  /** Why it stands here, in a few words. */
  readonly reason?: string | undefined;
}

/** An order: the first is tried, the rest are fallbacks. */
export interface Ranking {
  readonly order: readonly RankedCandidate[];
  /** Why the first is first, in a few words, for people. */
  readonly reason: string;
  /** Candidates that the strategy itself leaves out. */
  readonly removed?: readonly Removal[] | undefined;
  /** The name of the rule that was followed, so that its uses can be counted. */
  readonly rule?: string | undefined;
}

/** Orders candidates. Pure: no clock, no counter, no I/O. */
export interface Strategy {
  readonly name: string;
  readonly needs: readonly Need[];
  rank(candidates: readonly Candidate[], snapshot: Snapshot): Ranking;
}

/** A strategy before it is configured. */
export interface StrategyDefinition<Options = unknown> {
  readonly name: string;
  readonly optionsSchema?: StandardSchema<Options> | undefined;
  create(options: Options): Strategy;
}
