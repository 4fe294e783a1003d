import type { Candidate, Measurements, Snapshot, TaskProfile } from '@signalbox/core';

/** Calls without a failure that are taken to stand before those that were measured: one failure is no share yet. */
const UNEVENTFUL_CALLS = 5;

/** Tokens of an answer of which nobody knows how long it will be. */
const USUAL_OUTPUT = 400;

/** What was measured of candidates, as strategies want it: for an answer of the length that the task usually has. */
export function expectedTimes(
  candidates: readonly Candidate[],
  task: TaskProfile | undefined,
  measurements: Measurements,
): Pick<Snapshot, 'firstTokenMs' | 'latencyMs' | 'measuredWeight' | 'failureShare'> {
  const firstTokenMs = new Map<string, number>();
  const latencyMs = new Map<string, number>();
  const measuredWeight = new Map<string, number>();
  const failureShare = new Map<string, number>();
  for (const { id } of candidates) {
    const measured = measurements.of(id);
    if (measured === undefined) continue;
    const weight = measured.weight ?? measured.calls;
    measuredWeight.set(id, weight);
    failureShare.set(id, (measured.failureShare * weight) / (weight + UNEVENTFUL_CALLS));
    const first = measured.firstContentMs.p50;
    if (first === undefined) continue;
    firstTokenMs.set(id, first);
    const speed = measured.tokensPerSecond;
    const output = task?.expectedOutputTokens ?? USUAL_OUTPUT;
    if (speed !== undefined) latencyMs.set(id, first + (output / speed) * 1_000);
  }
  return { firstTokenMs, latencyMs, measuredWeight, failureShare };
}
