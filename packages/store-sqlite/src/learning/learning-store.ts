import type { DatabaseSync } from 'node:sqlite';
import { type Clock, type Outcome, type OutcomeSource, RouterError } from '@signalbox/core';
import type { AskFile } from '../budgets/budget-store.ts';
import { MAX_NAME } from '../rows/attempt-columns.ts';
import { conditionOf, type LedgerQuery } from '../rows/ledger-query.ts';
import { wellFormed } from '../rows/name-table.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import type { GlanceAtFile } from './measurement-store.ts';

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

/** What somebody says of an answer. */
export interface Judgement {
  readonly good: boolean;
  readonly source: OutcomeSource;
  readonly note?: string | undefined;
  /** Who says so, for the record. */
  readonly judge?: string | undefined;
}

/** What was said of a model's real answers, good or bad. */
export interface ModelVerdicts {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly source: OutcomeSource;
  readonly good: number;
  readonly bad: number;
}

/** An outcome with the sketch of its prompt. */
export interface StoredSketchedOutcome extends Outcome {
  readonly sketch: Uint8Array;
}

/** What the user's own answers teach. All throw RouterError where the file can't be used. */
export interface LearningStore {
  /**
   * The answer that an id means: a decision's id, the beginning of one that no other has, or `last`. Throws RouterError `usage` where there is none, or several, or
   * where it was never answered.
   */
  answer(id: string, scope?: JudgeScope): JudgedAnswer;
  /** Writes down what somebody says of an answer; the last word of each source holds. */
  judge(answer: Pick<JudgedAnswer, 'decision' | 'candidate'>, judgement: Judgement): void;
  /** What was said of real answers, by model and by who says so; the query is about the answers. Throws RouterError `usage` on a moment that is no finite number. */
  verdicts(query?: LedgerQuery): readonly ModelVerdicts[];
  /** The newest outcomes of real answers whose task was analysed, newest first. */
  outcomes(): readonly Outcome[];
  /** Those of them whose prompts have a sketch. */
  sketchedOutcomes(): readonly StoredSketchedOutcome[];
  /** Changes when outcomes or what was learned have changed. Looks in passing, and throws nothing. */
  mark(): string;
  /** What was learned and kept: JSON. */
  learned(): string | undefined;
  /** Keeps what was learned; `undefined` forgets it. */
  keepLearned(content: string | undefined): void;
}

/** Outcomes that are read at most: older ones hardly count. */
const MOST = 20_000;
const MAX_NOTE = 1_000;
const HEADS = 'heads';

/** The attempt that brought the answer that was judged. */
const JUDGED_ATTEMPT = `(SELECT max(attempt) FROM attempts WHERE decision = o.decision AND outcome = ${FIXED_NAMES.success}
    AND candidate = (SELECT id FROM names WHERE name = o.candidate))`;
const OUTCOMES = `FROM outcomes o JOIN attempts a ON a.decision = o.decision AND a.attempt = ${JUDGED_ATTEMPT}
  JOIN names t ON t.id = a.task_type JOIN names c ON c.id = a.complexity`;

export function createLearningStore(ask: AskFile, glance: GlanceAtFile, clock: Clock): LearningStore {
  return {
    answer: (id, scope = {}) => ask((database) => findAnswer(database, id, scope)),
    judge({ decision, candidate }, { good, source, note, judge }) {
      ask((database) =>
        database
          .prepare(
            `INSERT INTO outcomes (decision, candidate, source, good, at, judge, note)
             VALUES ((SELECT number FROM decisions WHERE id = ?), ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET good = excluded.good, at = excluded.at, judge = excluded.judge, note = excluded.note`,
          )
          .run(
            decision,
            candidate,
            source,
            good ? 1 : 0,
            clock.now(),
            judge === undefined ? null : wellFormed(judge.slice(0, MAX_NAME)),
            note === undefined ? null : wellFormed(note.slice(0, MAX_NOTE)),
          ),
      );
    },
    verdicts: (query = {}) => ask((database) => selectVerdicts(database, query)),
    outcomes: () =>
      ask((database) =>
        database
          .prepare(
            `SELECT o.candidate, o.source, o.good, o.at, t.name AS type, c.name AS complexity ${OUTCOMES}
             WHERE a.simulated = 0 ORDER BY o.id DESC LIMIT ${MOST}`,
          )
          .all()
          .map(toOutcome),
      ),
    sketchedOutcomes: () =>
      ask((database) =>
        database
          .prepare(
            `SELECT o.candidate, o.source, o.good, o.at, t.name AS type, c.name AS complexity, s.sketch ${OUTCOMES}
             JOIN sketches s ON s.decision = o.decision
             WHERE a.simulated = 0 ORDER BY o.id DESC LIMIT ${MOST}`,
          )
          .all()
          .map((row) => ({ ...toOutcome(row), sketch: row.sketch as Uint8Array })),
      ),
    mark() {
      try {
        return glance((database) =>
          JSON.stringify([
            database.prepare('SELECT count(*) AS count, max(id) AS last, max(at) AS at FROM outcomes').get(),
            database.prepare('SELECT at FROM learned').all(),
          ]),
        );
      } catch {
        return '';
      }
    },
    learned: () =>
      ask((database) => {
        const found = database.prepare('SELECT content FROM learned WHERE name = ?').get(HEADS);
        return found === undefined ? undefined : String(found.content);
      }),
    keepLearned(content) {
      ask((database) => {
        if (content === undefined) database.prepare('DELETE FROM learned WHERE name = ?').run(HEADS);
        else {
          database
            .prepare(
              `INSERT INTO learned (name, at, content) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET at = excluded.at, content = excluded.content`,
            )
            .run(HEADS, clock.now(), content);
        }
      });
    },
  };
}

function selectVerdicts(database: DatabaseSync, query: LedgerQuery): readonly ModelVerdicts[] {
  const { sql, values } = conditionOf({ ...query, simulated: false });
  // CROSS: from the few outcomes to their answers, not from all the answers of the time.
  return database
    .prepare(
      `SELECT o.candidate, o.source, sum(o.good) AS good, sum(1 - o.good) AS bad
       FROM outcomes o CROSS JOIN attempts a ON a.decision = o.decision AND a.attempt = ${JUDGED_ATTEMPT}
       WHERE ${sql} GROUP BY o.candidate, o.source ORDER BY o.candidate, o.source`,
    )
    .all(...values)
    .map(({ candidate, source, good, bad }) => ({
      candidate: String(candidate),
      source: String(source) as OutcomeSource,
      good: Number(good),
      bad: Number(bad),
    }));
}

function toOutcome(row: Readonly<Record<string, unknown>>): Outcome {
  return {
    candidate: String(row.candidate),
    source: String(row.source) as Outcome['source'],
    good: row.good === 1,
    at: Number(row.at),
    taskType: String(row.type) as Outcome['taskType'],
    complexity: String(row.complexity) as Outcome['complexity'],
  };
}

/** Follows the beginning of every id. */
const AFTER_ALL = '\u{10ffff}';

function findAnswer(database: DatabaseSync, written: string, scope: JudgeScope): JudgedAnswer {
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
