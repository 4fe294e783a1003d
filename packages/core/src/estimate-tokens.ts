/** More characters than this are judged by samples: the estimate must not cost more than it is worth. */
const WHOLE_UP_TO = 24_000;
/** Of one text three stretches: as it grows, so does its estimate, without leaps. */
const STRETCH = 8_000;
/** Of several texts so many single characters: what is typical of them comes out to about 1 %, however different they are. */
const SAMPLES = 4_096;

/** Tokens that one character of a kind takes on average in current tokenizers (fitted by eye on English, code, JSON, Chinese). */
const LETTER = 1 / 4;
const DIGIT = 1 / 2.4;
const PUNCTUATION = 0.55;
const LINE_BREAK = 0.5;
const IDEOGRAPH = 0.8;
const OTHER_SCRIPT = 1 / 2.3;

/**
 * Tokens of a text, estimated from its characters: within about 15 % for prose and code. No tokenizer runs, so hostile
 * text can't make it slow.
 */
export function estimateTokens(text: string): number {
  if (text.length <= WHOLE_UP_TO) return Math.ceil(tokenWeight(text, 0, text.length));
  const middle = Math.floor((text.length - STRETCH) / 2);
  const sampled =
    tokenWeight(text, 0, STRETCH) +
    tokenWeight(text, middle, middle + STRETCH) +
    tokenWeight(text, text.length - STRETCH, text.length);
  return Math.ceil((sampled * text.length) / (3 * STRETCH));
}

/**
 * Tokens of several texts together, each rounded up by itself. Of many or long ones no more is looked at than of few: however large a request is, to estimate it costs the same.
 *
 * @example
 * ```ts
 * estimateTokensOfAll(['You are terse.', 'What is a signal box?']); // 10
 * ```
 */
export function estimateTokensOfAll(texts: readonly string[]): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  // To round up adds half a token to each.
  if (characters > WHOLE_UP_TO) return Math.ceil(weighSamples(texts, characters) + texts.length / 2);
  let tokens = 0;
  for (const text of texts) tokens += Math.ceil(tokenWeight(text, 0, text.length));
  return tokens;
}

/** What a part of a text weighs, every character of it and not rounded up: weights of parts can be added. */
export function tokenWeight(text: string, start = 0, end = text.length): number {
  let weight = 0;
  for (let position = start; position < end; position += 1) weight += weightOf(text.charCodeAt(position));
  return weight;
}

/**
 * The weight of texts by single characters at uneven distances, as if they were one: an even distance would meet the same character of each line of a table. The distances are the same
 * each time, so that the same request is estimated the same.
 */
function weighSamples(texts: readonly string[], characters: number): number {
  const span = (2 * characters) / SAMPLES - 1;
  let seed = 1;
  let weight = 0;
  let samples = 0;
  let position = 0;
  for (const text of texts) {
    for (; position < text.length; samples += 1) {
      weight += weightOf(text.charCodeAt(position));
      // A linear congruential generator (Numerical Recipes' constants).
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      position += 1 + Math.floor((seed / 2 ** 32) * span);
    }
    position -= text.length;
  }
  return (weight * characters) / samples;
}

function weightOf(code: number): number {
  if (code < 0x80) return ASCII[code] ?? 0;
  return code >= 0x2e80 && code <= 0xd7ff ? IDEOGRAPH : OTHER_SCRIPT;
}

/** By code. Looked up, since what follows what in a text can't be foreseen. */
const ASCII = Float64Array.from({ length: 0x80 }, (_, code) => {
  if (code <= 0x20) return code === 0x0a ? LINE_BREAK : 0;
  const character = String.fromCharCode(code);
  return /[a-z]/i.test(character) ? LETTER : /\d/.test(character) ? DIGIT : PUNCTUATION;
});
