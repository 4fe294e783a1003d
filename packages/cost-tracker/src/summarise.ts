import { type Attempt, type AttemptSums, type LedgerRow, type Provenance, weakerProvenance } from '@signalbox/core';

export interface ModelTotals extends AttemptSums {
  /** The model, as the candidate's id names it. */
  readonly model: string;
}

export interface ProviderTotals extends AttemptSums {
  readonly provider: string;
  /** The dearest first. */
  readonly models: readonly ModelTotals[];
}

/** What ledger rows add up to. */
export interface CostSummary {
  /** What was spent. */
  readonly total: AttemptSums;
  /** The dearest first. */
  readonly providers: readonly ProviderTotals[];
  /** Attempts that the simulator answered: never part of what was spent. */
  readonly simulated: AttemptSums;
}

/**
 * Totals of ledger rows, by provider and model. Figures are sums of whole nano-dollars.
 *
 * @example summarise(ledger.rows()).total.nanoUsd
 */
export function summarise(rows: Iterable<LedgerRow>): CostSummary {
  const total = createSum();
  const simulated = createSum();
  const providers = new Map<string, { readonly sum: Sum; readonly models: Map<string, Sum> }>();
  for (const { attempt, decision } of rows) {
    if (attempt.simulated) {
      simulated.add(attempt, decision.id);
      continue;
    }
    total.add(attempt, decision.id);
    const provider = entry(providers, attempt.provider, () => ({ sum: createSum(), models: new Map<string, Sum>() }));
    provider.sum.add(attempt, decision.id);
    entry(provider.models, modelOf(attempt), createSum).add(attempt, decision.id);
  }
  return {
    total: total.totals(),
    providers: [...providers]
      .map(([provider, { sum, models }]) => ({
        provider,
        ...sum.totals(),
        models: [...models].map(([model, one]) => ({ model, ...one.totals() })).sort(dearestFirst),
      }))
      .sort(dearestFirst),
    simulated: simulated.totals(),
  };
}

interface Sum {
  add(attempt: Attempt, decision: string): void;
  totals(): AttemptSums;
}

function createSum(): Sum {
  const requests = new Set<string>();
  const sums = { attempts: 0, failures: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, nanoUsd: 0 };
  let unknownPrices = 0;
  let provenance: Provenance | undefined;
  return {
    add(attempt, decision) {
      const { usage, cost } = attempt;
      requests.add(decision);
      sums.attempts += 1;
      if (attempt.outcome !== 'success') sums.failures += 1;
      sums.inputTokens += usage?.inputTokens ?? 0;
      sums.outputTokens += usage?.outputTokens ?? 0;
      sums.cacheReadTokens += usage?.cacheReadTokens ?? 0;
      if (cost !== undefined) {
        sums.nanoUsd += cost.nanoUsd;
        provenance = provenance === undefined ? cost.provenance : weakerProvenance(provenance, cost.provenance);
      } else if (!attempt.simulated && usesTokens(attempt)) unknownPrices += 1;
    },
    totals: () => ({ requests: requests.size, ...sums, provenance, unknownPrices }),
  };
}

/** An attempt that failed before the provider counted anything costs nothing; one that succeeded never does. */
function usesTokens({ outcome, usage }: Attempt): boolean {
  return outcome === 'success' || (usage !== undefined && usage.inputTokens + usage.outputTokens > 0);
}

/** The candidate's own name for the model: what was sent may have been another of its names. */
function modelOf(attempt: Attempt): string {
  const prefix = `${attempt.provider}/`;
  return attempt.candidate.startsWith(prefix) ? attempt.candidate.slice(prefix.length) : attempt.model;
}

function entry<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  map.set(key, created);
  return created;
}

function dearestFirst(one: AttemptSums, other: AttemptSums): number {
  return other.nanoUsd - one.nanoUsd || other.attempts - one.attempts;
}
