/**
 * Breaks a line between words so that it fits so many columns, further lines behind an indent. Without a width (a pipe) it stays whole. A word that is
 * longer than a line stands alone.
 */
export function wrapped(line: string, columns: number | undefined, indent: string): string {
  if (columns === undefined || line.length <= columns) return line;
  if (line.includes('\n')) return wrappedText(line, columns);
  const start = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = start;
  // Blanks within a line (between an example and its remark) stay with the word before them.
  for (const word of line.trim().split(/(?<=\S) (?=\S)/)) {
    const lead = lines.length === 0 ? start : indent;
    if (current.length > lead.length && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = indent;
    }
    current += current.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, current].join('\n');
}

/** Wraps each line of a text that is too long; what follows is indented a little more than its beginning. */
export function wrappedText(text: string, columns: number | undefined): string {
  return text
    .split('\n')
    .map((line) => wrapped(line, columns, `${/^ */.exec(line)?.[0] ?? ''}${line.startsWith(' ') ? '    ' : ''}`))
    .join('\n');
}
