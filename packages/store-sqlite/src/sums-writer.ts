import type { DatabaseSync } from 'node:sqlite';
import { ATTEMPT_COLUMNS } from './attempt-columns.ts';
import { FIXED_NAMES } from './migrations.ts';
import { DIMENSIONS, type Dimension, QUARTER } from './sums-schema.ts';

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

type Figures = Record<(typeof FIGURES)[number], number>;

interface Sum {
  readonly place: readonly [dimension: number, name: number, quarter: number, simulated: number];
  readonly provider: number | null;
  readonly model: number | null;
  readonly figures: Figures;
  /** The weakest of the costs' provenances. */
  provenance: number | null;
}

/** What is stored of an attempt: the value of a column. */
export type StoredValues = readonly (number | null)[];

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
  cause: placeOf('cause'),
  saved: placeOf('saved_nano_usd'),
};

export function createSumsWriter(database: DatabaseSync, nameOfCache: () => number): SumsWriter {
  const upsert = database.prepare(
    `INSERT INTO sums (dimension, name, quarter, simulated, provider, model, cost_provenance, ${FIGURES.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ${FIGURES.map(() => '?').join(', ')})
     ON CONFLICT (dimension, name, quarter, simulated) DO UPDATE SET
     cost_provenance = coalesce(min(cost_provenance, excluded.cost_provenance), cost_provenance, excluded.cost_provenance),
     ${FIGURES.map((figure) => `${figure} = ${figure} + excluded.${figure}`).join(', ')}`,
  );
  const earlierAt = (column: string) =>
    database.prepare(`SELECT 1 FROM attempts WHERE decision = ? AND attempt < ? AND ${column} = ? LIMIT 1`);
  const earlier = { provider: earlierAt('provider'), candidate: earlierAt('candidate') };
  const sums = new Map<string, Sum>();

  function addTo(
    dimension: Dimension,
    name: number,
    repeats: boolean,
    values: StoredValues,
    row: Omit<Figures, 'requests'>,
  ): void {
    const [number] = DIMENSIONS[dimension];
    const quarter = Math.floor((values[COLUMN.startedAt] ?? 0) / QUARTER);
    const simulated = values[COLUMN.simulated] ?? 0;
    const id = `${number} ${name} ${quarter} ${simulated}`;
    const ofCandidate = dimension === 'candidate';
    let sum = sums.get(id);
    if (sum === undefined) {
      sum = {
        place: [number, name, quarter, simulated],
        provider: ofCandidate ? (values[COLUMN.provider] ?? null) : null,
        model: ofCandidate ? (values[COLUMN.model] ?? null) : null,
        figures: Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Figures,
        provenance: null,
      };
      sums.set(id, sum);
    }
    const { figures } = sum;
    if (!repeats) figures.requests += 1;
    for (const [figure, value] of Object.entries(row)) figures[figure as keyof typeof row] += value;
    const provenance = values[COLUMN.cost] === null ? null : (values[COLUMN.provenance] ?? null);
    if (provenance !== null) sum.provenance = Math.min(sum.provenance ?? provenance, provenance);
  }

  return {
    add(decision, attempt, values, tags) {
      const value = (column: keyof typeof COLUMN): number => values[COLUMN[column]] ?? 0;
      const failed = value('outcome') !== FIXED_NAMES.success;
      const tokens = value('input') + value('output');
      const unknown = values[COLUMN.cost] === null && value('simulated') === 0 && (!failed || tokens > 0);
      const row = {
        attempts: 1,
        failures: failed ? 1 : 0,
        input_tokens: value('input'),
        output_tokens: value('output'),
        cache_read_tokens: value('cacheRead'),
        cost_nano_usd: value('cost'),
        unknown_prices: unknown ? 1 : 0,
        cache_hits: values[COLUMN.cause] === nameOfCache() ? 1 : 0,
        saved_nano_usd: value('saved'),
      };
      const later = attempt > 1;
      const repeats = (column: 'provider' | 'candidate') =>
        later && earlier[column].get(decision, attempt, value(column)) !== undefined;
      addTo('all', 0, later, values, row);
      addTo('provider', value('provider'), repeats('provider'), values, row);
      addTo('candidate', value('candidate'), repeats('candidate'), values, row);
      addTo('user', value('user'), later, values, row);
      addTo('key', value('key'), later, values, row);
      addTo('strategy', value('strategy'), later, values, row);
      addTo('taskType', value('taskType'), later, values, row);
      for (const tag of tags.length === 0 ? [0] : tags) addTo('tag', tag, later, values, row);
    },
    write() {
      for (const { place, provider, model, provenance, figures } of sums.values()) {
        upsert.run(...place, provider, model, provenance, ...FIGURES.map((figure) => figures[figure]));
      }
      sums.clear();
    },
    forget: () => sums.clear(),
  };
}
