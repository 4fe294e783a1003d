/** What a cell of a table may hold. */
export type Cell = string | number | boolean | undefined;

/** Lines of CSV (RFC 4180), the header first. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(csvCell).join(',');
}

/** Names come from callers: a spreadsheet must not take one for a formula. */
function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
