import { type Pair, POOL_PRICES, POOL_SOURCES } from './pairs.ts';
import type { Prediction } from './predictions.ts';
import type { OutcomeRow } from './read-pack.ts';
import { averageGain, averageGainError, callShareFor, hullArea, type PairRow, type Point } from './router-curves.ts';

/** How well scores order the prompts of a pair. */
export interface PairFigures {
  readonly rows: number;
  readonly apgr: number;
  /** Standard error. */
  readonly error: number;
  readonly cpt50: number;
  readonly cpt80: number;
  /** The same by the length of the prompt alone. */
  readonly byLength: number;
}

export function pairFigures(pair: Pair, rows: readonly OutcomeRow[], scoreOf: (row: number) => number): PairFigures {
  const members = [...rows.keys()].filter((row) => pair.sources.includes(rows[row]?.source ?? ''));
  const scored = (score: (row: number) => number): PairRow[] =>
    members.map((row) => ({
      score: score(row),
      weak: rows[row]?.scores[pair.weak] ?? 0,
      strong: rows[row]?.scores[pair.strong] ?? 0,
    }));
  const ours = scored(scoreOf);
  return {
    rows: members.length,
    apgr: averageGain(ours),
    error: averageGainError(ours),
    cpt50: callShareFor(ours, 0.5),
    cpt80: callShareFor(ours, 0.8),
    byLength: averageGain(scored((row) => rows[row]?.prompt.length ?? 0)),
  };
}

/** A pool of models: the router's area under quality by cost, and the one of the best single models. */
export interface PoolFigures {
  readonly aiq: number;
  /** The zero router: the hull of the single models. */
  readonly zeroRouter: number;
  /** The area that a router would have who knew every answer beforehand. */
  readonly oracle: number;
}

const SWEEP = [0, ...Array.from({ length: 90 }, (_, step) => 10 ** (-5 + step / 10))];

/** Prompts sent to the model with the highest `P(right) − λ · cost`, for λ from 0 up. Costs are relative to the dearest model's mean. */
export function poolFigures(rows: readonly OutcomeRow[], predictions: readonly Prediction[]): PoolFigures {
  const members = [...rows.keys()].filter((row) => POOL_SOURCES.includes(rows[row]?.source ?? ''));
  const models = Object.keys(POOL_PRICES);
  const costOf = (row: number, model: string) => {
    const [input = 0, output = 0] = POOL_PRICES[model] ?? [];
    const tokens = rows[row]?.tokens;
    return ((tokens?.in ?? 0) * input + (tokens?.out[model] ?? 0) * output) / 1e6;
  };
  const qualityOf = (row: number, model: string) => rows[row]?.scores[model] ?? 0;
  const mean = (of: (row: number) => number) => members.reduce((sum, row) => sum + of(row), 0) / members.length;
  const singles = models.map(
    (model): Point => ({
      cost: mean((row) => costOf(row, model)),
      quality: mean((row) => qualityOf(row, model)),
    }),
  );
  // What a call costs is not known before it is made: the router goes by the model's mean.
  const usual = new Map(models.map((model, place) => [model, singles[place]?.cost ?? 0]));
  const from = Math.min(...singles.map((one) => one.cost));
  const to = Math.max(...singles.map((one) => one.cost));
  const policy = (worth: (row: number, model: string) => number, lambda: number): Point => {
    const chosen = new Map(
      members.map((row) => {
        const value = (model: string) => worth(row, model) - (lambda * (usual.get(model) ?? 0)) / to;
        return [row, models.reduce((best, model) => (value(model) > value(best) ? model : best))] as const;
      }),
    );
    return {
      cost: mean((row) => costOf(row, chosen.get(row) ?? '')),
      quality: mean((row) => qualityOf(row, chosen.get(row) ?? '')),
    };
  };
  const expected = (row: number, model: string) => {
    const prediction = predictions[row];
    if (prediction === undefined) return 0;
    const { calibration, abilities } = prediction.weights;
    const advantage = (abilities[model] ?? 0) - prediction.scores.hardness;
    return 1 / (1 + Math.exp(-(calibration.slope * advantage + calibration.shift)));
  };
  return {
    aiq: hullArea(
      SWEEP.map((lambda) => policy(expected, lambda)),
      from,
      to,
    ),
    zeroRouter: hullArea(singles, from, to),
    oracle: hullArea(
      SWEEP.map((lambda) => policy(qualityOf, lambda)),
      from,
      to,
    ),
  };
}
