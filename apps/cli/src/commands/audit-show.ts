import { homedir } from 'node:os';
import Table from 'cli-table3';
import { readAuditLog } from '../audit-log.ts';
import { EXIT } from '../exit-code.ts';
import { PLAIN_TABLE } from '../plain-table.ts';

/** `signalbox audit show`: who did what to keys, configuration and trust, the newest last. */
export function auditShow(options: {
  readonly last: number;
  readonly action?: string | undefined;
  readonly json: boolean;
}): number {
  const { action } = options;
  const lines = readAuditLog(homedir())
    .filter((line) => action === undefined || line.action === action || line.action.startsWith(`${action}.`))
    .slice(-options.last);
  if (options.json) process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`);
  else if (lines.length === 0) process.stderr.write('There is nothing in the audit log.\n');
  else {
    const table = new Table({
      head: ['when', 'what', 'to', 'outcome', 'by', 'via'],
      style: { head: [], border: [], compact: true },
      chars: PLAIN_TABLE,
    });
    for (const { at, action: what, target, outcome, user, via } of lines) {
      table.push([at, what, target ?? '', outcome, user ?? '', via]);
    }
    process.stdout.write(`${table.toString()}\n`);
  }
  return EXIT.success;
}
