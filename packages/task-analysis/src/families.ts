import { CHARACTER_BUCKETS, type Features, WORD_BUCKETS } from './extract-features.ts';
import { CUE_COUNT } from './text-cues.ts';

/** A linear figure over the cues of a prompt. */
interface CueWeights {
  readonly bias: number;
  /** One weight for each cue. */
  readonly cues: readonly number[];
}

/** A family of prompts whose answers were measured, school maths for instance. */
export interface Family {
  readonly name: string;
  /** How much more often a strong model got its prompts right than a weak one, as far as several models showed it. */
  readonly gain: number;
  /** How much a prompt looks like the family, about 0 to 1; `scale` is what a whole number of `buckets` stands for. */
  readonly claim: CueWeights & { readonly scale: number };
  /** What sets its prompts apart from each other, in shares. */
  readonly within: CueWeights;
}

/** The families as `weights.json` holds them. */
export interface FamilyWeights {
  readonly families: readonly Family[];
  /** Base64 of signed bytes: for each bucket of words one of each family's claim. */
  readonly buckets: string;
}

/** What the families say of a prompt. */
export interface FamilyWord {
  /** 0 (like nothing that was measured) to 1. */
  readonly known: number;
  /** Expected gain of a strong model, a share. */
  readonly gain: number;
}

/** How sharply the likeliest family is preferred. */
const SHARPNESS = 8;
/** A prompt that no family claims by more than this is counted as unknown, and then so much is expected of a strong model. */
const UNKNOWN = { claim: 0.6, gain: 0.3 };
const WITHIN_SHARE = 0.5;
const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/**
 * Reads the families. Which of them a prompt belongs to is a soft choice with "none of them" beside them, so that prompts unlike all that was measured come
 * out alike instead of in an order that means nothing. Without families everything is known and nothing gained. Throws on weights for other features.
 */
export function createFamilies(weights: FamilyWeights): (features: Features) => FamilyWord {
  const { families } = weights;
  const count = families.length;
  if (count === 0) return () => ({ known: 1, gain: 0 });
  const bytes = Buffer.from(weights.buckets, 'base64');
  const fits = families.every(
    ({ claim, within }) => claim.cues.length === CUE_COUNT && within.cues.length === CUE_COUNT,
  );
  if (!fits || bytes.length !== WORD_BUCKETS * count) {
    throw new Error('The weights of the task analysis belong to another version: run "npm run routing:train".');
  }
  const buckets = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Float64Array(count);
  const claims = new Float64Array(count);
  const withins = new Float64Array(count);
  return ({ indices, values }) => {
    words.fill(0);
    for (const [place, { claim, within }] of families.entries()) {
      claims[place] = claim.bias;
      withins[place] = within.bias;
    }
    for (let at = 0; at < indices.length; at += 1) {
      const index = indices[at] ?? 0;
      const value = values[at] ?? 0;
      if (index < WORD_BUCKETS) {
        const row = index * count;
        for (let place = 0; place < count; place += 1) {
          words[place] = (words[place] ?? 0) + value * (buckets[row + place] ?? 0);
        }
      } else if (index >= BUCKETS) {
        for (let place = 0; place < count; place += 1) {
          const family = families[place];
          claims[place] = (claims[place] ?? 0) + value * (family?.claim.cues[index - BUCKETS] ?? 0);
          withins[place] = (withins[place] ?? 0) + value * (family?.within.cues[index - BUCKETS] ?? 0);
        }
      }
    }
    const unknown = Math.exp(SHARPNESS * UNKNOWN.claim);
    let sum = unknown;
    let gain = unknown * UNKNOWN.gain;
    for (const [place, family] of families.entries()) {
      const share = Math.exp(SHARPNESS * ((claims[place] ?? 0) + family.claim.scale * (words[place] ?? 0)));
      sum += share;
      gain += share * (family.gain + WITHIN_SHARE * (withins[place] ?? 0));
    }
    return { known: 1 - unknown / sum, gain: gain / sum };
  };
}
