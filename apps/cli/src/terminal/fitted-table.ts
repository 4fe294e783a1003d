import Table from 'cli-table3';
import { PLAIN_TABLE } from './plain-table.ts';

export interface TableColumn {
  readonly head: string;
  readonly align?: 'left' | 'right' | undefined;
  /** Where the table is too wide, the column with the highest figure goes first; without one it stays. */
  readonly drop?: number | undefined;
}

/**
 * A table in plain text. In a terminal it has as many of its columns as fit; in a pipe (no width) it has them all. What was left out is told in a last line.
 */
export function fittedTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const widths = columns.map(({ head }, index) =>
    Math.max(...[head, ...rows.map((row) => row[index] ?? '')].map(shownLength)),
  );
  const shown = new Set(columns.keys());
  const order = [...columns.entries()]
    .filter(([, { drop }]) => drop !== undefined)
    .sort(([, one], [, other]) => (other.drop ?? 0) - (one.drop ?? 0));
  // Two blanks of padding for each column, and one between two.
  const total = () => [...shown].reduce((sum, index) => sum + (widths[index] ?? 0) + 3, -1);
  const left: string[] = [];
  for (const [index, { head }] of order) {
    if (width === undefined || total() <= width) break;
    shown.delete(index);
    left.push(head);
  }
  const kept = [...shown];
  const table = new Table({
    head: kept.map((index) => columns[index]?.head ?? ''),
    colAligns: kept.map((index) => columns[index]?.align ?? 'left'),
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  for (const row of rows) table.push(kept.map((index) => row[index] ?? ''));
  const hidden = left.length === 0 ? '' : `\n (no room for: ${left.reverse().join(', ')}; --json has all)`;
  return `${table.toString()}${hidden}`;
}

/** Columns of a text without its colours. */
function shownLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return text.replace(/\x1b\[[0-9;]*m/g, '').length;
}
