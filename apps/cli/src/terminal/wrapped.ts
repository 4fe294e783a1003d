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

/** Columns that a remark needs to be worth a column of its own. */
const REMARK = 20;

/**
 * Wraps each line of a text that is too long. What follows stands below the line's remark (what two blanks set apart, as in a list of examples), else a
 * little more indented than its beginning.
 */
export function wrappedText(text: string, columns: number | undefined): string {
  return text
    .split('\n')
    .map((line) => wrapped(line, columns, hangingIndent(line, columns ?? 0)))
    .join('\n');
}

function hangingIndent(line: string, columns: number): string {
  const [start = ''] = /^ */.exec(line) ?? [];
  if (start === '') return '';
  const remark = /^ *\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? 0;
  return remark > 0 && columns - remark >= REMARK ? ' '.repeat(remark) : `${start}    `;
}
