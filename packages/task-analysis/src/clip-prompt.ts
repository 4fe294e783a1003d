/** No more than this of a prompt is read, so that no prompt can make the analysis slow. */
export const READ_CHARACTERS = 3_000;
/** So much of that is its end: an instruction often stands behind what was pasted. */
const READ_END = 600;

/** A prompt as far as it is read: whole, or its beginning and its end. */
export function clipPrompt(prompt: string): string {
  if (prompt.length <= READ_CHARACTERS) return prompt;
  return `${prompt.slice(0, READ_CHARACTERS - READ_END - 1)}\n${prompt.slice(-READ_END)}`;
}
