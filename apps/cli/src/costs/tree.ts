import { type TextWidth, textWidthFor } from '../terminal/text-width.ts';

/** A line of a tree and what hangs on it. */
export interface TreeLine {
  readonly label: string;
  /** Stands in a column of its own among its siblings. */
  readonly amount: string;
  readonly note?: string | undefined;
  readonly children?: readonly TreeLine[] | undefined;
}

/**
 * Lines with branches:
 *
 *     ├─ Anthropic Claude: $12.34
 *     │  ├─ claude-opus-4-1:   $8.50  (15 requests)
 */
export async function drawTree(lines: readonly TreeLine[]): Promise<readonly string[]> {
  return branches(lines, await textWidthFor(labelsOf(lines)), '');
}

function labelsOf(lines: readonly TreeLine[]): readonly string[] {
  return lines.flatMap(({ label, children }) => [printable(label), ...labelsOf(children ?? [])]);
}

function branches(lines: readonly TreeLine[], width: TextWidth, indent: string): readonly string[] {
  // Only leaves stand in columns: a heading has its amount beside it.
  const leaves = lines.filter((line) => (line.children ?? []).length === 0 && line.note !== undefined);
  const labels = Math.max(0, ...leaves.map((line) => width(printable(line.label))));
  const amounts = Math.max(0, ...leaves.map((line) => line.amount.length));
  return lines.flatMap((line, index) => {
    const last = index === lines.length - 1;
    const isLeaf = leaves.includes(line);
    const name = printable(line.label);
    const label = `${name}:${' '.repeat(isLeaf ? labels - width(name) : 0)}`;
    const amount = isLeaf ? line.amount.padEnd(amounts) : line.amount;
    const note = line.note === undefined ? '' : ` ${line.note}`;
    const head = `${indent}${last ? '└─' : '├─'} ${label} ${amount}${note}`.trimEnd();
    return [head, ...branches(line.children ?? [], width, `${indent}${last ? '   ' : '│  '}`)];
  });
}

/** Names come from callers and may be anything: what would move the cursor or break the line is shown as in a JSON text. */
function printable(label: string): string {
  if (label.trim() === '') return JSON.stringify(label);
  return label.replaceAll(/\p{Control}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
