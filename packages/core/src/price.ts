import type { NanoUsdPerMillion } from './money.ts';

/** What one million tokens cost, by kind. A kind that is absent is billed as the totals it is part of. */
export interface Rates {
  readonly input?: NanoUsdPerMillion | undefined;
  readonly output?: NanoUsdPerMillion | undefined;
  readonly cacheRead?: NanoUsdPerMillion | undefined;
  readonly cacheWrite5m?: NanoUsdPerMillion | undefined;
  readonly cacheWrite1h?: NanoUsdPerMillion | undefined;
  /** Only where reasoning is billed apart from output. */
  readonly reasoning?: NanoUsdPerMillion | undefined;
  readonly inputAudio?: NanoUsdPerMillion | undefined;
  readonly outputAudio?: NanoUsdPerMillion | undefined;
  /** For one million searches. */
  readonly webSearch?: NanoUsdPerMillion | undefined;
}

/** Every kind that has a rate of its own. */
export const RATE_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'inputAudio',
  'outputAudio',
  'webSearch',
] as const satisfies readonly (keyof Rates)[];

/** Rates for a whole request whose input (cache reads and writes included) is above a size. Absent kinds inherit. */
export interface PriceTier extends Rates {
  readonly aboveInputTokens: number;
}

/** Rates during a period. In a list the last period that fits the moment wins. */
export interface PricePeriod extends Rates {
  /** ISO date, inclusive, UTC. */
  readonly effectiveFrom?: string | undefined;
  /** ISO date, exclusive, UTC. */
  readonly effectiveUntil?: string | undefined;
  /** Only within these hours of each day, UTC, `HH:MM`, from inclusive, to exclusive. */
  readonly hoursUtc?: { readonly from: string; readonly to: string } | undefined;
  readonly tiers?: readonly PriceTier[] | undefined;
  /** Other rates by service tier; absent kinds inherit. An absent tier is billed as standard. */
  readonly batch?: Rates | undefined;
  readonly flex?: Rates | undefined;
  readonly priority?: Rates | undefined;
}
