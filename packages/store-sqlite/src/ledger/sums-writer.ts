import type { DatabaseSync } from 'node:sqlite';
import { ATTEMPT_COLUMNS } from '../rows/attempt-columns.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { DIMENSIONS, type Dimension, QUARTER, QUARTERS_A_DAY } from '../schema/sums-schema.ts';

const FIGURES = [
  'requests',
  'attempts',
  'failures',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cost_nano_usd',
  'unknown_prices',
  'cache_hits',
  'saved_nano_usd',
] as const;

/** Figures that are mostly zero: where all of them are, they are not bound, nor added. */
const RARE: ReadonlySet<string> = new Set([
  'failures',
  'cache_read_tokens',
  'unknown_prices',
  'cache_hits',
  'saved_nano_usd',
]);
const USUAL_FIGURES = FIGURES.filter((figure) => !RARE.has(figure));
const USUAL_PLACES = USUAL_FIGURES.map((figure) => FIGURES.indexOf(figure));
const RARE_PLACES = FIGURES.map((_, index) => index).filter((index) => !USUAL_PLACES.includes(index));

/** One number for each of `FIGURES`. */
type Figures = Float64Array;

interface Sum {
  readonly place: readonly [dimension: number, name: number, quarter: number, simulated: number];
  readonly provider: number | null;
  readonly model: number | null;
  readonly figures: Figures;
  /** The weakest of the costs' provenances. */
  provenance: number | null;
}

/** What is stored of an attempt: the value of a column. */
type StoredValues = readonly (number | null)[];

/** Keeps the sums up to date with the attempts, in the transaction that writes them. */
export interface SumsWriter {
  /** `tags`: numbers of the names of the attempt's tags. */
  add(decision: number, attempt: number, values: StoredValues, tags: readonly number[]): void;
  /** Writes what was added since the last time. */
  write(): void;
  /** Forgets it: the transaction has failed. */
  forget(): void;
}

const PLACES = new Map(ATTEMPT_COLUMNS.map(([column], index) => [column, index]));
const placeOf = (column: string): number => PLACES.get(column) ?? -1;
const COLUMN = {
  startedAt: placeOf('started_at'),
  simulated: placeOf('simulated'),
  provider: placeOf('provider'),
  model: placeOf('model'),
  candidate: placeOf('candidate'),
  user: placeOf('user'),
  key: placeOf('key'),
  strategy: placeOf('strategy'),
  taskType: placeOf('task_type'),
  outcome: placeOf('outcome'),
  input: placeOf('input_tokens'),
  output: placeOf('output_tokens'),
  cacheRead: placeOf('cache_read_tokens'),
  cost: placeOf('cost_nano_usd'),
  provenance: placeOf('cost_provenance'),
  rule: placeOf('rule'),
  lane: placeOf('lane'),
  saved: placeOf('saved_nano_usd'),
};

/** More quarters of an hour than any clock shows before the year 2448; some hundred million names times this are exact numbers. */
const QUARTERS_AHEAD = 2 ** 24;

