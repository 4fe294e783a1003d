/** Columns that a text takes in a terminal. */
export type TextWidth = (text: string) => number;

/**
 * How wide texts are: what is plain takes a column a character. The rest is measured by rules for which the engine reads tables for 20 ms, so they are loaded only where
 * one of these texts needs them.
 */
export async function textWidthFor(texts: readonly string[]): Promise<TextWidth> {
  if (texts.every((text) => /^[ -~]*$/.test(text))) return (text) => text.length;
  const { default: stringWidth } = await import('string-width');
  return stringWidth;
}
