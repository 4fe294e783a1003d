import type { ComparisonReport } from '@signalbox/cost-tracker';
import type { ReplayPolicy } from '@signalbox/setup';

/** Why requests of the period are not in the comparison. */
export interface LeftOut {
  /** The caller named a model or a chain, or it was booked by an older version: nothing is known of the task. */
  readonly withoutProfile: number;
  /** The simulator answered. */
  readonly simulated: number;
  /** The answer was kept: nobody was asked. */
  readonly kept: number;
  /** The first choice is a model that nobody here knows any more. */
  readonly unknownModel: number;
  /** The other policy has nobody who could answer. */
  readonly nobody: number;
  /** Beyond `--limit`. */
  readonly beyondLimit: number;
}

/** What a replay found. */
export interface ReplayResult {
  readonly report: ComparisonReport;
  readonly leftOut: LeftOut;
  /** Requests on the caller's own bill: they cost nothing before. */
  readonly included: number;
  /** Models in the comparison whose speed was never measured in the period: their times are what is usual of their families. */
  readonly guessed: readonly string[];
  readonly policy: ReplayPolicy;
}

/** Why requests are not in it, a sentence each. */
export function leftOutSentences(left: LeftOut): readonly string[] {
  const sentences: readonly (readonly [count: number, sentence: string])[] = [
    [left.withoutProfile, 'that named a model or a chain: their task was not analysed'],
    [left.kept, 'answered by a kept answer: nobody was asked'],
    [left.simulated, 'answered by the simulator'],
    [left.unknownModel, 'went to a model that is not known any more'],
    [left.nobody, 'would have found nobody who can answer'],
    [left.beyondLimit, 'older than the newest that --limit takes'],
  ];
  return sentences.filter(([count]) => count > 0).map(([count, sentence]) => `Left out: ${count} ${sentence}.`);
}
