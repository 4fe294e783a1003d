import type { Candidate, Snapshot } from '@signalbox/core';
import { answersTo } from './answers-to.ts';
import { usualSpeed } from './speed-table.ts';

/** Tokens of an answer where nothing was predicted. */
const USUAL_OUTPUT = 500;

/**
 * Milliseconds to the end of an answer, expected: as measured, where the snapshot has it; else the usual of the model's family, from
 * the first token (measured, if only that was) through as many tokens as are predicted.
 */
export function expectedLatencyMs(candidate: Candidate, snapshot: Snapshot): number {
  const measured = snapshot.latencyMs?.get(candidate.id);
  if (measured !== undefined) return Math.round(measured);
  const usual = usualSpeed(candidate);
  const expected = snapshot.task?.expectedOutputTokens ?? USUAL_OUTPUT;
  const output = Math.min(expected, snapshot.needs.maxOutputTokens ?? expected);
  const first = snapshot.firstTokenMs?.get(candidate.id) ?? usual.firstTokenMs;
  return Math.round(first + (output / usual.tokensPerSecond) * 1_000);
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
