import type { Complexity } from '@signalbox/core';

/** Below the first work is small, from the second on large. */
const STEPS = [0.3, 0.68] as const;

/** The size of work by the figure of the complexity head. `least`: below it work is small; of errands a higher one. */
export function complexityLevel(score: number, least: number = STEPS[0]): Complexity {
  if (score >= STEPS[1]) return 'high';
  return score < least ? 'low' : 'medium';
}
