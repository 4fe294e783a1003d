import { CHARACTER_BUCKETS, type Features, WORD_BUCKETS } from './extract-features.ts';
import { CHOICES_CUE, measureQuestionCues, QUESTION_CUE_COUNT } from './question-cues.ts';
import { CUE_COUNT, FORM_CUES } from './text-cues.ts';

/** Figures that set the prompts of a family apart: the form of the text, and that of the question. */
export const WITHIN_COUNT = FORM_CUES.length + QUESTION_CUE_COUNT;

/** A linear figure over some cues of a prompt. */
interface CueWeights {
  readonly bias: number;
  /** One weight for each cue. */
  readonly cues: readonly number[];
}

/** A family of prompts whose answers were measured, school maths for instance. */
export interface Family {
  readonly name: string;
  /** How much more often a strong model got its prompts right than a weak one, as far as several models showed it; in tenths. */
  readonly gain: number;
  /** How much a prompt looks like the family, about 0 to 1; `scale` is what a whole number of `buckets` stands for. */
  readonly claim: CueWeights & { readonly scale: number };
  /** The least and the most choices that its prompts offer, as the cue has them. */
  readonly choices: { readonly least: number; readonly most: number };
  /** What sets its prompts apart from each other, in shares. */
  readonly within: CueWeights;
}

/** The families as `weights.json` holds them. */
export interface FamilyWeights {
  readonly families: readonly Family[];
  /** Base64 of signed bytes: for each bucket of words one of each family's claim. */
  readonly buckets: string;
}

/** A prompt that no family claims by this much is like nothing that was measured. */
const LEAST_CLAIM = 0.4;
/** How sharply the likeliest of the families is preferred. */
const SHARPNESS = 8;
const WITHIN_SHARE = 0.7;
const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/**
 * Reads the families. What comes out gives the expected gain of a strong model, a share, for prompts that a family claims, and `undefined` for all others: an
 * order among prompts unlike all that was measured would mean nothing. Throws on weights for other features.
 */
export function createFamilies(weights: FamilyWeights): (features: Features) => number | undefined {
  const { families } = weights;
  const count = families.length;
  if (count === 0) return () => undefined;
  const bytes = Buffer.from(weights.buckets, 'base64');
  const fits = families.every(
    ({ claim, within }) => claim.cues.length === CUE_COUNT && within.cues.length === WITHIN_COUNT,
  );
  if (!fits || bytes.length !== WORD_BUCKETS * count) {
    throw new Error('The weights of the task analysis belong to another version: run "npm run routing:train".');
  }
  const buckets = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const cues = new Float64Array(CUE_COUNT * count);
  for (const [place, { claim }] of families.entries()) {
    for (const [cue, value] of claim.cues.entries()) cues[cue * count + place] = value;
  }
  const words = new Float64Array(count);
  const claims = new Float64Array(count);
  const within = new Float64Array(WITHIN_COUNT);
  return (features) => {
    const { indices, values } = features;
    for (const [place, { claim }] of families.entries()) claims[place] = claim.bias;
    let end = 0;
    while (end < indices.length && (indices[end] ?? 0) < WORD_BUCKETS) end += 1;
    for (let place = 0; place < count; place += 1) {
      let sum = 0;
      for (let at = 0; at < end; at += 1) sum += (values[at] ?? 0) * (buckets[(indices[at] ?? 0) * count + place] ?? 0);
      words[place] = sum;
    }
    for (let at = indices.length - 1; at >= 0 && (indices[at] ?? 0) >= BUCKETS; at -= 1) {
      const value = values[at] ?? 0;
      const row = ((indices[at] ?? 0) - BUCKETS) * count;
      for (let place = 0; place < count; place += 1)
        claims[place] = (claims[place] ?? 0) + value * (cues[row + place] ?? 0);
    }
    let first = 0;
    for (const [place, { claim }] of families.entries()) {
      claims[place] = (claims[place] ?? 0) + claim.scale * (words[place] ?? 0);
      if ((claims[place] ?? 0) > (claims[first] ?? 0)) first = place;
    }
    const most = claims[first] ?? 0;
    if (most < LEAST_CLAIM) return undefined;
    measureWithin(features, within);
    const choices = within[FORM_CUES.length + CHOICES_CUE] ?? 0;
    let sum = 0;
    let gain = 0;
    for (const [place, family] of families.entries()) {
      if (choices < family.choices.least || choices > family.choices.most) {
        if (place === first) return undefined;
        continue;
      }
      const share = Math.exp(SHARPNESS * ((claims[place] ?? 0) - most));
      sum += share;
      gain += share * (family.gain + WITHIN_SHARE * linear(family.within, within));
    }
    return gain / sum;
  };
}

function linear({ bias, cues }: CueWeights, values: Float64Array): number {
  let sum = bias;
  for (let cue = 0; cue < cues.length; cue += 1) sum += (values[cue] ?? 0) * (cues[cue] ?? 0);
  return sum;
}

/** Fills `into` with what sets the prompts of a family apart. */
export function measureWithin({ indices, values, text }: Features, into: Float64Array): void {
  into.fill(0);
  // The cues stand at the end.
  for (let at = indices.length - 1; at >= 0; at -= 1) {
    const cue = (indices[at] ?? 0) - BUCKETS;
    if (cue < 0) break;
    const place = cue - (FORM_CUES[0] ?? 0);
    if (place >= 0 && place < FORM_CUES.length) into[place] = values[at] ?? 0;
  }
  measureQuestionCues(text, into.subarray(FORM_CUES.length));
}
