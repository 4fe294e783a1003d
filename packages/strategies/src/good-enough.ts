import type { Candidate, Snapshot } from '@signalbox/core';

/** The expected quality from which a model counts as good enough for a task, where nobody says otherwise. */
export const DEFAULT_MIN_QUALITY = 0.8;

/** What is expected of a model that nothing is known of: not enough to be trusted with a task. */
const UNKNOWN_QUALITY = 0.5;

/** A candidate's expected quality for the task of a snapshot. */
export function qualityOf(candidate: Candidate, snapshot: Snapshot): number {
  return snapshot.quality?.get(candidate.id) ?? UNKNOWN_QUALITY;
}

/** The candidates that are good enough, in their order, and the others, the best first. */
export function splitByQuality(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  minQuality: number,
): { readonly enough: Candidate[]; readonly below: Candidate[] } {
  const enough = candidates.filter((candidate) => qualityOf(candidate, snapshot) >= minQuality);
  const below = candidates
    .filter((candidate) => qualityOf(candidate, snapshot) < minQuality)
    .sort((one, other) => qualityOf(other, snapshot) - qualityOf(one, snapshot));
  return { enough, below };
}

/** `good enough for high complexity`, for reasons. */
export function enoughFor(snapshot: Snapshot): string {
  const { task } = snapshot;
  return task === undefined ? 'good enough' : `good enough for ${task.type} of ${task.complexity} complexity`;
}
