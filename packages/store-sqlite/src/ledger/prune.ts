import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../file/transaction.ts';
import { pruneHolders } from '../kept/holder-store.ts';
import { ATTEMPT_COLUMNS } from '../rows/attempt-columns.ts';
import { LAST_FIXED_NAME } from '../schema/migrations.ts';
import { CARRY_PERFORMANCE_OVER, fillPerformance } from '../schema/performance-schema.ts';
import { fillDaySums, fillSums, QUARTER, QUARTERS_A_DAY } from '../schema/sums-schema.ts';

/** Rows of one transaction: other processes write between two. */
const AT_ONCE = 5_000;

const DELETE_ATTEMPTS = `DELETE FROM attempts WHERE (decision, attempt) IN (
  SELECT decision, attempt FROM attempts WHERE started_at < ? LIMIT ${AT_ONCE})`;
const DELETE_DECISIONS = `DELETE FROM decisions WHERE number IN (
  SELECT number FROM decisions d WHERE decided_at < ?
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE decision = d.number) LIMIT ${AT_ONCE})`;

/** In the same transaction as any deletion: every process that writes forgets the numbers it knew. */
const NEXT_GENERATION = 'UPDATE pruned SET generation = generation + 1';

/** Columns of words that have an index, and so a quick answer to whether a word is still in use. */
const INDEXED = ['user', 'session'];
const OTHER_WORDS = ATTEMPT_COLUMNS.filter(([column, kind]) => kind.startsWith('word') && !INDEXED.includes(column))
  .map(([column]) => column)
  .join(', ');
const NAMES_TO_LOOK_AT = `SELECT id FROM names WHERE id > ${LAST_FIXED_NAME}
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE user = names.id)
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE session = names.id)`;

/**
 * Forgets what started before a moment, and the decisions, names and shapes that only it used. Answers how many attempts went.
 * The space is used again; the file does not shrink by itself.
 */
export function pruneBefore(database: DatabaseSync, before: number): number {
  pruneHolders(database, before);
  inTransaction(database, () => deleteSums(database, before));
  const attempts = deleteAll(database, DELETE_ATTEMPTS, before);
  const decisions = deleteAll(database, DELETE_DECISIONS, before);
  if (attempts + decisions === 0) return 0;
  inTransaction(database, () => {
    deleteNames(database);
    for (const table of ['outcomes', 'sketches'])
      database.exec(`DELETE FROM ${table} WHERE decision NOT IN (SELECT number FROM decisions)`);
    database.exec(`DELETE FROM shapes WHERE id NOT IN (SELECT shape FROM decisions); ${NEXT_GENERATION};`);
  });
  return attempts;
}

function deleteAll(database: DatabaseSync, sql: string, before: number): number {
  const statement = database.prepare(sql);
  let deleted = 0;
  for (;;) {
    const changes = inTransaction(database, () => {
      const result = statement.run(before);
      if (result.changes !== 0) database.exec(NEXT_GENERATION);
      return Number(result.changes);
    });
    deleted += changes;
    if (changes < AT_ONCE) return deleted;
  }
}

/** The sums go first: should this be broken off, the next pruning finds the attempts. The quarter and the day that are cut in two are summed up anew. */
function deleteSums(database: DatabaseSync, before: number): void {
  // What is not carried over yet would be counted beside the new sums.
  database.exec(CARRY_PERFORMANCE_OVER);
  const quarter = Math.floor(before / QUARTER);
  const day = Math.floor(quarter / QUARTERS_A_DAY);
  for (const [table, column, last] of [
    ['sums', 'quarter', quarter],
    ['day_sums', 'day', day],
    ['performance', 'quarter', quarter],
    ['performance_days', 'day', day],
  ] as const) {
    database.prepare(`DELETE FROM ${table} WHERE ${column} <= ?`).run(last);
  }
  const attempts = `a.started_at >= ${Math.ceil(before)} AND a.started_at < ${(quarter + 1) * QUARTER}`;
  const quarters = `quarter >= ${quarter} AND quarter < ${(day + 1) * QUARTERS_A_DAY}`;
  database.exec([fillSums(attempts), fillDaySums(quarters), fillPerformance(attempts, quarters)].join('\n'));
}

/** One pass over the attempts gathers the words that are in use; the rest goes. */
function deleteNames(database: DatabaseSync): void {
  const used = new Set<unknown>();
  for (const combination of database.prepare(`SELECT DISTINCT ${OTHER_WORDS} FROM attempts`).iterate())
    for (const number of Object.values(combination)) used.add(number);
  for (const { model } of database.prepare('SELECT DISTINCT requested_model AS model FROM decisions').iterate())
    used.add(model);
  for (const { name } of database.prepare('SELECT DISTINCT name FROM sums').iterate()) used.add(name);
  const unused = database
    .prepare(NAMES_TO_LOOK_AT)
    .all()
    .filter(({ id }) => !used.has(id));
  const statement = database.prepare('DELETE FROM names WHERE id = ?');
  for (const { id } of unused) statement.run(Number(id));
}
