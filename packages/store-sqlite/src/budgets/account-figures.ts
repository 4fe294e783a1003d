import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SpendAccount } from '@signalbox/core';
import { storedName, storedTag } from '../rows/attempt-columns.ts';
import { DIMENSIONS, QUARTER } from '../schema/sums-schema.ts';
import { type KeptSpan, keptSpans } from '../sums/kept-spans.ts';

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

/** The name under which the file sums an account up: names from callers may be longer than it keeps, or hold what it can't. */
export const accountName = ({ scope, name }: SpendAccount): string =>
  scope === 'tag' ? storedTag(name) : storedName(name);

/** Figures of accounts, all of one moment: asked for inside one transaction. `unwritten`: nano-dollars that wait to be written. */
export type ReadFigures = (account: SpendAccount, unwritten?: number) => AccountFigures;

// What has no name in a dimension is summed up under 0: everybody, and all who showed no key. Who is in no row has spent nothing.
const NUMBER = "CASE WHEN ?9 = '' THEN 0 ELSE (SELECT id FROM names WHERE name = ?9) END";
const TABLES = { quarter: 'sums', day: 'day_sums' } as const;
const SUMMED = { 'nano-usd': 'cost_nano_usd', requests: 'requests - cache_hits' } as const;

/** SQL of all that is read of an account, in one question: each takes the file's lock anew, or a step of the engine at least. */
function figuresOf(unit: SpendAccount['unit'], spans: readonly KeptSpan[]): string {
  const sums = spans.map(({ of }, index) => {
    const bound = 10 + index * 2;
    return `coalesce((SELECT sum(${SUMMED[unit]}) FROM ${TABLES[of]}
      WHERE dimension = ?8 AND name = ${NUMBER} AND ${of} >= ?${bound} AND ${of} < ?${bound + 1} AND simulated = 0), 0)`;
  });
  return `SELECT (SELECT coalesce(sum(amount), 0) FROM leases WHERE scope = ?1 AND name = ?2 AND from_at = ?3 AND to_at = ?4
      AND unit = ?5 AND holder <> ?6 AND expires_at > ?7) AS others,
    (SELECT since FROM tight_accounts WHERE scope = ?1 AND name = ?2 AND from_at = ?3 AND to_at = ?4) AS since,
    ${sums.join(' + ')} AS spent`;
}

/** Prepares the questions; begins with what holds for all accounts at a moment. */
export function prepareFigures(database: DatabaseSync, holder: string): (now: number) => ReadFigures {
  const held = database.prepare('SELECT coalesce(sum(amount), 0) AS amount FROM implicit_leases WHERE expires_at > ?');
  /** By unit and the kinds of the spans: there are a handful. */
  const statements = new Map<string, StatementSync>();

  function statementFor(unit: SpendAccount['unit'], spans: readonly KeptSpan[]): StatementSync {
    let key: string = unit;
    for (const { of } of spans) key += of;
    let statement = statements.get(key);
    if (statement === undefined) {
      statement = database.prepare(figuresOf(unit, spans));
      statements.set(key, statement);
    }
    return statement;
  }

  return (now) => {
    const heldOfAny = Number(held.get(now)?.amount);
    return (account, unwritten = 0) => {
      const { scope, name, from, to, unit } = account;
      const spans = keptSpans(Math.floor(from / QUARTER) * QUARTER, Math.ceil(to / QUARTER) * QUARTER);
      const values = [scope, name, from, to, unit, holder, now, DIMENSIONS[scope][0], accountName(account)];
      for (const span of spans) values.push(span.from, span.to);
      const found = statementFor(unit, spans).get(...values);
      const since = unit === 'nano-usd' ? (found?.since ?? undefined) : undefined;
      return {
        spent: unwritten + Number(found?.spent),
        unwritten,
        others: Number(found?.others),
        heldOfAny,
        tightSince: since === undefined ? undefined : Number(since),
      };
    };
  };
}
