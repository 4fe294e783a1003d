import type { DatabaseSync } from 'node:sqlite';
import type { CallFigures } from '../rows/attempt-columns.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { LEAVING } from '../schema/performance-schema.ts';
import { QUARTER, QUARTERS_A_DAY } from '../schema/sums-schema.ts';
import { addBytes, count, stepOf, type Tally, tallyBytes } from '../schema/tally.ts';

/** Keeps `performance` up to date with the attempts, in the transaction that writes them. */
export interface PerformanceWriter {
  add(decision: number, attempt: number, figures: CallFigures): void;
  /** Writes what was added since the last time. */
  write(): void;
  /** Forgets it: the transaction has failed. */
  forget(): void;
}

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
  const quarters = createTable(database, 'performance', 'quarter');
  const days = createTable(database, 'performance_days', 'day');
  const before = database.prepare(
    'SELECT started_at, candidate, simulated FROM attempts WHERE decision = ? AND attempt = ?',
  );
  const cells = new Map<string, Cell>();

  function cellOf(startedAt: number, candidate: number, simulated: number): Cell {
    const quarter = Math.floor(startedAt / QUARTER);
    const key = `${quarter} ${candidate} ${simulated}`;
    let cell = cells.get(key);
    if (cell === undefined) {
      const tallies = { causes: new Map(), errors: new Map(), durations: new Map(), firsts: new Map() };
      cell = { place: [quarter, candidate, simulated], attempts: 0, aborted: 0, escalations: 0, tallies };
      cells.set(key, cell);
    }
    return cell;
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
      for (const cell of cells.values()) {
        const [quarter, candidate, simulated] = cell.place;
        quarters.add([quarter, candidate, simulated], cell);
        days.add([Math.floor(quarter / QUARTERS_A_DAY), candidate, simulated], cell);
      }
      cells.clear();
    },
    forget: () => cells.clear(),
  };
}

/** One of the two tables: `time` is its first column. */
function createTable(database: DatabaseSync, table: string, time: string) {
  const read = database.prepare(
    `SELECT ${TALLIES.join(', ')} FROM ${table} WHERE ${time} = ? AND candidate = ? AND simulated = ?`,
  );
  const upsert = database.prepare(
    `INSERT INTO ${table} (${time}, candidate, simulated, attempts, aborted, escalations, ${TALLIES.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts, aborted = aborted + excluded.aborted,
     escalations = escalations + excluded.escalations, ${TALLIES.map((one) => `${one} = excluded.${one}`).join(', ')}`,
  );
  return {
    add(place: Cell['place'], { attempts, aborted, escalations, tallies }: Cell): void {
      const kept = read.get(...place);
      const sums = TALLIES.map((name) => {
        const bytes = kept?.[name];
        if (!(bytes instanceof Uint8Array)) return tallyBytes(tallies[name]);
        if (tallies[name].size === 0) return bytes;
        const sum: Tally = new Map(tallies[name]);
        addBytes(sum, bytes);
        return tallyBytes(sum);
      });
      upsert.run(...place, attempts, aborted, escalations, ...sums);
    },
  };
}
