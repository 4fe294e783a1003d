import type { DatabaseSync } from 'node:sqlite';
import { QUARTER, QUARTERS_A_DAY } from './sums-schema.ts';
import { addBytes, count, stepOf, type Tally, tallyBytes } from './tally.ts';

const COLUMNS = `
  candidate INTEGER NOT NULL,
  simulated INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  aborted INTEGER NOT NULL,
  escalations INTEGER NOT NULL,
  causes BLOB,
  errors BLOB,
  durations BLOB,
  firsts BLOB`;

/**
 * How calls to a model went, by quarters of an hour and by days of UTC: what `performance` says without reading attempts. `causes` and `errors` are tallies of names'
 * numbers (0: none), `durations` and `firsts` of steps of milliseconds (`tally.ts`).
 */
export const CREATE_PERFORMANCE = `
CREATE TABLE performance (
  quarter INTEGER NOT NULL,${COLUMNS},
  PRIMARY KEY (quarter, candidate, simulated)
) STRICT, WITHOUT ROWID;
CREATE TABLE performance_days (
  day INTEGER NOT NULL,${COLUMNS},
  PRIMARY KEY (day, candidate, simulated)
) STRICT, WITHOUT ROWID;`;

/**
 * What was added to `performance` lately, one row for each model of a batch: tallies of hundreds of times are not read, added to and written anew for
 * every few attempts. Readers add it up; from time to time it is carried over.
 */
export const CREATE_RECENT_PERFORMANCE = `
CREATE TABLE recent_performance (
  number INTEGER PRIMARY KEY,
  quarter INTEGER NOT NULL,${COLUMNS}
) STRICT;`;

const SUMS = `sum(attempts) AS attempts, sum(aborted) AS aborted, sum(escalations) AS escalations, add_tallies(causes) AS causes,
  add_tallies(errors) AS errors, add_tallies(durations) AS durations, add_tallies(firsts) AS firsts`;
const FIGURES = 'attempts, aborted, escalations, causes, errors, durations, firsts';

/** SQL that adds `recent_performance` to the two tables and empties it, so that its numbers begin at one again. In a transaction; needs `defineTallies`. */
export const CARRY_PERFORMANCE_OVER = [
  ['performance', 'quarter', 'quarter'],
  ['performance_days', 'day', `quarter / ${QUARTERS_A_DAY}`],
]
  .map(
    ([table, time, ofQuarter]) => `
INSERT OR REPLACE INTO ${table} SELECT time, candidate, simulated, ${SUMS} FROM (
  SELECT ${ofQuarter} AS time, candidate, simulated, ${FIGURES} FROM recent_performance
  UNION ALL
  SELECT ${time}, candidate, simulated, ${FIGURES} FROM ${table}
  WHERE (${time}, candidate, simulated) IN (SELECT ${ofQuarter}, candidate, simulated FROM recent_performance)
) GROUP BY time, candidate, simulated;`,
  )
  .join('')
  .concat('\nDELETE FROM recent_performance;');

/** SQL of how calls went in a time: quarters of an hour, or days of UTC (`from` included, `to` not). With what is not carried over yet, at one moment. */
export function performanceBetween(of: 'quarter' | 'day', from: number, to: number): string {
  const [table, quarters] = of === 'quarter' ? ['performance', 1] : ['performance_days', QUARTERS_A_DAY];
  return `SELECT candidate, simulated, ${FIGURES} FROM ${table} WHERE ${of} >= ${from} AND ${of} < ${to}
  UNION ALL SELECT candidate, simulated, ${FIGURES} FROM recent_performance WHERE quarter >= ${from * quarters} AND quarter < ${to * quarters}`;
}

/** Causes of an attempt with which a request leaves the model before it. */
export const LEAVING = ['failover', 'continuation'] as const;

const named = (...names: readonly string[]) =>
  `(SELECT id FROM names WHERE name IN (${names.map((name) => `'${name}'`).join(', ')}))`;
/** Finds the attempt with which a request left the model of `attempts a`. */
export const LEFT_AFTER = `SELECT 1 FROM attempts n WHERE n.decision = a.decision AND n.attempt = a.attempt + 1
    AND n.candidate <> a.candidate AND n.cause IN ${named(...LEAVING)}`;
const ANSWERED = `a.outcome = 4 AND coalesce(a.cause, 0) <> coalesce(${named('cache')}, -1)`;

/**
 * SQL that makes the quarters of the attempts that fit a condition on `attempts a`, and of them the days whose quarters fit another; there must be none of either
 * yet. Needs `defineTallies`.
 */
export function fillPerformance(attempts: string, quarters: string): string {
  return `INSERT INTO performance SELECT a.started_at / ${QUARTER} AS quarter, a.candidate, a.simulated,
  count(*), count(*) FILTER (WHERE a.outcome = 6),
  count(*) FILTER (WHERE EXISTS (${LEFT_AFTER})),
  tally(coalesce(a.cause, 0)), tally(CASE WHEN a.outcome = 5 THEN coalesce(a.error_kind, 0) END),
  time_tally(CASE WHEN ${ANSWERED} AND a.duration_ms <> 0 THEN a.duration_ms END),
  time_tally(CASE WHEN ${ANSWERED} THEN a.first_content_ms END)
FROM attempts a WHERE ${attempts} GROUP BY quarter, a.candidate, a.simulated;
INSERT INTO performance_days SELECT quarter / ${QUARTERS_A_DAY} AS day, candidate, simulated, sum(attempts), sum(aborted), sum(escalations),
  add_tallies(causes), add_tallies(errors), add_tallies(durations), add_tallies(firsts)
FROM performance WHERE ${quarters} GROUP BY day, candidate, simulated;`;
}

/** The functions that the file's own SQL uses: the same as the writer's. */
export function defineTallies(database: DatabaseSync): void {
  const aggregate = (name: string, add: (tally: Tally, value: unknown) => void) => {
    const steps = {
      start: (): Tally => new Map(),
      step(tally: Tally, value: unknown) {
        if (value !== null) add(tally, value);
        return tally;
      },
      result: tallyBytes,
    };
    // Between two steps Node keeps any value; its types know only those of SQL.
    database.aggregate(name, steps as unknown as Parameters<DatabaseSync['aggregate']>[1]);
  };
  aggregate('tally', (tally, value) => count(tally, Number(value)));
  aggregate('time_tally', (tally, value) => count(tally, stepOf(Number(value))));
  aggregate('add_tallies', (tally, value) => value instanceof Uint8Array && addBytes(tally, value));
}
