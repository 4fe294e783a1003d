import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { LedgerRow } from '@signalbox/core';
import { FIXED_NAMES } from '../schema/migrations.ts';

/** Who asks the same again within this was not helped by the answer. */
const AGAIN_WITHIN_MS = 10 * 60_000;
/** Who asks again at once is a program. */
const READING_MS = 2_000;

/** So many times that the same was asked before are looked at: who asks it over and over (a monitor, a load test) pays for no more, and says no more. */
const LOOKED_AT = 8;

/** Several models that were named are asked the same to be compared: that says nothing of their answers. */
const NAMED = 'manual';

/** Keeps the sketches of answered prompts, and notices when the same was asked again. Inside the transaction of the row. */
export interface SketchWriter {
  /** `decision`: its number. */
  add(decision: number, row: LedgerRow): void;
}

/**
 * The same prompt, with as much before it, from the same caller and session, soon after it had been answered: the earlier answer counts as a bad one and the
 * later one as good, so that asking often does not make every model look bad. The steps of an agent are told apart by their length.
 */
export function createSketchWriter(database: DatabaseSync): SketchWriter {
  const insert = database.prepare(
    'INSERT INTO sketches (decision, digest, sketch) VALUES (?, ?, ?) ON CONFLICT (decision) DO NOTHING',
  );
  const before = database.prepare(
    `SELECT a.decision, n.name AS candidate
     FROM (SELECT decision FROM sketches WHERE digest = ? AND decision < ? ORDER BY decision DESC LIMIT ${LOOKED_AT}) s
     JOIN attempts a ON a.decision = s.decision JOIN names n ON n.id = a.candidate
     WHERE a.strategy IS NOT (SELECT id FROM names WHERE name = '${NAMED}') AND a.outcome = ${FIXED_NAMES.success} AND a.simulated = 0
     AND a.started_at >= ? AND a.started_at + a.duration_ms <= ?
     ORDER BY s.decision DESC, a.attempt DESC LIMIT 1`,
  );
  const judge = database.prepare(
    `INSERT INTO outcomes (decision, candidate, source, good, at) VALUES (?, ?, 'asked-again', ?, ?)
     ON CONFLICT DO UPDATE SET good = excluded.good, at = excluded.at`,
  );
  return {
    add(decision, row) {
      const { sketch, attempt } = row;
      if (sketch === undefined || attempt.outcome !== 'success' || attempt.lane === 'cache' || attempt.simulated)
        return;
      const digest = digestOf(sketch, row);
      if (Number(insert.run(decision, digest, sketch).changes) === 0) return;
      if (row.decision.strategy === NAMED) return;
      const { startedAt, candidate } = attempt;
      const earlier = before.get(digest, decision, startedAt - AGAIN_WITHIN_MS, startedAt - READING_MS);
      if (earlier === undefined) return;
      judge.run(Number(earlier.decision), String(earlier.candidate), 0, startedAt);
      judge.run(decision, candidate.toWellFormed(), 1, startedAt);
    },
  };
}

/** 48 bits of who asked what after how much. */
function digestOf(sketch: Uint8Array, row: Pick<LedgerRow, 'decision' | 'caller' | 'promptDigest'>): number {
  const { caller, decision, promptDigest } = row;
  const who = [caller.tenant, caller.user, caller.key, caller.session, decision.needs?.inputTokens, promptDigest];
  return createHash('sha256').update(sketch).update(JSON.stringify(who)).digest().readUIntBE(0, 6);
}
