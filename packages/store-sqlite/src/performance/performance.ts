import type { DatabaseSync } from 'node:sqlite';
import { conditionOf, type LedgerQuery } from '../rows/ledger-query.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { LEFT_AFTER } from '../schema/performance-schema.ts';
import { keptPerformance } from './kept-performance.ts';
import type { ModelPerformance, Percentiles } from './model-performance.ts';

/** By model, the most used first. Kept answers are counted, not timed. Between whole quarters of an hour, percentiles are rounded to three figures. */
export function selectPerformance(database: DatabaseSync, query: LedgerQuery): readonly ModelPerformance[] {
  const kept = keptPerformance(database, query);
  if (kept !== undefined) return kept;
  const { sql, values } = conditionOf({ ...query, simulated: query.simulated ?? false });
  const names = new Map<unknown, string>();
  const nameStatement = database.prepare('SELECT name FROM names WHERE id = ?');
  const nameOf = (id: unknown): string => {
    let name = names.get(id);
    if (name === undefined) {
      name = String(nameStatement.get(Number(id))?.name);
      names.set(id, name);
    }
    return name;
  };
  const models = new Map<unknown, ReturnType<typeof createCollection>>();
  const rows = database.prepare(
    `SELECT a.candidate, a.outcome, a.cause, a.error_kind, a.duration_ms, a.first_content_ms, EXISTS (${LEFT_AFTER}) AS escalated
     FROM attempts a WHERE ${sql}`,
  );
  for (const row of rows.iterate(...values)) {
    let model = models.get(row.candidate);
    if (model === undefined) {
      model = createCollection();
      models.set(row.candidate, model);
    }
    const cause = row.cause === null ? 'first' : nameOf(row.cause);
    model.attempts += 1;
    model.escalations += Number(row.escalated);
    model.causes[cause] = (model.causes[cause] ?? 0) + 1;
    if (row.outcome === FIXED_NAMES.aborted) model.aborted += 1;
    else if (row.outcome !== FIXED_NAMES.success) {
      const kind = row.error_kind === null ? 'unknown' : nameOf(row.error_kind);
      model.errors[kind] = (model.errors[kind] ?? 0) + 1;
    } else if (cause !== 'cache') {
      // Zero: times are not written down.
      if (row.duration_ms !== 0) model.durations.push(Number(row.duration_ms));
      if (row.first_content_ms !== null) model.firsts.push(Number(row.first_content_ms));
    }
  }
  return [...models]
    .map(([candidate, { durations, firsts, ...counts }]) => ({
      candidate: nameOf(candidate),
      ...counts,
      durationMs: percentiles(durations),
      firstContentMs: percentiles(firsts),
    }))
    .sort((one, other) => other.attempts - one.attempts);
}

function createCollection() {
  const errors: Record<string, number> = {};
  const causes: Record<string, number> = {};
  const durations: number[] = [];
  const firsts: number[] = [];
  return { attempts: 0, aborted: 0, escalations: 0, errors, causes, durations, firsts };
}

/** Nearest rank: a value that was really measured. */
function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
