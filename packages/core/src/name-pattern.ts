/**
 * Reads patterns of names, where `*` stands for any text: `claude-*`, `*-mini`, `openai/*`. Everything else is meant literally, and case counts. The answer
 * says whether a name fits one of them; it takes linear time whatever the pattern.
 *
 * @example
 * ```ts
 * const fits = namePatterns(['claude-*', 'openai/*']);
 * fits('claude-sonnet-5'); // true
 * ```
 */
export function namePatterns(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((one) => !one.includes('*')));
  const open = patterns.filter((one) => one.includes('*')).map((one) => one.split('*'));
  return (name) => exact.has(name) || open.some((pieces) => fits(name, pieces));
}

/** Whether a text begins with the first piece, ends with the last, and has the others between them in their order. */
function fits(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
