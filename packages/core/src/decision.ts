import type { Removal } from './candidate.ts';
import type { NanoUsd } from './money.ts';
import type { QualityEvidence } from './outcome.ts';
import type { SessionCache } from './session-cache.ts';
import type { Needs, TaskProfile } from './task-profile.ts';

/** One line of a decision's order. */
export interface DecisionEntry {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  /** The id that is sent. */
  readonly model: string;
  readonly score?: number | undefined;
  readonly scoreParts?: Readonly<Record<string, number>> | undefined;
  readonly reason?: string | undefined;
  /** Absent where the price is unknown. */
  readonly predictedCost?: NanoUsd | undefined;
  /** Expected, 0 to 1; absent where the strategy did not ask for it. */
  readonly quality?: number | undefined;
  /** How it came about, where the user's own outcomes or learned heads had a say. */
  readonly evidence?: QualityEvidence | undefined;
  /** Milliseconds to the end of the answer, expected; absent where the strategy did not ask for it. */
  readonly latencyMs?: number | undefined;
  readonly warning?: string | undefined;
}

/** What was decided and why: a value without functions, ready for JSON. Holds no prompt text. */
export interface Decision {
  readonly id: string;
  /** Unix milliseconds. */
  readonly decidedAt: number;
  /** The model name the caller gave. */
  readonly requestedModel?: string | undefined;
  readonly strategy: string;
  /** Why the first is first. */
  readonly reason: string;
  /** The name of the configured rule that decided, where one did. */
  readonly rule?: string | undefined;
  /** Absent where nothing of the request had to be known: an exact model. */
  readonly needs?: Needs | undefined;
  readonly task?: TaskProfile | undefined;
  /** The first is tried, the rest are fallbacks. */
  readonly order: readonly DecisionEntry[];
  readonly removed: readonly Removal[];
  /** What limits that are near had to say: `80 % of the daily budget is spent`. */
  readonly notices?: readonly string[] | undefined;
  /** What the warm prompt cache of a session did to the choice; absent: nothing. */
  readonly session?: SessionCache | undefined;
  /** Why cheaper candidates came first, where a budget asked for it. */
  readonly cheaperFirst?: string | undefined;
  /** Decisions that the router had made before this one, where there was more than one candidate: whose turn it was in a round. */
  readonly turn?: number | undefined;
}
