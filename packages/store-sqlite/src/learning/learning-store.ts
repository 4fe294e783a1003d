import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Outcome, OutcomeSource } from '@signalbox/core';
import type { AskFile } from '../budgets/budget-store.ts';
import { MAX_NAME } from '../rows/attempt-columns.ts';
import { conditionOf, type LedgerQuery } from '../rows/ledger-query.ts';
import { wellFormed } from '../rows/name-table.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { findAnswer, type JudgedAnswer, type JudgeScope } from './find-answer.ts';
import type { GlanceAtFile } from './measurement-store.ts';

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
