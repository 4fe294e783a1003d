import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, MeasuredCall, MeasurementStore } from '@signalbox/core';
import { inTransaction } from '../file/transaction.ts';

/** Calls that stay of each model. */
const KEPT = 64;
/** What is older is forgotten, the models that nobody calls any more among it. */
const MAX_AGE_MS = 30 * 86_400_000;
/** Calls that wait at most while the file can't be used. */
const MAX_PENDING = 2_000;

/** Works with the file in passing; throws what SQLite throws where it can't be used at once. */
export type GlanceAtFile = <Value>(work: (database: DatabaseSync) => Value) => Value;

/**
 * Measured calls of all processes that share the file. Each adds its own and none writes over another's, so nothing is lost between them. What can't be written or
 * read now is tried again the next time.
 */
export function createMeasurementStore(glance: GlanceAtFile, clock: Clock): MeasurementStore {
  const holder = randomInt(2 ** 47);
  let seen = 0;
  let pending: readonly MeasuredCall[] = [];

  return {
    news() {
      try {
        const rows = glance((database) =>
          database.prepare('SELECT * FROM measured WHERE id > ? AND holder <> ? ORDER BY id').all(seen, holder),
        );
        seen = Number(rows.at(-1)?.id ?? seen);
        return rows.map(toCall);
      } catch {
        return [];
      }
    },

    keep(calls) {
      pending = [...pending, ...calls].slice(-MAX_PENDING);
      try {
        glance((database) => inTransaction(database, () => write(database, holder, pending, clock.now())));
        pending = [];
      } catch {
        // Kept for the next time: no request depends on it.
      }
    },
  };
}

function write(database: DatabaseSync, holder: number, calls: readonly MeasuredCall[], now: number): void {
  const insert = database.prepare(
    `INSERT INTO measured (holder, candidate, at, failed, first_content_ms, longest_gap_ms, tokens_per_second)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const call of newest(calls)) {
    insert.run(
      holder,
      call.candidate.toWellFormed(),
      Math.round(call.at),
      call.failed ? 1 : 0,
      call.firstContentMs ?? null,
      call.longestGapMs ?? null,
      call.tokensPerSecond ?? null,
    );
  }
  const trim = database.prepare(
    `DELETE FROM measured WHERE candidate = ?1
     AND id <= (SELECT id FROM measured WHERE candidate = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${KEPT})`,
  );
  for (const candidate of new Set(calls.map((call) => call.candidate.toWellFormed()))) trim.run(candidate);
  database.prepare('DELETE FROM measured WHERE at < ?').run(now - MAX_AGE_MS);
}

/** Those that stay: of a busy model most would be taken out again at once. */
function newest(calls: readonly MeasuredCall[]): readonly MeasuredCall[] {
  const counts = new Map<string, number>();
  for (const { candidate } of calls) counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
  return calls.filter(({ candidate }) => {
    const left = counts.get(candidate) ?? 0;
    counts.set(candidate, left - 1);
    return left <= KEPT;
  });
}

function toCall(row: Readonly<Record<string, unknown>>): MeasuredCall {
  const figure = (value: unknown) => (value === null ? undefined : Number(value));
  return {
    candidate: String(row.candidate),
    at: Number(row.at),
    failed: row.failed === 1,
    firstContentMs: figure(row.first_content_ms),
    longestGapMs: figure(row.longest_gap_ms),
    tokensPerSecond: figure(row.tokens_per_second),
  };
}
