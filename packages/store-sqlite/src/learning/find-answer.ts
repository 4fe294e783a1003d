import type { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { FIXED_NAMES } from '../schema/migrations.ts';

/** Whose answers may be judged: all where nothing is said. */
export interface JudgeScope {
  readonly tenant?: string | undefined;
  /** The name of the caller's key; `null`: only what was asked without one. */
  readonly key?: string | null | undefined;
}

/** An answer that can be judged. */
export interface JudgedAnswer {
  /** The decision's id. */
  readonly decision: string;
  /** `provider/model id`. */
  readonly candidate: string;
  readonly taskType?: string | undefined;
  readonly complexity?: string | undefined;
  /** Made up by the simulator: it says nothing of the model. */
  readonly simulated: boolean;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** Follows the beginning of every id. */
const AFTER_ALL = '\u{10ffff}';

/** The answer that an id means: see `LearningStore.answer`. Throws RouterError `usage`, and what SQLite throws. */
export function findAnswer(database: DatabaseSync, written: string, scope: JudgeScope): JudgedAnswer {
  const id = written.trim();
  const [scopeSql, scopeValues] = scopeCondition(scope);
  if (id === 'last') {
    const found = database
      .prepare(
        `SELECT a.decision FROM attempts a WHERE a.outcome = ${FIXED_NAMES.success} AND ${scopeSql}
         ORDER BY a.started_at DESC, a.decision DESC LIMIT 1`,
      )
      .get(...scopeValues);
    if (found === undefined) throw unknown('There is no answer yet that could be judged.');
    return answerOf(database, Number(found.decision), id);
  }
  if (id === '') throw unknown('The id of a decision is empty: give one, or "last".');
  // Another caller's decisions are not there at all: nobody learns which ids exist.
  const found = database
    .prepare(
      `SELECT d.number, d.id FROM decisions d WHERE d.id >= ? AND d.id < ?
       AND EXISTS (SELECT 1 FROM attempts a WHERE a.decision = d.number AND ${scopeSql}) ORDER BY d.id LIMIT 2`,
    )
    .all(id, `${id}${AFTER_ALL}`, ...scopeValues);
  const [first] = found;
  if (first === undefined) {
    throw unknown(`There is no decision "${shown(id)}": see "decision" in --json, or the header x-signalbox-decision.`);
  }
  if (found.length > 1 && String(first.id) !== id) {
    throw unknown(`"${shown(id)}" is the beginning of several decisions: give more of the id.`);
  }
  return answerOf(database, Number(first.number), id);
}

function answerOf(database: DatabaseSync, number: number, written: string): JudgedAnswer {
  const found = database
    .prepare(
      `SELECT d.id, n.name AS candidate, t.name AS type, c.name AS complexity, a.simulated, a.started_at
       FROM attempts a JOIN decisions d ON d.number = a.decision JOIN names n ON n.id = a.candidate
       LEFT JOIN names t ON t.id = a.task_type LEFT JOIN names c ON c.id = a.complexity
       WHERE a.decision = ? AND a.outcome = ${FIXED_NAMES.success} ORDER BY a.attempt DESC LIMIT 1`,
    )
    .get(number);
  if (found === undefined)
    throw unknown(`The decision "${shown(written)}" brought no answer, so there is nothing to judge.`);
  return {
    decision: String(found.id),
    candidate: String(found.candidate),
    ...(found.type === null ? {} : { taskType: String(found.type) }),
    ...(found.complexity === null ? {} : { complexity: String(found.complexity) }),
    simulated: found.simulated === 1,
    startedAt: Number(found.started_at),
  };
}

function scopeCondition({ tenant, key }: JudgeScope): readonly [sql: string, values: readonly string[]] {
  const named = '(SELECT id FROM names WHERE name = ?)';
  const terms = [
    ...(tenant === undefined ? [] : [`a.tenant = ${named}`]),
    ...(key === undefined ? [] : [key === null ? 'a.key IS NULL' : `a.key = ${named}`]),
  ];
  const values = [tenant, key].filter((one) => typeof one === 'string');
  return [terms.length === 0 ? 'TRUE' : terms.join(' AND '), values];
}

function unknown(message: string): RouterError {
  return new RouterError({ kind: 'usage', message, parameter: 'id' });
}

function shown(id: string): string {
  return id.length > 60 ? `${id.slice(0, 60)}…` : id;
}
