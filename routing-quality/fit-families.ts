import { CHARACTER_BUCKETS, FEATURE_COUNT, WORD_BUCKETS } from '../packages/task-analysis/src/extract-features.ts';
import type { Family, FamilyWeights } from '../packages/task-analysis/src/families.ts';
import { CUE_COUNT } from '../packages/task-analysis/src/text-cues.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { type SparseRows, selectFeatures } from './sparse-rows.ts';
import type { Usefulness } from './usefulness.ts';

/** Sources whose prompts are of one family: the two runs of GSM8K asked the same kind of question. Any other source is a family of its own. */
const FAMILY_OF_SOURCE: Readonly<Record<string, string>> = {
  routing_routellm_gsm8k: 'school mathematics',
  routing_zeroeval_gsm: 'school mathematics',
  routing_zeroeval_math_l5: 'competition mathematics',
  routing_zeroeval_crux: 'output of a program',
  routing_routellm_mmlu: 'knowledge, multiple choice',
  routing_mmlupro: 'reasoning, multiple choice',
};

const CLAIM_PENALTY = 0.3;
const WITHIN_PENALTY = 600;
/** Models that make an answer weigh 1 where the prompts of a family are set apart. */
const USUAL_MODELS = 12;
/** A gain that was seen with two models says less of others than one that was seen with eighteen: so many more that saw none are added. */
const DOUBTING_MODELS = 6;
const STEPS = 60;
const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/** Fits the families: what their prompts look like in words and cues, their mean gain, and which of their prompts gain more than others, in cues alone. */
export function fitFamilies(
  rows: readonly OutcomeRow[],
  features: SparseRows,
  useful: readonly Usefulness[],
  weightOf: (row: number) => number,
): FamilyWeights {
  const nameOf = (row: number) => FAMILY_OF_SOURCE[rows[row]?.source ?? ''] ?? rows[row]?.source ?? '';
  const everybody = rows.map((_, row) => row);
  const names = [...new Set(everybody.map(nameOf))].sort();
  const total = everybody.reduce((sum, row) => sum + weightOf(row), 0);
  const wordsAndCues = selectFeatures(features, (index) => index < WORD_BUCKETS || index >= BUCKETS);
  const cues = standardCues(features);
  const bytes = new Int8Array(WORD_BUCKETS * names.length);
  const families = names.map((name, place): Family => {
    const members = everybody.filter((row) => nameOf(row) === name);
    const bias = members.reduce((sum, row) => sum + weightOf(row), 0) / total;
    const isMember = (row: number) => (nameOf(row) === name ? 1 : 0);
    const claim = fitRidge(wordsAndCues, everybody, (row) => isMember(row) - bias, CLAIM_PENALTY, weightOf, STEPS);
    const scale = roundWords(claim, bytes, place, names.length);
    return {
      name,
      gain: Number(meanGain(members, useful).toPrecision(4)),
      claim: { bias: rounded(bias), scale, cues: [...claim.subarray(BUCKETS)].map(rounded) },
      within: fitWithin(cues, members, useful),
    };
  });
  return { families, buckets: Buffer.from(bytes.buffer).toString('base64') };
}

function meanGain(members: readonly number[], useful: readonly Usefulness[]): number {
  let gains = 0;
  let models = 0;
  let most = 0;
  for (const row of members) {
    const one = useful[row];
    gains += (one?.gain ?? 0) * (one?.models ?? 0);
    models += one?.models ?? 0;
    most = Math.max(most, one?.models ?? 0);
  }
  return ((gains / Math.max(1, models)) * most) / (most + DOUBTING_MODELS);
}

/** The cues of all rows with their means and spreads: a penalty means the same for each of them. */
interface StandardCues {
  readonly values: readonly Float64Array[];
  readonly spreads: Float64Array;
}

function standardCues(features: SparseRows): StandardCues {
  const values: Float64Array[] = [];
  const sums = new Float64Array(CUE_COUNT);
  const squares = new Float64Array(CUE_COUNT);
  for (let row = 0; row < features.count; row += 1) {
    const own = new Float64Array(CUE_COUNT);
    for (let at = features.starts[row] ?? 0; at < (features.starts[row + 1] ?? 0); at += 1) {
      const cue = (features.indices[at] ?? 0) - BUCKETS;
      if (cue >= 0) own[cue] = features.values[at] ?? 0;
    }
    values.push(own);
    for (const [cue, value] of own.entries()) {
      sums[cue] = (sums[cue] ?? 0) + value;
      squares[cue] = (squares[cue] ?? 0) + value * value;
    }
  }
  const count = Math.max(1, features.count);
  const spreads = sums.map((sum, cue) => Math.sqrt(Math.max(0, (squares[cue] ?? 0) / count - (sum / count) ** 2)));
  return { values, spreads };
}

function fitWithin(
  { values, spreads }: StandardCues,
  members: readonly number[],
  useful: readonly Usefulness[],
): Family['within'] {
  const weightOf = (place: number) => Math.sqrt((useful[members[place] ?? 0]?.models ?? 0) / USUAL_MODELS);
  const weight = members.reduce((sum, _, place) => sum + weightOf(place), 0);
  const means = new Float64Array(CUE_COUNT);
  for (const [place, row] of members.entries()) {
    for (let cue = 0; cue < CUE_COUNT; cue += 1) {
      means[cue] = (means[cue] ?? 0) + (weightOf(place) * (values[row]?.[cue] ?? 0)) / weight;
    }
  }
  const used = [...spreads.keys()].filter((cue) => (spreads[cue] ?? 0) > 1e-6);
  const standard = (row: number, cue: number) => ((values[row]?.[cue] ?? 0) - (means[cue] ?? 0)) / (spreads[cue] ?? 1);
  const rows: SparseRows = {
    count: members.length,
    starts: Uint32Array.from({ length: members.length + 1 }, (_, place) => place * used.length),
    indices: Uint16Array.from(members.flatMap(() => used.map((cue) => BUCKETS + cue))),
    values: Float32Array.from(members.flatMap((row) => used.map((cue) => standard(row, cue)))),
  };
  const target = (place: number) => useful[members[place] ?? 0]?.apart ?? 0;
  const weights = fitRidge(rows, [...members.keys()], target, WITHIN_PENALTY, weightOf, STEPS);
  const cues = [...weights.subarray(BUCKETS, FEATURE_COUNT)].map((value, cue) =>
    (spreads[cue] ?? 0) > 1e-6 ? value / (spreads[cue] ?? 1) : 0,
  );
  const bias = -cues.reduce((sum, value, cue) => sum + value * (means[cue] ?? 0), 0);
  return { bias: rounded(bias), cues: cues.map(rounded) };
}

/** The weights of words in one byte; gives what a whole number of them stands for. */
function roundWords(weights: Float64Array, bytes: Int8Array, place: number, count: number): number {
  let largest = 0;
  for (let bucket = 0; bucket < WORD_BUCKETS; bucket += 1) largest = Math.max(largest, Math.abs(weights[bucket] ?? 0));
  const scale = largest === 0 ? 1 : largest / 127;
  for (let bucket = 0; bucket < WORD_BUCKETS; bucket += 1) {
    bytes[bucket * count + place] = Math.round((weights[bucket] ?? 0) / scale);
  }
  return Number(scale.toPrecision(6));
}

const rounded = (value: number) => Number(value.toPrecision(4));