export function createSumsWriter(database: DatabaseSync, nameOfCache: () => number): SumsWriter {
  const upsertInto = (table: string, time: string, bound: readonly string[]) =>
    database.prepare(
      `INSERT INTO ${table} (dimension, name, ${time}, simulated, provider, model, cost_provenance, ${FIGURES.join(', ')})
       VALUES (?, ?, ?, ?, ?, ?, ?, ${FIGURES.map((figure) => (bound.includes(figure) ? '?' : '0')).join(', ')})
       ON CONFLICT (dimension, name, ${time}, simulated) DO UPDATE SET
       cost_provenance = coalesce(min(cost_provenance, excluded.cost_provenance), cost_provenance, excluded.cost_provenance),
       ${bound.map((figure) => `${figure} = ${figure} + excluded.${figure}`).join(', ')}`,
    );
  const upsertWhole = [upsertInto('sums', 'quarter', FIGURES), upsertInto('day_sums', 'day', FIGURES)] as const;
  const upsertUsual = [
    upsertInto('sums', 'quarter', USUAL_FIGURES),
    upsertInto('day_sums', 'day', USUAL_FIGURES),
  ] as const;
  const earlierAt = (column: string) =>
    database.prepare(`SELECT 1 FROM attempts WHERE decision = ? AND attempt < ? AND ${column} = ? LIMIT 1`);
  const earlier = { provider: earlierAt('provider'), candidate: earlierAt('candidate') };
  /** By dimension, then by name, quarter and whether it was simulated: all of them small numbers, put into one. */
  const sums = Object.values(DIMENSIONS).map(() => new Map<number, Sum>());
  /** The sum that was added to last in each dimension, and its number there: most rows have the one before's. */
  const lastIds = sums.map(() => Number.NaN);
  const lastSums: (Sum | undefined)[] = sums.map(() => undefined);
  /** What one attempt adds, kept from attempt to attempt. */
  const row: Figures = new Float64Array(FIGURES.length);

  function clear(): void {
    for (const ofDimension of sums) ofDimension.clear();
    lastIds.fill(Number.NaN);
    lastSums.fill(undefined);
  }

  function sumOf(dimension: Dimension, name: number, values: StoredValues): Sum {
    const [number] = DIMENSIONS[dimension];
    const quarter = Math.floor((values[COLUMN.startedAt] ?? 0) / QUARTER);
    const simulated = values[COLUMN.simulated] ?? 0;
    const id = (name * QUARTERS_AHEAD + quarter) * 2 + simulated;
    const last = lastSums[number];
    if (last !== undefined && lastIds[number] === id) return last;
    const ofDimension = sums[number];
    let sum = ofDimension?.get(id);
    if (sum === undefined) {
      const ofCandidate = dimension === 'candidate';
      sum = {
        place: [number, name, quarter, simulated],
        provider: ofCandidate ? (values[COLUMN.provider] ?? null) : null,
        model: ofCandidate ? (values[COLUMN.model] ?? null) : null,
        figures: new Float64Array(FIGURES.length),
        provenance: null,
      };
      ofDimension?.set(id, sum);
    }
    lastIds[number] = id;
    lastSums[number] = sum;
    return sum;
  }

  function addTo(
    dimension: Dimension,
    name: number,
    repeats: boolean,
    values: StoredValues,
    provenance: number | null,
  ): void {
    const sum = sumOf(dimension, name, values);
    const { figures } = sum;
    for (let index = repeats ? 1 : 0; index < row.length; index += 1) {
      figures[index] = (figures[index] ?? 0) + (row[index] ?? 0);
    }
    if (provenance !== null) sum.provenance = Math.min(sum.provenance ?? provenance, provenance);
  }

  return {
    add(decision, attempt, values, tags) {
      const value = (column: keyof typeof COLUMN): number => values[COLUMN[column]] ?? 0;
      const failed = value('outcome') !== FIXED_NAMES.success;
      const tokens = value('input') + value('output');
      const unknown = values[COLUMN.cost] === null && value('simulated') === 0 && (!failed || tokens > 0);
      // In the order of FIGURES; the first counts the request, unless it was counted before.
      row[0] = 1;
      row[1] = 1;
      row[2] = failed ? 1 : 0;
      row[3] = value('input');
      row[4] = value('output');
      row[5] = value('cacheRead');
      row[6] = value('cost');
      row[7] = unknown ? 1 : 0;
      row[8] = values[COLUMN.lane] === nameOfCache() ? 1 : 0;
      row[9] = value('saved');
      const provenance = values[COLUMN.cost] === null ? null : (values[COLUMN.provenance] ?? null);
      const later = attempt > 1;
      const repeats = (column: 'provider' | 'candidate') =>
        later && earlier[column].get(decision, attempt, value(column)) !== undefined;
      addTo('all', 0, later, values, provenance);
      addTo('provider', value('provider'), repeats('provider'), values, provenance);
      addTo('candidate', value('candidate'), repeats('candidate'), values, provenance);
      addTo('user', value('user'), later, values, provenance);
      addTo('key', value('key'), later, values, provenance);
      addTo('strategy', value('strategy'), later, values, provenance);
      addTo('taskType', value('taskType'), later, values, provenance);
      // Most requests follow no rule: nobody asks how many.
      if (value('rule') !== 0) addTo('rule', value('rule'), later, values, provenance);
      for (const tag of tags.length === 0 ? [0] : tags) addTo('tag', tag, later, values, provenance);
    },
    write() {
      for (const ofDimension of sums) {
        for (const { place, provider, model, provenance, figures } of ofDimension.values()) {
          const isUsual = RARE_PLACES.every((index) => figures[index] === 0);
          const bound = isUsual ? USUAL_PLACES.map((index) => figures[index] ?? 0) : figures;
          const [upsert, upsertDay] = isUsual ? upsertUsual : upsertWhole;
          const [dimension, name, quarter, simulated] = place;
          const day = Math.floor(quarter / QUARTERS_A_DAY);
          upsert.run(dimension, name, quarter, simulated, provider, model, provenance, ...bound);
          upsertDay.run(dimension, name, day, simulated, provider, model, provenance, ...bound);
        }
      }
      clear();
    },
    forget: clear,
  };
}
