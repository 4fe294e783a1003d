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
export function drawTree(lines: readonly TreeLine[], indent = ''): readonly string[] {
  // Only leaves stand in columns: a heading has its amount beside it.
  const leaves = lines.filter((line) => (line.children ?? []).length === 0 && line.note !== undefined);
  const labels = Math.max(0, ...leaves.map((line) => line.label.length));
  const amounts = Math.max(0, ...leaves.map((line) => line.amount.length));
  return lines.flatMap((line, index) => {
    const last = index === lines.length - 1;
    const isLeaf = leaves.includes(line);
    const label = isLeaf ? `${line.label}:`.padEnd(labels + 1) : `${line.label}:`;
    const amount = isLeaf ? line.amount.padEnd(amounts) : line.amount;
    const note = line.note === undefined ? '' : ` ${line.note}`;
    const head = `${indent}${last ? '└─' : '├─'} ${label} ${amount}${note}`.trimEnd();
    return [head, ...drawTree(line.children ?? [], `${indent}${last ? '   ' : '│  '}`)];
  });
}
