import { RouterError } from '@signalbox/core';
import { loadConfigurationHere } from '../configuration/load-router.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { neededByBudgets } from '../stores/needed-by-budgets.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { d: DAY, w: 7 * DAY, mo: 30 * DAY, m: 30 * DAY, y: 365 * DAY };

/** `signalbox costs prune`: forgets what is older. */
export async function costsPrune(options: { olderThan: string; config?: string | undefined }): Promise<number> {
  const [, count, unit = ''] = /^([1-9]\d{0,4})(d|w|mo?|y)$/.exec(options.olderThan.trim()) ?? [];
  const length = UNITS[unit];
  if (count === undefined || length === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: `--older-than is "${options.olderThan}": write 90d, 12w, 6mo (months of 30 days) or 2y; one day at least.`,
    });
  }
  // Everywhere else an m is a minute; as months it forgets less, so that what was written so goes on.
  if (unit === 'm')
    say(
      `warning: --older-than ${count}m was read as ${count} ${count === '1' ? 'month' : 'months'} of 30 days, not as minutes; write ${count}mo.`,
    );
  const neededSince = await neededByBudgets((await loadConfigurationHere({ config: options.config })).configuration);
  return readLedger((ledger) => {
    const now = Date.now();
    const [asked, needed] = [Number(count) * length, now - neededSince(now)];
    const pruned = ledger.prune({ olderThanMs: Math.max(asked, needed) });
    process.stdout.write(
      `${pruned === 1 ? '1 attempt' : `${pruned} attempts`} older than ${options.olderThan} ${pruned === 1 ? 'is' : 'are'} forgotten.\n`,
    );
    if (asked < needed) say('What budgets count of this day or month is kept.');
    return EXIT.success;
  });
}
