import type { Candidate, Snapshot } from '@signalbox/core';
import { answersTo } from './answers-to.ts';
import { usualSpeed } from './speed-table.ts';

/** Tokens of an answer where nothing was predicted. */
const USUAL_OUTPUT = 500;

/** What is usual of a family counts as much as so many measured calls. */
const USUAL_CALLS = 2;
/** A model that always fails has no time of an answer: from here on it is only slow. */
export const MOST_FAILURES = 0.9;

/**
 * Milliseconds to the end of an answer, expected: as measured, mixed with the usual of the model's family, so that one call, or what was measured yesterday, does
 * not settle it. Where calls fail, the time of as many calls as one answer takes.
 */
export function expectedLatencyMs(candidate: Candidate, snapshot: Snapshot): number {
  const { id } = candidate;
  const usual = usualSpeed(candidate);
  const expected = snapshot.task?.expectedOutputTokens ?? USUAL_OUTPUT;
  const output = Math.min(expected, snapshot.needs.maxOutputTokens ?? expected);
  const weight = snapshot.measuredWeight?.get(id) ?? Number.POSITIVE_INFINITY;
  const first = mixed(snapshot.firstTokenMs?.get(id), usual.firstTokenMs, weight);
  const whole = mixed(snapshot.latencyMs?.get(id), first + (output / usual.tokensPerSecond) * 1_000, weight);
  const failing = Math.min(MOST_FAILURES, snapshot.failureShare?.get(id) ?? 0);
  return Math.round(whole / (1 - failing));
}

/** In proportion: twice as slow as usual weighs as much as twice as fast. */
function mixed(measured: number | undefined, usual: number, weight: number): number {
  if (measured === undefined) return usual;
  if (!Number.isFinite(weight)) return measured;
  const share = weight / (weight + USUAL_CALLS);
  return Math.exp(share * Math.log(Math.max(1, measured)) + (1 - share) * Math.log(Math.max(1, usual)));
}

/**
 * The same for several candidates by id. Where a person has listed models, fastest first, that order holds among the listed ones: they
 * share out their figures by it.
 */
export function expectedLatencies(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  speedPriority: readonly string[] = [],
): ReadonlyMap<string, number> {
  const latencies = new Map(candidates.map((one) => [one.id, expectedLatencyMs(one, snapshot)]));
  const listed = candidates.filter((one) => speedPlace(one, speedPriority) < speedPriority.length);
  const figures = listed.map((one) => latencies.get(one.id) ?? 0).sort((one, other) => one - other);
  listed.sort((one, other) => speedPlace(one, speedPriority) - speedPlace(other, speedPriority));
  for (const [place, candidate] of listed.entries()) latencies.set(candidate.id, figures[place] ?? 0);
  return latencies;
}

/** A candidate's place in a list of models, fastest first; the list's length where it is not in it. */
export function speedPlace(candidate: Candidate, speedPriority: readonly string[]): number {
  const place = speedPriority.findIndex((name) => answersTo(candidate, name));
  return place === -1 ? speedPriority.length : place;
}
