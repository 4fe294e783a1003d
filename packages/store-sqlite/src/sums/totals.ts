import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type AttemptSums, type NanoUsd, type Provenance, weakerProvenance } from '@signalbox/core';
import { conditionOf } from '../rows/ledger-query.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { TAG_ROWS } from '../schema/sums-schema.ts';
import { keptSums } from './kept-sums.ts';
import type { SumsSource, TotalsGroup, TotalsQuery } from './totals-query.ts';

/** Sums over the attempts of a group. */
export interface LedgerTotals extends AttemptSums {
  /** What this is the sum of: a value for each entry of `by`; absent where the attempts have none. */
  readonly group: Readonly<Partial<Record<TotalsGroup, string>>>;
  /** Attempts that made no call, since the answer was kept. */
  readonly cacheHits: number;
  /** What these would have cost, as far as it is known. */
  readonly savedNanoUsd: NanoUsd;
}

// With the table's name: the function that takes tags apart has columns of its own, `key` among them.
const COLUMN_OF: Readonly<Record<Exclude<TotalsGroup, 'day' | 'tag'>, string>> = {
  provider: 'a.provider',
  model: 'a.model',
  candidate: 'a.candidate',
  strategy: 'a.strategy',
  taskType: 'a.task_type',
  outcome: 'a.outcome',
  tenant: 'a.tenant',
  user: 'a.user',
  key: 'a.key',
  session: 'a.session',
};

const dayOf = (seconds: string, days: 'utc' | 'local'): string =>
  `date(${seconds}, 'unixepoch'${days === 'local' ? ", 'localtime'" : ''})`;

const PROVENANCES: Readonly<Record<number, Provenance>> = { 1: 'estimated', 2: 'counted', 3: 'reported' };

const OF_ATTEMPTS = `
  count(DISTINCT a.decision) AS requests,
  count(*) AS attempts,
  count(*) FILTER (WHERE a.outcome <> ${FIXED_NAMES.success}) AS failures,
  coalesce(sum(a.input_tokens), 0) AS inputTokens,
  coalesce(sum(a.output_tokens), 0) AS outputTokens,
  coalesce(sum(a.cache_read_tokens), 0) AS cacheReadTokens,
  coalesce(sum(a.cost_nano_usd), 0) AS nanoUsd,
  min(a.cost_provenance) FILTER (WHERE a.cost_nano_usd IS NOT NULL) AS provenance,
  count(*) FILTER (WHERE a.cost_nano_usd IS NULL AND a.simulated = 0 AND
    (a.outcome = ${FIXED_NAMES.success} OR coalesce(a.input_tokens, 0) + coalesce(a.output_tokens, 0) > 0)) AS unknownPrices,
  count(*) FILTER (WHERE a.lane = (SELECT id FROM names WHERE name = 'cache')) AS cacheHits,
  coalesce(sum(a.saved_nano_usd), 0) AS savedNanoUsd`;

function attemptsSource(query: TotalsQuery): SumsSource {
  return {
    from: `attempts a ${query.by?.includes('tag') === true ? TAG_ROWS : ''}`,
    seconds: 'a.started_at / 1000',
    columns: { ...COLUMN_OF, tag: '(SELECT id FROM names WHERE name = tag.value)' },
    figures: OF_ATTEMPTS,
    condition: conditionOf(query),
  };
}

/** Sums of the attempts that fit, the dearest first; by day alone, the oldest first. */
export function selectTotals(database: DatabaseSync, asked: TotalsQuery): readonly LedgerTotals[] {
  const { by = [], simulated = false } = asked;
  const query = { ...asked, simulated };
  const sources = keptSums(query) ?? [attemptsSource(query)];
  const nameStatement = database.prepare('SELECT name FROM names WHERE id = ?');
  const nameOf = (id: unknown) => String(nameStatement.get(Number(id))?.name);
  const sums = new Map<string, LedgerTotals>();
  for (const source of sources) {
    for (const record of readSource(database, source, query)) {
      const keys = by.map((_, index) => record[`key${index}`]);
      const place = keys.join(' ');
      const known = sums.get(place);
      const figures = sumsOf(record);
      sums.set(place, known === undefined ? { group: groupOf(by, keys, nameOf), ...figures } : added(known, figures));
    }
  }
  if (by.length === 1 && by[0] === 'day') {
    return [...sums.values()].sort((one, other) => ((one.group.day ?? '') < (other.group.day ?? '') ? -1 : 1));
  }
  return [...sums.values()].sort((one, other) => other.nanoUsd - one.nanoUsd || other.attempts - one.attempts);
}

function readSource(database: DatabaseSync, source: SumsSource, { by = [], days = 'utc' }: TotalsQuery) {
  const keys = by.map((group, index) => {
    const key = group === 'day' ? dayOf(source.seconds, days) : (source.columns[group] ?? 'NULL');
    return `${key} AS key${index}`;
  });
  const grouped = by.map((_, index) => `key${index}`).join(', ');
  const { sql, values } = source.condition;
  const select = `SELECT ${[...keys, source.figures].join(', ')} FROM ${source.from} WHERE ${sql} ${by.length === 0 ? '' : `GROUP BY ${grouped}`}`;
  return prepared(database, select).all(...values);
}

/** The last statement of each file, kept: who asks for thirty days one by one asks the same thirty times, and to prepare it takes longer than to answer. */
const statements = new WeakMap<DatabaseSync, { readonly sql: string; readonly statement: StatementSync }>();

function prepared(database: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(database);
  if (known?.sql === sql) return known.statement;
  const statement = database.prepare(sql);
  statements.set(database, { sql, statement });
  return statement;
}

function groupOf(
  by: readonly TotalsGroup[],
  keys: readonly unknown[],
  nameOf: (id: unknown) => string,
): LedgerTotals['group'] {
  const group: Partial<Record<TotalsGroup, string>> = {};
  for (const [index, one] of by.entries()) {
    const key = keys[index];
    if (key === null || key === undefined || key === 0) continue;
    group[one] = one === 'day' ? String(key) : nameOf(key);
  }
  return group;
}

function added(one: LedgerTotals, other: Omit<LedgerTotals, 'group'>): LedgerTotals {
  return {
    group: one.group,
    requests: one.requests + other.requests,
    attempts: one.attempts + other.attempts,
    failures: one.failures + other.failures,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    nanoUsd: one.nanoUsd + other.nanoUsd,
    provenance: weaker(one.provenance, other.provenance),
    unknownPrices: one.unknownPrices + other.unknownPrices,
    cacheHits: one.cacheHits + other.cacheHits,
    savedNanoUsd: one.savedNanoUsd + other.savedNanoUsd,
  };
}

function weaker(one: Provenance | undefined, other: Provenance | undefined): Provenance | undefined {
  return one === undefined || other === undefined ? (one ?? other) : weakerProvenance(one, other);
}

function sumsOf(record: Readonly<Record<string, unknown>>): Omit<LedgerTotals, 'group'> {
  const sum = (name: string) => Number(record[name]);
  return {
    requests: sum('requests'),
    attempts: sum('attempts'),
    failures: sum('failures'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    nanoUsd: sum('nanoUsd'),
    provenance: PROVENANCES[sum('provenance')],
    unknownPrices: sum('unknownPrices'),
    cacheHits: sum('cacheHits'),
    savedNanoUsd: sum('savedNanoUsd'),
  };
}
