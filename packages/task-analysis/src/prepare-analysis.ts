import { rankOfBucket } from './task-sketch.ts';
import { lexiconMatcher } from './text-cues.ts';

/**
 * Makes what the first prompt would wait for, 25 ms of CPU: for programs that have nothing else to do before one comes. May be called again, and does nothing then.
 *
 * @example setTimeout(prepareAnalysis, 1_000);
 */
export function prepareAnalysis(): void {
  lexiconMatcher();
  rankOfBucket();
}
