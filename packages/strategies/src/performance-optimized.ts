import { type Candidate, type OptionRules, type RankedCandidate, requireOptions, type Strategy } from '@signalbox/core';
import { expectedLatencies, speedPlace } from './expected-latency.ts';
import { DEFAULT_MIN_QUALITY, enoughFor, splitByQuality } from './good-enough.ts';
import { aShare, aWait, names } from './strategy-options.ts';

/** What is good enough, and what is fast. */
export interface PerformanceOptimizedOptions {
  /** Expected quality from which a model is good enough, 0 to 1. Default 0.8. */
  readonly minQuality?: number | undefined;
  /** Milliseconds to the end of the answer, expected: a soft bound. */
  readonly maxLatencyMs?: number | undefined;
  /** Models, fastest first: a person's word on it, before any figure. */
  readonly speedPriority?: readonly string[] | undefined;
}

const RULES: OptionRules<PerformanceOptimizedOptions> = {
  minQuality: aShare,
  maxLatencyMs: aWait,
  speedPriority: names,
};

/** A model whose prompt cache is warm in the session counts as faster by a quarter: it has read most of the prompt, and somebody faster has to be so by more than that. */
const WARM = 0.75;

/**
 * The fastest of the models that are good enough for the task; behind it the other good ones by speed, then the rest, the best first.
 * Who would take longer than `maxLatencyMs` stands behind those who would not; where all would, the fastest is asked anyway and the
 * reason says so. Throws RouterError `configuration` on an option that is wrong or unknown.
 */
export function performanceOptimized(options: PerformanceOptimizedOptions = {}): Strategy {
  requireOptions('performanceOptimized', options, RULES);
  const { minQuality = DEFAULT_MIN_QUALITY, maxLatencyMs, speedPriority = [] } = options;
  const priority = (candidate: Candidate) => speedPlace(candidate, speedPriority);
  return {
    name: 'performance_optimized',
    needs: ['task', 'quality', 'latency'],
    rank(candidates, snapshot) {
      const latency = expectedLatencies(candidates, snapshot, speedPriority);
      const milliseconds = (candidate: Candidate) => latency.get(candidate.id) ?? 0;
      const counted = (candidate: Candidate) =>
        milliseconds(candidate) * (candidate.id === snapshot.warm?.candidate ? WARM : 1);
      const late = (candidate: Candidate) => maxLatencyMs !== undefined && milliseconds(candidate) > maxLatencyMs;
      const bySpeed = (one: Candidate, other: Candidate) =>
        Number(late(one)) - Number(late(other)) || priority(one) - priority(other) || counted(one) - counted(other);
      const { enough, below } = splitByQuality(candidates, snapshot, minQuality);
      enough.sort(bySpeed);
      const order = [...enough, ...below].map((candidate): RankedCandidate => {
        const place = priority(candidate);
        const listed = place < speedPriority.length ? `, number ${place + 1} in speed_priority` : '';
        return {
          candidate,
          latencyMs: milliseconds(candidate),
          reason: `about ${seconds(milliseconds(candidate))}${listed}`,
        };
      });
      const first = order[0]?.candidate;
      const who =
        enough.length > 0
          ? `the fastest of ${enough.length} that ${enough.length === 1 ? 'is' : 'are'} ${enoughFor(snapshot)}`
          : `nobody is ${enoughFor(snapshot)}: the best there is`;
      const overdue =
        first !== undefined && maxLatencyMs !== undefined && late(first)
          ? `; nobody would answer within ${seconds(maxLatencyMs)}`
          : '';
      return { order, reason: `${who}${overdue}` };
    },
  };
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1_000).toFixed(1))} s`;
}
