/**
 * Breaks a line between words so that it fits so many columns, further lines behind an indent. Without a width (a pipe) it stays whole. A word that is
 * longer than a line stands alone.
 */
export function wrapped(line: string, columns: number | undefined, indent: string): string {
  if (columns === undefined || line.length <= columns) return line;
  const start = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = start;
  for (const word of line.trim().split(' ')) {
    const lead = lines.length === 0 ? start : indent;
    if (current.length > lead.length && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = indent;
    }
    current += current.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, current].join('\n');
}
