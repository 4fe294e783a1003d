import type { DatabaseSync } from 'node:sqlite';
import type { CallFigures } from '../rows/attempt-columns.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { CARRY_PERFORMANCE_OVER, LEAVING } from '../schema/performance-schema.ts';
import { QUARTER } from '../schema/sums-schema.ts';
import { count, stepOf, type Tally, tallyBytes } from '../schema/tally.ts';

/** Keeps `performance` up to date with the attempts, in the transaction that writes them. */
export interface PerformanceWriter {
  add(decision: number, attempt: number, figures: CallFigures): void;
  /** Writes what was added since the last time. */
  write(): void;
  /** Forgets it: the transaction has failed. */
  forget(): void;
}

/** Rows of `recent_performance`, whoever wrote them, after which they are carried over: some seconds' work of a busy gateway with a few models. */
const CARRIED_AT = 64;

const TALLIES = ['causes', 'errors', 'durations', 'firsts'] as const;

interface Cell {
  readonly place: readonly [time: number, candidate: number, simulated: number];
  attempts: number;
  aborted: number;
  escalations: number;
  readonly tallies: Readonly<Record<(typeof TALLIES)[number], Tally>>;
}

/** `numberOf` gives a word's number. */
export function createPerformanceWriter(database: DatabaseSync, numberOf: (word: string) => number): PerformanceWriter {
  const insert = database.prepare(
    `INSERT INTO recent_performance (quarter, candidate, simulated, attempts, aborted, escalations, ${TALLIES.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const before = database.prepare(
    'SELECT started_at, candidate, simulated FROM attempts WHERE decision = ? AND attempt = ?',
  );
  const cells = new Map<string, Cell>();
  let last: Cell | undefined;

  function cellOf(startedAt: number, candidate: number, simulated: number): Cell {
    const quarter = Math.floor(startedAt / QUARTER);
    if (last !== undefined) {
      const [time, model, kind] = last.place;
      if (time === quarter && model === candidate && kind === simulated) return last;
    }
    const key = `${quarter} ${candidate} ${simulated}`;
    let cell = cells.get(key);
    if (cell === undefined) {
      const tallies = { causes: new Map(), errors: new Map(), durations: new Map(), firsts: new Map() };
      cell = { place: [quarter, candidate, simulated], attempts: 0, aborted: 0, escalations: 0, tallies };
      cells.set(key, cell);
    }
    last = cell;
    return cell;
  }

  function clear(): void {
    cells.clear();
    last = undefined;
  }

  /** The request has left the model that it was at: that one is charged with it. */
  function countEscalation(decision: number, attempt: number, { candidate, cause }: CallFigures): void {
    if (attempt === 1 || cause === null || !LEAVING.some((word) => numberOf(word) === cause)) return;
    const left = before.get(decision, attempt - 1);
    if (left === undefined || Number(left.candidate) === candidate) return;
    cellOf(Number(left.started_at), Number(left.candidate), Number(left.simulated)).escalations += 1;
  }

  return {
    add(decision, attempt, figures) {
      const { startedAt, candidate, simulated, outcome, cause, errorKind, durationMs, firstContentMs } = figures;
      const cell = cellOf(startedAt, candidate, simulated);
      const { causes, errors, durations, firsts } = cell.tallies;
      cell.attempts += 1;
      count(causes, cause ?? 0);
      if (outcome === FIXED_NAMES.aborted) cell.aborted += 1;
      else if (outcome !== FIXED_NAMES.success) count(errors, errorKind ?? 0);
      else if (cause === null || cause !== numberOf('cache')) {
        // Zero: times are not written down.
        if (durationMs !== 0) count(durations, stepOf(durationMs));
        if (firstContentMs !== null) count(firsts, stepOf(firstContentMs));
      }
      countEscalation(decision, attempt, figures);
    },
    write() {
      let number = 0;
      for (const { place, attempts, aborted, escalations, tallies } of cells.values()) {
        const bytes = TALLIES.map((name) => tallyBytes(tallies[name]));
        number = Number(insert.run(...place, attempts, aborted, escalations, ...bytes).lastInsertRowid);
      }
      clear();
      if (number >= CARRIED_AT) database.exec(CARRY_PERFORMANCE_OVER);
    },
    forget: clear,
  };
}
