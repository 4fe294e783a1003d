import type { DatabaseSync } from 'node:sqlite';
import { type LedgerQuery, moment } from './ledger-query.ts';
import type { ModelPerformance, Percentiles } from './performance.ts';
import { QUARTER } from './sums-schema.ts';
import { addBytes, middleOf, type Tally } from './tally.ts';

interface Sum {
  attempts: number;
  aborted: number;
  escalations: number;
  readonly causes: Tally;
  readonly errors: Tally;
  readonly durations: Tally;
  readonly firsts: Tally;
}

/**
 * How calls went, from what is kept beside the attempts: percentiles to one percent. `undefined` where that does not answer the query (its bounds are no whole
 * quarters of an hour, or it asks for more than a time): then the attempts are read.
 */
export function keptPerformance(
  database: DatabaseSync,
  { from, to, simulated = false, ...filters }: LedgerQuery,
): readonly ModelPerformance[] | undefined {
  if (Object.values(filters).some((filter) => filter !== undefined)) return undefined;
  if ([from, to].some((bound) => bound !== undefined && moment(bound, 'from" or "to') % QUARTER !== 0))
    return undefined;
  const models = new Map<number, Sum>();
  const rows = database.prepare('SELECT * FROM performance WHERE quarter >= ? AND quarter < ? AND simulated = ?');
  rows.setReturnArrays(true);
  const bounds = [from === undefined ? -1 : from / QUARTER, to === undefined ? 2 ** 40 : to / QUARTER] as const;
  for (const row of rows.iterate(...bounds, simulated ? 1 : 0)) {
    // In the order of the table's columns.
    const [, candidate, , attempts, aborted, escalations, ...tallies] = row as unknown as readonly (
      | number
      | Uint8Array
      | null
    )[];
    const sum = sumOf(models, Number(candidate));
    sum.attempts += Number(attempts);
    sum.aborted += Number(aborted);
    sum.escalations += Number(escalations);
    for (const [index, tally] of [sum.causes, sum.errors, sum.durations, sum.firsts].entries()) {
      const bytes = tallies[index];
      if (bytes instanceof Uint8Array) addBytes(tally, bytes);
    }
  }
  const nameStatement = database.prepare('SELECT name FROM names WHERE id = ?');
  const nameOf = (id: number, none: string) => (id === 0 ? none : String(nameStatement.get(id)?.name));
  const named = (tally: Tally, none: string) =>
    Object.fromEntries([...tally].map(([id, count]) => [nameOf(id, none), count]));
  return [...models]
    .map(([candidate, { causes, errors, durations, firsts, ...counts }]) => ({
      candidate: nameOf(candidate, ''),
      ...counts,
      causes: named(causes, 'first'),
      errors: named(errors, 'unknown'),
      durationMs: percentiles(durations),
      firstContentMs: percentiles(firsts),
    }))
    .sort((one, other) => other.attempts - one.attempts);
}

function sumOf(models: Map<number, Sum>, candidate: number): Sum {
  let sum = models.get(candidate);
  if (sum === undefined) {
    sum = {
      attempts: 0,
      aborted: 0,
      escalations: 0,
      causes: new Map(),
      errors: new Map(),
      durations: new Map(),
      firsts: new Map(),
    };
    models.set(candidate, sum);
  }
  return sum;
}

/** Nearest rank, as the middle of the interval that it is in. */
function percentiles(tally: Tally): Percentiles | undefined {
  if (tally.size === 0) return undefined;
  const sorted = [...tally].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, times]) => sum + times, 0);
  const at = (share: number): number => {
    let left = Math.max(1, Math.ceil(share * total));
    for (const [interval, times] of sorted) {
      left -= times;
      if (left <= 0) return middleOf(interval);
    }
    return 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
