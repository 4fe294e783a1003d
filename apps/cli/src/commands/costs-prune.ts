import { RouterError } from '@signalbox/core';
import { readLedger } from '../costs/read-ledger.ts';
import { EXIT } from '../terminal/exit-code.ts';

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { d: DAY, w: 7 * DAY, m: 30 * DAY, y: 365 * DAY };

/** `signalbox costs prune`: forgets what is older. */
export async function costsPrune(options: { olderThan: string }): Promise<number> {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([dwmy])$/.exec(options.olderThan.trim()) ?? [];
  const length = UNITS[unit];
  if (count === undefined || length === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: `--older-than is "${options.olderThan}": write 90d, 12w, 6m (months of 30 days) or 2y; one day at least.`,
    });
  }
  return readLedger((ledger) => {
    const pruned = ledger.prune({ olderThanMs: Number(count) * length });
    process.stdout.write(
      `${pruned === 1 ? '1 attempt' : `${pruned} attempts`} older than ${options.olderThan} ${pruned === 1 ? 'is' : 'are'} forgotten.\n`,
    );
    return EXIT.success;
  });
}
