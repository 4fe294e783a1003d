import type { DatabaseSync } from 'node:sqlite';
import { ATTEMPT_COLUMNS } from './attempt-columns.ts';
import { LAST_FIXED_NAME } from './migrations.ts';
import { inTransaction } from './transaction.ts';

/** Rows of one transaction: other processes write between two. */
const AT_ONCE = 5_000;

const DELETE_ATTEMPTS = `DELETE FROM attempts WHERE (decision, attempt) IN (
  SELECT decision, attempt FROM attempts WHERE started_at < ? LIMIT ${AT_ONCE})`;
const DELETE_DECISIONS = `DELETE FROM decisions WHERE number IN (
  SELECT number FROM decisions d WHERE decided_at < ?
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE decision = d.number) LIMIT ${AT_ONCE})`;

/** In the same transaction as any deletion: every process that writes forgets the numbers it knew. */
const NEXT_GENERATION = 'UPDATE pruned SET generation = generation + 1';

const WORDS_IN_USE = [
  ...ATTEMPT_COLUMNS.filter(([, kind]) => kind.startsWith('word')).map(
    ([column]) => `SELECT ${column} FROM attempts WHERE ${column} IS NOT NULL`,
  ),
  'SELECT requested_model FROM decisions WHERE requested_model IS NOT NULL',
].join(' UNION ');

/**
 * Forgets what started before a moment, and the decisions, names and shapes that only it used. Answers how many attempts went.
 * The space is used again; the file does not shrink by itself.
 */
export function pruneBefore(database: DatabaseSync, before: number): number {
  const attempts = deleteAll(database, DELETE_ATTEMPTS, before);
  const decisions = deleteAll(database, DELETE_DECISIONS, before);
  if (attempts + decisions === 0) return 0;
  inTransaction(database, () => {
    database.exec(`
      DELETE FROM names WHERE id > ${LAST_FIXED_NAME} AND id NOT IN (${WORDS_IN_USE});
      DELETE FROM shapes WHERE id NOT IN (SELECT shape FROM decisions);
      ${NEXT_GENERATION};`);
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
