/** Characters per token: the usual rule of thumb for English. */
const CHARACTERS_PER_TOKEN = 4;

/** What an image or another attachment counts: Gemini's published figure for one image. */
export const TOKENS_PER_ATTACHMENT = 258;

/** A plausible number of tokens for a text: its length divided by four, rounded up. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** The beginning of a text that counts at most so many tokens; never half of a surrogate pair. */
export function limitTokens(text: string, tokens: number): string {
  const end = tokens * CHARACTERS_PER_TOKEN;
  if (text.length <= end) return text;
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end);
}

/** Text in the pieces in which it is streamed: words with the blank before them; long runs are divided. */
export function textPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
    if (word.length <= 24) pieces.push(word);
    else pieces.push(...slices(word, 16));
  }
  return pieces;
}

/** A text in slices of so many characters (code points). */
export function slices(text: string, size: number): readonly string[] {
  const characters = Array.from(text);
  const result: string[] = [];
  for (let from = 0; from < characters.length; from += size) result.push(characters.slice(from, from + size).join(''));
  return result;
}
