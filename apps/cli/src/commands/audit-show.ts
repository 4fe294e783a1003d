import { homedir } from 'node:os';
import { readAuditLog } from '../serving/audit-log.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { fittedTable, type TableColumn } from '../terminal/fitted-table.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

const COLUMNS: readonly TableColumn[] = [
  { head: 'when' },
  { head: 'what' },
  { head: 'to' },
  { head: 'outcome', drop: 1 },
  { head: 'by', drop: 2 },
  { head: 'via', drop: 3 },
];

/** `signalbox audit show`: who did what to keys, configuration and trust, the newest last. */
export function auditShow(options: {
  readonly last: number;
  readonly action?: string | undefined;
  readonly json: boolean;
}): number {
  const { action } = options;
  const all = readAuditLog(homedir());
  const lines = all
    .filter((line) => action === undefined || line.action === action || line.action.startsWith(`${action}.`))
    .slice(-options.last);
  if (options.json) process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`);
  else if (all.length === 0) say('There is nothing in the audit log.');
  else if (lines.length === 0) say(`The audit log has no "${action}"; there are ${actionsOf(all).join(', ')}.`);
  else {
    const cells = lines.map(({ at, action: what, target, outcome, user, via }) => [
      at,
      what,
      target ?? '',
      outcome,
      user ?? '',
      via,
    ]);
    process.stdout.write(`${fittedTable(COLUMNS, cells, terminalWidth(process.stdout))}\n`);
  }
  return EXIT.success;
}

const actionsOf = (lines: readonly { readonly action: string }[]): readonly string[] =>
  [...new Set(lines.map((line) => line.action))].sort();
