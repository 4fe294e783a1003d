import type { DatabaseSync } from 'node:sqlite';
import { type Decision, RouterError } from '@signalbox/core';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { putTogether } from './decision-shape.ts';
import { conditionOf, type LedgerQuery } from './ledger-query.ts';
import { STORED_COLUMNS, type StoredAttempt, toStoredAttempt } from './stored-attempt.ts';

/** Which requests, by their first attempts, and how many. */
export interface RequestsQuery extends LedgerQuery {
  /** At most so many, the newest. Default: all. */
  readonly limit?: number | undefined;
  /** `true`: only those whose task was analysed. */
  readonly analysed?: boolean | undefined;
  /** In the order of time; default: the newest first. */
  readonly oldestFirst?: boolean | undefined;
}

/** Hands over each request with its decision and all its attempts, one at a time. Throws RouterError `usage` on a limit that is no whole number above zero. */
export function eachRequest(
  database: DatabaseSync,
  { limit, analysed, oldestFirst, ...query }: RequestsQuery,
  use: (decision: Decision, attempts: readonly StoredAttempt[]) => void,
): void {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new RouterError({ kind: 'usage', message: `The limit is ${limit}: expected a whole number above zero.` });
  }
  const { sql, values } = conditionOf(query);
  const newest = `SELECT a.decision, a.started_at FROM attempts a WHERE ${sql} AND a.attempt = 1
     ${analysed === true ? 'AND a.task_type IS NOT NULL' : ''} ORDER BY a.started_at DESC, a.decision DESC LIMIT ?`;
  const chosen = database.prepare(
    oldestFirst === true ? `SELECT decision FROM (${newest}) ORDER BY started_at, decision` : newest,
  );
  const decision = database.prepare(
    `SELECT d.id, d.decided_at, n.name AS requested_model, s.shape, d.figures
     FROM decisions d JOIN shapes s ON s.id = d.shape LEFT JOIN names n ON n.id = d.requested_model WHERE d.number = ?`,
  );
  const attempts = database.prepare(`SELECT ${STORED_COLUMNS} FROM ledger WHERE decision = ? ORDER BY attempt`);
  for (const { decision: number } of chosen.iterate(...values, limit ?? -1)) {
    const found = decision.get(Number(number));
    if (found === undefined) continue;
    const id = String(found.id);
    use(
      {
        id,
        decidedAt: Number(found.decided_at),
        ...(found.requested_model === null ? {} : { requestedModel: String(found.requested_model) }),
        ...JSON.parse(putTogether({ shape: String(found.shape), figures: String(found.figures) })),
      },
      attempts.all(id).map(toStoredAttempt),
    );
  }
}

/** How fast a model answered. */
export interface ModelSpeed {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly answers: number;
  /** Milliseconds to the first content, half of the answers were no slower. */
  readonly firstContentMs: number;
  /** Tokens of output a second after it, of all answers together. */
  readonly tokensPerSecond: number | undefined;
}

/** Answers of one model that are looked at: the newest. */
const ANSWERS = 2_000;

/** Of streamed answers, by model; none of the simulator. */
export function selectSpeeds(database: DatabaseSync, query: LedgerQuery): readonly ModelSpeed[] {
  const { sql, values } = conditionOf({ ...query, simulated: false });
  const rows = database
    .prepare(
      `SELECT candidate, first_content_ms, duration_ms, output_tokens FROM (
         SELECT a.candidate, a.first_content_ms, a.duration_ms, a.output_tokens,
           row_number() OVER (PARTITION BY a.candidate ORDER BY a.started_at DESC) AS place
         FROM attempts a WHERE ${sql} AND a.outcome = ${FIXED_NAMES.success} AND a.first_content_ms IS NOT NULL AND a.duration_ms > 0)
       WHERE place <= ${ANSWERS}`,
    )
    .all(...values);
  const nameOf = database.prepare('SELECT name FROM names WHERE id = ?');
  const models = Map.groupBy(rows, (row) => Number(row.candidate));
  return [...models].map(([candidate, answers]) => {
    const firsts = answers.map((one) => Number(one.first_content_ms)).sort((one, other) => one - other);
    let tokens = 0;
    let milliseconds = 0;
    for (const one of answers) {
      const streamed = Number(one.duration_ms) - Number(one.first_content_ms);
      if (streamed <= 0 || one.output_tokens === null) continue;
      tokens += Number(one.output_tokens);
      milliseconds += streamed;
    }
    return {
      candidate: String(nameOf.get(candidate)?.name),
      answers: answers.length,
      firstContentMs: firsts[Math.ceil(firsts.length / 2) - 1] ?? 0,
      tokensPerSecond: tokens === 0 ? undefined : (tokens / milliseconds) * 1_000,
    };
  });
}
