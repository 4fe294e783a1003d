import type { DatabaseSync } from 'node:sqlite';
import type { SpendAccount } from '@signalbox/core';
import { DIMENSIONS, QUARTER } from '../schema/sums-schema.ts';
import { keptSpans } from '../sums/kept-spans.ts';

/** What the file says of an account. */
export interface AccountFigures {
  readonly spent: number;
  /** Of it, nano-dollars of this process that wait to be written. */
  readonly unwritten: number;
  /** Held by other processes by rows of their own. */
  readonly others: number;
  /** What all processes together may hold of any account without a row. */
  readonly heldOfAny: number;
  /** Since when nobody may hold any of it without a row; `undefined`: there is plenty. */
  readonly tightSince: number | undefined;
}

/** Reads what the file says of an account: what is held first, so that what moves from there to the sums in between counts twice and not at all never. */
export function prepareFigures(
  database: DatabaseSync,
  holder: string,
): (account: SpendAccount, now: number, unwritten?: number) => AccountFigures {
  const held = database.prepare(
    `SELECT (SELECT coalesce(sum(amount), 0) FROM leases WHERE scope = ?1 AND name = ?2 AND from_at = ?3 AND to_at = ?4
       AND unit = ?5 AND holder <> ?6 AND expires_at > ?7) AS others,
     (SELECT coalesce(sum(amount), 0) FROM implicit_leases WHERE expires_at > ?7) AS heldOfAny,
     (SELECT since FROM tight_accounts WHERE scope = ?1 AND name = ?2 AND from_at = ?3 AND to_at = ?4) AS since,
     (SELECT id FROM names WHERE name = ?2) AS number`,
  );
  const sumOf = (table: string, time: string) =>
    database.prepare(
      `SELECT coalesce(sum(cost_nano_usd), 0) AS money, coalesce(sum(requests - cache_hits), 0) AS requests FROM ${table}
       WHERE dimension = ? AND name = ? AND ${time} >= ? AND ${time} < ? AND simulated = 0`,
    );
  const sums = { quarter: sumOf('sums', 'quarter'), day: sumOf('day_sums', 'day') };

  function spentOf({ scope, from, to, unit }: SpendAccount, number: number): number {
    const [dimension] = DIMENSIONS[scope];
    let spent = 0;
    for (const span of keptSpans(Math.floor(from / QUARTER) * QUARTER, Math.ceil(to / QUARTER) * QUARTER)) {
      const found = sums[span.of].get(dimension, number, span.from, span.to);
      spent += Number(unit === 'requests' ? found?.requests : found?.money);
    }
    return spent;
  }

  return (account, now, unwritten = 0) => {
    const { scope, name, from, to, unit } = account;
    const found = held.get(scope, name, from, to, unit, holder, now);
    const since = unit === 'nano-usd' ? (found?.since ?? undefined) : undefined;
    // What has no name in a dimension is summed up under 0: everybody, and all who showed no key. Who is in no row has spent nothing.
    const number = name === '' ? 0 : found?.number;
    return {
      others: Number(found?.others),
      heldOfAny: Number(found?.heldOfAny),
      tightSince: since === undefined ? undefined : Number(since),
      spent: unwritten + (typeof number === 'number' ? spentOf(account, number) : 0),
      unwritten,
    };
  };
}
