import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, LimitLease, LimitWish, SharedLimits } from '@signalbox/core';
import { inTransaction } from '../file/transaction.ts';
import type { AskFile } from './budget-store.ts';

/** The slots of what a process holds and has not used: what it asked for to use it at once, and what it holds without need. */
const GRANTED = -1;
const SPARE = -2;

/** Milliseconds for which a wish may have waited for the file: nothing that was said with the same clock lasts longer than the newest wish by more. */
const SLACK_MS = 10_000;

/** Rate limits that the processes of a machine share: each writes its own uses and what it holds, and sees the sum of the others'. */
export function createSharedLimits(ask: AskFile, clock: Clock): SharedLimits {
  const holder = randomUUID();
  let statements: { readonly of: DatabaseSync; readonly run: ReturnType<typeof prepare> } | undefined;

  function prepared(database: DatabaseSync): ReturnType<typeof prepare> {
    if (statements?.of !== database) statements = { of: database, run: prepare(database) };
    return statements.run;
  }

  function hold(run: ReturnType<typeof prepare>, name: string, slot: number, amount: number, freeAt: number): void {
    if (amount > 0) run.keep.run(name, holder, slot, amount, freeAt);
    else run.remove.run(name, holder, slot);
  }

  function leaseOne(run: ReturnType<typeof prepare>, wish: LimitWish): LimitLease {
    const { name, limit, used, wanted, freeAt } = wish;
    run.shorten.run(freeAt, name, freeAt + SLACK_MS);
    for (const { slot, amount, freeAt: until } of wish.changed) hold(run, name, slot, amount, until);
    const others = Number(run.sum.get(name, holder)?.amount);
    const granted = Math.max(0, Math.min(wanted, limit - others - used));
    const needed = Math.min(granted, wanted - wish.spare);
    hold(run, name, GRANTED, needed, freeAt);
    hold(run, name, SPARE, granted - needed, freeAt);
    return { granted, others: granted < wanted ? run.others.all(name, holder).map(toUse) : [] };
  }

  return {
    lease(wishes) {
      return ask((database) => {
        const run = prepared(database);
        return inTransaction(database, () => {
          run.expire.run(clock.now());
          return wishes.map((wish) => leaseOne(run, wish));
        });
      });
    },
    close() {
      ask((database) => prepared(database).giveBack.run(holder));
      statements = undefined;
    },
  };
}

const toUse = ({ slot, amount, free_at: freeAt }: Record<string, unknown>): LimitLease['others'][number] => {
  const state = slot === GRANTED ? 'granted' : slot === SPARE ? 'spare' : 'used';
  return { amount: Number(amount), freeAt: Number(freeAt), state };
};

function prepare(database: DatabaseSync) {
  const place = 'name = ? AND holder = ? AND slot = ?';
  return {
    expire: database.prepare('DELETE FROM limit_uses WHERE free_at <= ?'),
    // Said by a clock that was set back since.
    shorten: database.prepare('UPDATE limit_uses SET free_at = ? WHERE name = ? AND free_at > ?'),
    sum: database.prepare('SELECT coalesce(sum(amount), 0) AS amount FROM limit_uses WHERE name = ? AND holder <> ?'),
    others: database.prepare(
      'SELECT slot, amount, free_at FROM limit_uses WHERE name = ? AND holder <> ? ORDER BY free_at',
    ),
    keep: database.prepare(
      `INSERT INTO limit_uses (name, holder, slot, amount, free_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET amount = excluded.amount, free_at = excluded.free_at`,
    ),
    remove: database.prepare(`DELETE FROM limit_uses WHERE ${place}`),
    giveBack: database.prepare(`DELETE FROM limit_uses WHERE holder = ? AND slot IN (${GRANTED}, ${SPARE})`),
  };
}
