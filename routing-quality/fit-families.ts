import {
  CHARACTER_BUCKETS,
  extractFeatures,
  FEATURE_COUNT,
  WORD_BUCKETS,
} from '../packages/task-analysis/src/extract-features.ts';
import {
  type Family,
  type FamilyWeights,
  measureWithin,
  WITHIN_COUNT,
} from '../packages/task-analysis/src/families.ts';
import { CHOICES_CUE } from '../packages/task-analysis/src/question-cues.ts';
import { FORM_CUES } from '../packages/task-analysis/src/text-cues.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { type SparseRows, selectFeatures, sparseRows } from './sparse-rows.ts';
import { type Usefulness, usefulnessOf } from './usefulness.ts';

/** Sources whose prompts are of one family: the two runs of GSM8K asked the same kind of question. Any other source is a family of its own. */
const FAMILY_OF_SOURCE: Readonly<Record<string, string>> = {
  routing_routellm_gsm8k: 'school mathematics',
  routing_zeroeval_gsm: 'school mathematics',
  routing_zeroeval_math_l5: 'competition mathematics',
  routing_zeroeval_crux: 'output of a program',
  routing_routellm_mmlu: 'knowledge, multiple choice',
  routing_mmlupro: 'reasoning, multiple choice',
};

/** A source with more rows than this counts as if it had so many: no source drowns the others. */
const ROWS_OF_A_SOURCE = 700;
/** A prompt that nobody measured counts so much among those that belong to no family. */
const STRANGER_WEIGHT = 0.5;
const CLAIM_PENALTY = 0.3;
/** Times the number of cues: what is asked of each is as strong however many there are. */
const WITHIN_PENALTY = 40;
/** Longer is harder: that is known beforehand, so that length has to show less than others to have a say. */
const LENGTH_FAVOUR = 4;
const LENGTH_PLACE = 0;
/** Models that make an answer weigh 1 where the prompts of a family are set apart. */
const USUAL_MODELS = 12;
/** A gain that was seen with two models says less of others than one that was seen with eighteen: so many more that saw none are added. */
const DOUBTING_MODELS = 6;
/** Share of a family's prompts, at either end, whose number of choices is no usual one. */
const UNUSUAL = 0.04;
const STEPS = 60;
const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/**
 * Fits the families: what their prompts look like in words and cues, beside each other and beside `strangers`, which belong to none; their mean gain; and which of
 * their prompts gain more than others, by their form.
 */
export function fitFamilies(rows: readonly OutcomeRow[], strangers: readonly string[]): FamilyWeights {
  if (rows.length === 0) return { families: [], buckets: '' };
  const useful = usefulnessOf(rows);
  const nameOf = (row: number) => FAMILY_OF_SOURCE[rows[row]?.source ?? ''] ?? rows[row]?.source ?? '';
  const counts = new Map<string, number>();
  for (const { source } of rows) counts.set(source, (counts.get(source) ?? 0) + 1);
  const weightOf = (row: number) => {
    const source = rows[row]?.source;
    return source === undefined ? STRANGER_WEIGHT : Math.min(1, ROWS_OF_A_SOURCE / (counts.get(source) ?? 1));
  };
  const prompts = rows.map((row) => row.prompt);
  const wordsAndCues = selectFeatures(
    sparseRows([...prompts, ...strangers]),
    (index) => index < WORD_BUCKETS || index >= BUCKETS,
  );
  const everybody = [...Array(rows.length + strangers.length).keys()];
  const total = everybody.reduce((sum, row) => sum + weightOf(row), 0);
  const forms = prompts.map(formOf);
  const names = [...new Set(rows.map((_, row) => nameOf(row)))].sort();
  const bytes = new Int8Array(WORD_BUCKETS * names.length);
  const families = names.map((name, place): Family => {
    const members = [...rows.keys()].filter((row) => nameOf(row) === name);
    const bias = members.reduce((sum, row) => sum + weightOf(row), 0) / total;
    const isMember = (row: number) => (nameOf(row) === name ? 1 : 0);
    const claim = fitRidge(wordsAndCues, everybody, (row) => isMember(row) - bias, CLAIM_PENALTY, weightOf, STEPS);
    const scale = roundWords(claim, bytes, place, names.length);
    return {
      name,
      gain: Math.round(10 * meanGain(members, useful)) / 10,
      claim: { bias: rounded(bias), scale, cues: [...claim.subarray(BUCKETS)].map(rounded) },
      choices: usualChoices(members, forms),
      within: fitWithin(forms, members, useful),
    };
  });
  return { families, buckets: Buffer.from(bytes.buffer).toString('base64') };
}

function formOf(prompt: string): Float64Array {
  const form = new Float64Array(WITHIN_COUNT);
  measureWithin(extractFeatures(prompt), form);
  return form;
}

/** In tenths, once rounded: a finer figure would say by how much chance has favoured a family. */
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

function usualChoices(members: readonly number[], forms: readonly Float64Array[]): Family['choices'] {
  const choices = members.map((row) => forms[row]?.[FORM_CUES.length + CHOICES_CUE] ?? 0);
  choices.sort((one, other) => one - other);
  const at = (share: number) => choices[Math.round((choices.length - 1) * share)] ?? 0;
  // A little beyond, for the rounding.
  return { least: rounded(at(UNUSUAL) - 0.01), most: rounded(at(1 - UNUSUAL) + 0.01) };
}

/** Ridge over the form of a family's prompts, each cue by its spread within the family. */
function fitWithin(
  forms: readonly Float64Array[],
  members: readonly number[],
  useful: readonly Usefulness[],
): Family['within'] {
  const weightOf = (place: number) => Math.sqrt((useful[members[place] ?? 0]?.models ?? 0) / USUAL_MODELS);
  const weight = members.reduce((sum, _, place) => sum + weightOf(place), 0);
  const means = new Float64Array(WITHIN_COUNT);
  const units = new Float64Array(WITHIN_COUNT);
  for (let cue = 0; cue < WITHIN_COUNT; cue += 1) {
    let sum = 0;
    let weighted = 0;
    let squares = 0;
    for (const [place, row] of members.entries()) {
      const value = forms[row]?.[cue] ?? 0;
      sum += value;
      squares += value * value;
      weighted += weightOf(place) * value;
    }
    const spread = Math.sqrt(Math.max(0, squares / members.length - (sum / members.length) ** 2));
    means[cue] = weighted / weight;
    units[cue] = spread > 1e-6 ? (cue === LENGTH_PLACE ? LENGTH_FAVOUR : 1) / spread : 0;
  }
  const used = [...units.keys()].filter((cue) => (units[cue] ?? 0) > 0);
  const rows: SparseRows = {
    count: members.length,
    starts: Uint32Array.from({ length: members.length + 1 }, (_, place) => place * used.length),
    indices: Uint16Array.from(members.flatMap(() => used)),
    values: Float32Array.from(
      members.flatMap((row) => used.map((cue) => ((forms[row]?.[cue] ?? 0) - (means[cue] ?? 0)) * (units[cue] ?? 0))),
    ),
  };
  const target = (place: number) => useful[members[place] ?? 0]?.apart ?? 0;
  const penalty = WITHIN_PENALTY * used.length;
  const weights = fitRidge(rows, [...members.keys()], target, penalty, weightOf, STEPS).subarray(0, FEATURE_COUNT);
  const cues = Array.from(units, (unit, cue) => (weights[cue] ?? 0) * unit);
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
