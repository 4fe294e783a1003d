import { CHARACTER_BUCKETS, FEATURE_COUNT, WORD_BUCKETS } from '../packages/task-analysis/src/extract-features.ts';
import { type HeadName, type HeadWeights, LINEAR_HEADS } from '../packages/task-analysis/src/heads.ts';
import { fitFamilies } from './fit-families.ts';
import { fitHardness } from './fit-hardness.ts';
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
  /** Whether it is like none of the prompts whose answers were measured. */
  readonly isStranger: boolean;
}

/** What is learned from right and wrong answers. */
export interface FittedOutcomes {
  readonly hardness: FittedHead;
  readonly families: HeadWeights['families'];
  readonly calibration: HeadWeights['calibration'];
  readonly abilities: HeadWeights['abilities'];
}

export interface FittedHeads extends Omit<FittedOutcomes, 'hardness'> {
  readonly heads: ReadonlyMap<HeadName, FittedHead>;
}

// Chosen by sources and forms that were left out.
const TYPE_PENALTY = 3;
const COMPLEXITY_PENALTY = 3;
/** Plain questions are the commonest kind, so that they would win whatever nobody knows: they have to lead by as much. Chosen likewise. */
const PLAIN_QUESTION_LEAD = 0.04;

/** Fits every head: kinds of task one against the rest, complexity as a figure, usefulness and hardness on outcomes. */
export function fitHeads(labelled: readonly LabelledPrompt[], outcomes: readonly OutcomeRow[]): FittedHeads {
  return joinHeads(fitLabelled(labelled), fitOutcomes(outcomes, strangersOf(labelled)));
}

/** The heads of what was said of prompts, and the ones of what became of them. */
export function joinHeads(
  labelled: ReadonlyMap<HeadName, FittedHead>,
  { hardness, ...outcomes }: FittedOutcomes,
): FittedHeads {
  return { heads: new Map([...labelled, ['hardness', hardness]]), ...outcomes };
}

/** Prompts that are like none whose answers were measured. */
export function strangersOf(labelled: readonly LabelledPrompt[]): readonly string[] {
  return labelled.filter(({ isStranger }) => isStranger).map(({ prompt }) => prompt);
}

/** `strangers`: prompts that belong to no family. */
export function fitOutcomes(outcomes: readonly OutcomeRow[], strangers: readonly string[]): FittedOutcomes {
  const { head, calibration, abilities } = fitHardness(outcomes);
  return { hardness: head, families: fitFamilies(outcomes, strangers), calibration, abilities };
}

/** `names`: heads to fit; by default all that are learned from labels. */
export function fitLabelled(
  labelled: readonly LabelledPrompt[],
  names: readonly HeadName[] = LINEAR_HEADS.filter((name) => name !== 'hardness'),
): ReadonlyMap<HeadName, FittedHead> {
  const rows = sparseRows(labelled.map((row) => row.prompt));
  const everybody = labelled.map((_, row) => row);
  const weightOf = (row: number) => labelled[row]?.weight ?? 1;
  return new Map(
    names.map((name) => {
      if (name !== 'complexity') {
        const isOne = (row: number) => (labelled[row]?.head === name ? 1 : 0);
        const head = fitCentred(rows, everybody, isOne, TYPE_PENALTY, weightOf);
        return [name, name === 'simple_query' ? { ...head, bias: head.bias - PLAIN_QUESTION_LEAD } : head] as const;
      }
      const members = everybody.filter((row) => labelled[row]?.complexity !== undefined);
      const complexity = (row: number) => labelled[row]?.complexity ?? 0;
      return [name, fitCentred(rows, members, complexity, COMPLEXITY_PENALTY, weightOf)] as const;
    }),
  );
}

/** A ridge head with its mean as bias. */
function fitCentred(
  rows: ReturnType<typeof sparseRows>,
  members: readonly number[],
  target: (row: number) => number,
  penalty: number,
  weightOf: (row: number) => number,
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
  const count = LINEAR_HEADS.length;
  const bytes = new Int8Array(BUCKETS * count);
  const heads = LINEAR_HEADS.map((name, head) => {
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
