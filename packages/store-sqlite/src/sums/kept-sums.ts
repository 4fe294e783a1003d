import { moment } from '../rows/ledger-query.ts';
import { DIMENSIONS, type Dimension, QUARTER } from '../schema/sums-schema.ts';
import { keptSpans } from './kept-spans.ts';
import type { SumsSource, TotalsGroup, TotalsQuery } from './totals-query.ts';

/** Sums are kept by one of these at a time: what a query names (as a group or as a filter) must be the same as one of them. */
const KEPT: Readonly<Record<string, Dimension>> = {
  '': 'all',
  provider: 'provider',
  candidate: 'candidate',
  'model,provider': 'candidate',
  'candidate,model,provider': 'candidate',
  user: 'user',
  key: 'key',
  strategy: 'strategy',
  taskType: 'taskType',
  tag: 'tag',
};

const FILTERS = ['provider', 'model', 'candidate', 'user', 'key'] as const;

const FIGURES = [
  ['requests', 'requests'],
  ['attempts', 'attempts'],
  ['failures', 'failures'],
  ['input_tokens', 'inputTokens'],
  ['output_tokens', 'outputTokens'],
  ['cache_read_tokens', 'cacheReadTokens'],
  ['cost_nano_usd', 'nanoUsd'],
  ['unknown_prices', 'unknownPrices'],
  ['cache_hits', 'cacheHits'],
  ['saved_nano_usd', 'savedNanoUsd'],
]
  .map(([column, figure]) => `coalesce(sum(s.${column}), 0) AS ${figure}`)
  .join(', ');

/**
 * The sums that are kept beside the attempts, where they answer a query: its bounds are whole quarters of an hour and it asks for nothing
 * that they don't hold. `undefined` otherwise: then the attempts are read.
 */
export function keptSums(query: TotalsQuery): readonly SumsSource[] | undefined {
  const { from, to, decision, tenant, session, outcome } = query;
  if ([decision, tenant, session, outcome].some((filter) => filter !== undefined)) return undefined;
  if ([from, to].some((bound) => bound !== undefined && moment(bound, 'from" or "to') % QUARTER !== 0))
    return undefined;
  const filters = FILTERS.filter((filter) => query[filter] !== undefined);
  const groups = (query.by ?? []).filter((group) => group !== 'day');
  const dimension = KEPT[[...new Set([...filters, ...groups])].toSorted().join(',')];
  if (dimension === undefined) return undefined;
  const [number] = DIMENSIONS[dimension];
  const ofName: Partial<Record<Exclude<TotalsGroup, 'day'>, string>> = { [dimension]: 's.name' };
  const columns = dimension === 'candidate' ? { ...ofName, provider: 's.provider', model: 's.model' } : ofName;
  const terms = ['s.simulated = ?'];
  const values: (string | number)[] = [query.simulated === true ? 1 : 0];
  for (const filter of filters) {
    terms.push(`${columns[filter]} = (SELECT id FROM names WHERE name = ?)`);
    values.push(query[filter] ?? '');
  }
  // A day of another zone is made of quarters of an hour.
  const spans = (query.by ?? []).includes('day')
    ? [{ of: 'quarter' as const, from: (from ?? 0) / QUARTER, to: to === undefined ? 2 ** 40 : to / QUARTER }]
    : keptSpans(from, to);
  return spans.map((span) => {
    const table = span.of === 'day' ? 'day_sums' : 'sums';
    // One seek for each name: the sums of a name lie together, in the order of their times.
    return {
      from: `(WITH RECURSIVE known (name) AS (
          SELECT min(name) FROM ${table} WHERE dimension = ${number}
          UNION ALL
          SELECT (SELECT min(name) FROM ${table} WHERE dimension = ${number} AND name > known.name) FROM known WHERE known.name IS NOT NULL)
        SELECT name FROM known WHERE name IS NOT NULL) AS known
        CROSS JOIN ${table} s ON s.dimension = ${number} AND s.name = known.name AND s.${span.of} >= ? AND s.${span.of} < ?`,
      seconds: `s.${span.of} * ${QUARTER / 1000}`,
      columns,
      figures: `${FIGURES}, min(s.cost_provenance) AS provenance`,
      // The bounds stand in `from`, which comes first.
      condition: { sql: terms.join(' AND '), values: [span.from, span.to, ...values] },
    };
  });
}
