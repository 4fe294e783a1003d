import type {
  Candidate,
  DecisionEntry,
  Needs,
  Pricing,
  QualityEstimate,
  RankedCandidate,
  Snapshot,
  TaskProfile,
} from '@signalbox/core';

/** Expected quality by candidate id; undefined where nobody estimates it. */
export function expectedQualities(
  candidates: readonly Candidate[],
  task: TaskProfile,
  estimate: QualityEstimate | undefined,
): ReadonlyMap<string, number> | undefined {
  if (estimate === undefined) return undefined;
  const qualities = new Map<string, number>();
  for (const candidate of candidates) {
    const quality = estimate.expect(candidate, task);
    if (quality !== undefined) qualities.set(candidate.id, quality);
  }
  return qualities;
}

/** Predicted cost by candidate id, nano-USD; without those whose price or output nobody knows. */
export function predictCosts(
  candidates: readonly Candidate[],
  needs: Needs,
  task: TaskProfile | undefined,
  pricing: Pricing | undefined,
  now: number,
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const candidate of candidates) {
    const cost = predictedCost(candidate, needs, task, pricing, now);
    if (cost !== undefined) costs.set(candidate.id, cost);
  }
  return costs;
}

function predictedCost(
  candidate: Candidate,
  needs: Needs | undefined,
  task: TaskProfile | undefined,
  pricing: Pricing | undefined,
  now: number,
): number | undefined {
  if (needs === undefined) return undefined;
  const expected = task?.expectedOutputTokens;
  const output = Math.min(expected ?? Number.POSITIVE_INFINITY, needs.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(output)) return undefined;
  return pricing?.predict(candidate.facts, needs.inputTokens, output, now);
}

const exactEntries = new WeakMap<Candidate, DecisionEntry>();

/** Of an exact choice nothing is known that depends on the moment: one entry for all its decisions. */
function exactEntry(candidate: Candidate): DecisionEntry {
  let known = exactEntries.get(candidate);
  if (known === undefined) {
    known = {
      candidate: candidate.id,
      provider: candidate.provider.id,
      model: candidate.model,
      warning: candidate.warning,
    };
    exactEntries.set(candidate, known);
  }
  return known;
}

/** A candidate as the decision tells of it. */
export function entry(
  ranked: RankedCandidate,
  needs: Needs | undefined,
  snapshot: Snapshot,
  { pricing, quality }: { readonly pricing?: Pricing | undefined; readonly quality?: QualityEstimate | undefined },
): DecisionEntry {
  const { candidate } = ranked;
  const { cost, task, now } = snapshot;
  const isExact = needs === undefined && cost === undefined && snapshot.quality === undefined;
  const saysNothing = ranked.score === undefined && ranked.reason === undefined && ranked.latencyMs === undefined;
  if (isExact && saysNothing && ranked.scoreParts === undefined) return exactEntry(candidate);
  const evidence =
    snapshot.quality === undefined || task === undefined ? undefined : quality?.evidence?.(candidate, task);
  return {
    candidate: candidate.id,
    provider: candidate.provider.id,
    model: candidate.model,
    score: ranked.score,
    scoreParts: ranked.scoreParts,
    reason: ranked.reason,
    predictedCost: cost?.get(candidate.id) ?? predictedCost(candidate, needs, task, pricing, now),
    quality: snapshot.quality?.get(candidate.id),
    ...(evidence === undefined ? {} : { evidence }),
    latencyMs: ranked.latencyMs ?? snapshot.latencyMs?.get(candidate.id),
    warning: candidate.warning,
  };
}
