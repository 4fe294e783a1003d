import type { DatabaseSync } from 'node:sqlite';
import { type LedgerQuery, moment } from '../rows/ledger-query.ts';
import { performanceBetween } from '../schema/performance-schema.ts';
import { QUARTER } from '../schema/sums-schema.ts';
import { addBytes, addToList, type Tally, timeOf } from '../schema/tally.ts';
import { keptSpans } from '../sums/kept-spans.ts';
import type { ModelPerformance, Percentiles } from './model-performance.ts';

interface Sum {
  attempts: number;
  aborted: number;
  escalations: number;
  readonly causes: Tally;
  readonly errors: Tally;
  readonly durations: Steps;
  readonly firsts: Steps;
}

/** How often each step of milliseconds occurred, by its number. */
type Steps = number[];

const COUNTED = ['causes', 'errors'] as const;
const TIMED = ['durations', 'firsts'] as const;

/**
 * How calls went, from what is kept beside the attempts: percentiles to three figures. `undefined` where that does not answer the query (its bounds are no whole
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
  for (const span of keptSpans(from, to)) {
    const rows = database.prepare(
      `SELECT * FROM (${performanceBetween(span.of, span.from, span.to)}) WHERE simulated = ?`,
    );
    for (const row of rows.iterate(simulated ? 1 : 0)) addRow(models, row);
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

function addRow(models: Map<number, Sum>, row: Readonly<Record<string, unknown>>): void {
  const sum = sumOf(models, Number(row.candidate));
  sum.attempts += Number(row.attempts);
  sum.aborted += Number(row.aborted);
  sum.escalations += Number(row.escalations);
  for (const name of COUNTED) {
    const bytes = row[name];
    if (bytes instanceof Uint8Array) addBytes(sum[name], bytes);
  }
  for (const name of TIMED) {
    const bytes = row[name];
    if (bytes instanceof Uint8Array) addToList(sum[name], bytes);
  }
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
      durations: [],
      firsts: [],
    };
    models.set(candidate, sum);
  }
  return sum;
}

/** Nearest rank. */
function percentiles(steps: Steps): Percentiles | undefined {
  if (steps.length === 0) return undefined;
  const total = steps.reduce((sum, times) => sum + times, 0);
  const at = (share: number): number => {
    let left = Math.max(1, Math.ceil(share * total));
    for (let step = 0; step < steps.length; step += 1) {
      left -= steps[step] ?? 0;
      if (left <= 0) return timeOf(step);
    }
    return 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
