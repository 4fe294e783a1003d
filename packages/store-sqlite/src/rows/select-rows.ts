import type { DatabaseSync } from 'node:sqlite';
import { type Decision, RouterError } from '@signalbox/core';
import { putTogether } from './decision-shape.ts';
import { conditionOf, type LedgerQuery } from './ledger-query.ts';
import { STORED_COLUMNS, type StoredAttempt, toStoredAttempt } from './stored-attempt.ts';

/** Which attempts, and how many of them. */
export interface RowsQuery extends LedgerQuery {
  /** At most so many, the newest. Default: 1 000. */
  readonly limit?: number | undefined;
}

/** The newest attempts that fit, newest first. Throws RouterError `usage` on a limit that is no whole number above zero. */
export function selectRows(database: DatabaseSync, query: RowsQuery): readonly StoredAttempt[] {
  const { limit = 1000 } = query;
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new RouterError({ kind: 'usage', message: `The limit is ${limit}: expected a whole number above zero.` });
  }
  const { sql, values } = conditionOf(query);
  // Chosen in the narrow table; words are put in for those that are shown.
  const narrow = database
    .prepare(
      `SELECT d.id, a.attempt FROM attempts a JOIN decisions d ON d.number = a.decision WHERE ${sql}
       ORDER BY a.started_at DESC, a.decision DESC, a.attempt DESC LIMIT ?`,
    )
    .all(...values, limit);
  const wide = database.prepare(`SELECT ${STORED_COLUMNS} FROM ledger WHERE decision = ? AND attempt = ?`);
  return narrow
    .map((found) => wide.get(String(found.id), Number(found.attempt)))
    .filter((record) => record !== undefined)
    .map(toStoredAttempt);
}

/** Hands over each attempt that fits, oldest first. */
export function eachRow(database: DatabaseSync, query: LedgerQuery, use: (attempt: StoredAttempt) => void): void {
  const { sql, values } = conditionOf(query);
  const narrow = database.prepare(
    `SELECT d.id, a.attempt FROM attempts a JOIN decisions d ON d.number = a.decision WHERE ${sql}
     ORDER BY a.started_at, a.decision, a.attempt`,
  );
  const wide = database.prepare(`SELECT ${STORED_COLUMNS} FROM ledger WHERE decision = ? AND attempt = ?`);
  for (const found of narrow.iterate(...values)) {
    const record = wide.get(String(found.id), Number(found.attempt));
    if (record !== undefined) use(toStoredAttempt(record));
  }
}

/** The same with the decision that each attempt served. */
export function eachDecided(
  database: DatabaseSync,
  query: LedgerQuery,
  use: (attempt: StoredAttempt, decision: Decision) => void,
): void {
  let last: Decision | undefined;
  eachRow(database, query, (attempt) => {
    if (last?.id !== attempt.decision) last = selectDecision(database, attempt.decision);
    if (last !== undefined) use(attempt, last);
  });
}

/** A decision as it was booked; `undefined` where there is none of that id. */
export function selectDecision(database: DatabaseSync, id: string): Decision | undefined {
  const found = database
    .prepare(
      `SELECT d.decided_at, n.name AS requested_model, s.shape, d.figures
       FROM decisions d JOIN shapes s ON s.id = d.shape LEFT JOIN names n ON n.id = d.requested_model WHERE d.id = ?`,
    )
    .get(id);
  if (found === undefined) return undefined;
  return {
    id,
    decidedAt: Number(found.decided_at),
    ...(found.requested_model === null ? {} : { requestedModel: String(found.requested_model) }),
    ...JSON.parse(putTogether({ shape: String(found.shape), figures: String(found.figures) })),
  };
}
