import { CHARACTER_BUCKETS, FEATURE_COUNT, WORD_BUCKETS } from '../packages/task-analysis/src/extract-features.ts';
import { HEAD_NAMES, type HeadName, type HeadWeights } from '../packages/task-analysis/src/heads.ts';
import { fitHardness } from './fit-hardness.ts';
import { fitUsefulness } from './fit-usefulness.ts';
import type { FittedHead } from './fitted-head.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { sparseRows } from './sparse-rows.ts';

/** A prompt with what it is. */
export interface LabelledPrompt {
  readonly prompt: string;
  readonly head: HeadName;
  /** 0 (low) to 1 (high); absent: nobody said. */
  readonly complexity?: number | undefined;
  /** How much the row counts. */
  readonly weight: number;
}

export interface FittedHeads {
  readonly heads: ReadonlyMap<HeadName, FittedHead>;
  readonly families: HeadWeights['families'];
  readonly calibration: HeadWeights['calibration'];
  readonly abilities: HeadWeights['abilities'];
}

const TYPE_PENALTY = 1;
const COMPLEXITY_PENALTY = 1;

/** Fits every head: kinds of task one against the rest, complexity as a figure, usefulness and hardness on outcomes. */
export function fitHeads(labelled: readonly LabelledPrompt[], outcomes: readonly OutcomeRow[]): FittedHeads {
  const rows = sparseRows(labelled.map((row) => row.prompt));
  const everybody = labelled.map((_, row) => row);
  const weightOf = (row: number) => labelled[row]?.weight ?? 1;
  const heads = new Map<HeadName, FittedHead>();
  let families: FittedHeads['families'] = { families: [], buckets: '' };
  let calibrated: Pick<FittedHeads, 'calibration' | 'abilities'> = {
    calibration: { slope: 1, shift: 0 },
    abilities: {},
  };
  for (const name of HEAD_NAMES) {
    if (name === 'usefulness') {
      const fitted = fitUsefulness(outcomes);
      heads.set(name, fitted.head);
      families = fitted.families;
    } else if (name === 'hardness') {
      const { head, calibration, abilities } = fitHardness(outcomes);
      heads.set(name, head);
      calibrated = { calibration, abilities };
    } else if (name === 'complexity') {
      const members = everybody.filter((row) => labelled[row]?.complexity !== undefined);
      heads.set(
        name,
        fitCentred(rows, members, (row) => labelled[row]?.complexity ?? 0, COMPLEXITY_PENALTY, weightOf),
      );
    } else {
      heads.set(
        name,
        fitCentred(rows, everybody, (row) => (labelled[row]?.head === name ? 1 : 0), TYPE_PENALTY, weightOf),
      );
    }
  }
  return { heads, families, ...calibrated };
}

/** A ridge head with its mean as bias. */
function fitCentred(
  rows: ReturnType<typeof sparseRows>,
  members: readonly number[],
  target: (row: number) => number,
  penalty: number,
  weightOf: (row: number) => number = () => 1,
): FittedHead {
  let sum = 0;
  let weight = 0;
  for (const row of members) {
    sum += target(row) * weightOf(row);
    weight += weightOf(row);
  }
  const bias = weight === 0 ? 0 : sum / weight;
  return { bias, weights: fitRidge(rows, members, (row) => target(row) - bias, penalty, weightOf) };
}

const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/** Heads as they ship: weights of hashed words in one byte, cues with four digits. */
export function roundHeads({ heads: fitted, families, calibration, abilities }: FittedHeads): HeadWeights {
  const count = HEAD_NAMES.length;
  const bytes = new Int8Array(BUCKETS * count);
  const heads = HEAD_NAMES.map((name, head) => {
    const { bias, weights } = fitted.get(name) ?? { bias: 0, weights: new Float64Array(FEATURE_COUNT) };
    let largest = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) largest = Math.max(largest, Math.abs(weights[bucket] ?? 0));
    const scale = largest === 0 ? 1 : largest / 127;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      bytes[bucket * count + head] = Math.round((weights[bucket] ?? 0) / scale);
    }
    const cues = [...weights.subarray(BUCKETS)].map((value) => Number(value.toPrecision(4)));
    return { name, bias: Number(bias.toPrecision(4)), scale: Number(scale.toPrecision(6)), cues };
  });
  return { heads, families, calibration, abilities, buckets: Buffer.from(bytes.buffer).toString('base64') };
}
