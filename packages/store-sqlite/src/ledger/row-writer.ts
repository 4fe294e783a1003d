import type { DatabaseSync } from 'node:sqlite';
import type { Decision, LedgerRow } from '@signalbox/core';
import { inTransaction } from '../file/transaction.ts';
import {
  ATTEMPT_COLUMNS,
  type ColumnValue,
  callFigures,
  MAX_NAME,
  MAX_TAGS_JSON,
  storedTags,
} from '../rows/attempt-columns.ts';
import { type DecisionShape, takeApart } from '../rows/decision-shape.ts';
import { createNames, createShapes, wellFormed } from '../rows/name-table.ts';
import { createPerformanceWriter } from './performance-writer.ts';
import { createSketchWriter } from './sketch-writer.ts';
import { createSumsWriter } from './sums-writer.ts';

const COLUMN_NAMES = ATTEMPT_COLUMNS.map(([column]) => column);
const INSERT_ATTEMPT = `INSERT INTO attempts (decision, attempt, ${COLUMN_NAMES.join(', ')})
  VALUES (?, ?, ${COLUMN_NAMES.map(() => '?').join(', ')})`;

/** Writes rows into an open file. */
export interface RowWriter {
  /** Writes all rows in one transaction, or throws and none. Answers how many rows could not be read at all. */
  write(rows: readonly LedgerRow[]): number;
}

/** A decision, read once for all attempts of it that are written together. */
interface ReadDecision {
  readonly decision: Decision;
  readonly shape: DecisionShape;
  /** Its number in the file, once that is known. */
  number: number | undefined;
}

/** A row, read: from here on only the file can fail. */
interface ReadRow {
  readonly row: LedgerRow;
  readonly decided: ReadDecision;
  readonly values: readonly ColumnValue[];
  readonly tags: readonly string[];
}

export function createRowWriter(database: DatabaseSync): RowWriter {
  const names = createNames(database);
  const shapes = createShapes(database);
  const generation = database.prepare('SELECT generation FROM pruned');
  const insertDecision = database.prepare(
    'INSERT INTO decisions (id, decided_at, requested_model, shape, figures) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const findDecision = database.prepare('SELECT number FROM decisions WHERE id = ?');
  const lastAttempt = database.prepare('SELECT max(attempt) AS attempt FROM attempts WHERE decision = ?');
  const insertAttempt = database.prepare(INSERT_ATTEMPT);
  const sketches = createSketchWriter(database);
  const sums = createSumsWriter(database, () => names.numberOf('cache'));
  const performance = createPerformanceWriter(database, names.numberOf);

  let seenGeneration: unknown;

  function forget(): void {
    names.forget();
    shapes.forget();
    sums.forget();
    performance.forget();
  }

  function stored(value: ColumnValue, index: number): number | null {
    const [column, kind] = ATTEMPT_COLUMNS[index] ?? ['', 'number'];
    if (kind === 'number' || kind === 'number!') return wholeNumber(value) ?? (kind === 'number!' ? 0 : null);
    if (value === undefined && kind === 'word') return null;
    return names.numberOf(cut(value ?? '', column === 'tags' ? MAX_TAGS_JSON : MAX_NAME));
  }

  function writeDecision(decided: ReadDecision): { readonly number: number; readonly isNew: boolean } {
    if (decided.number !== undefined) return { number: decided.number, isNew: false };
    const { decision, shape } = decided;
    const { shape: text, figures } = shape;
    const id = wellFormed(cut(decision.id, MAX_NAME));
    const { changes, lastInsertRowid } = insertDecision.run(
      id,
      wholeNumber(decision.decidedAt) ?? 0,
      decision.requestedModel === undefined ? null : names.numberOf(cut(decision.requestedModel, MAX_NAME)),
      shapes.numberOf(text),
      figures,
    );
    const isNew = Number(changes) === 1;
    const number = Number(isNew ? lastInsertRowid : findDecision.get(id)?.number);
    decided.number = number;
    return { number, isNew };
  }

  function writeRow(row: ReadRow): void {
    const { number, isNew } = writeDecision(row.decided);
    const attempt = isNew ? 1 : Number(lastAttempt.get(number)?.attempt ?? 0) + 1;
    const values = row.values.map(stored);
    insertAttempt.run(number, attempt, ...values);
    sums.add(number, attempt, values, row.tags.map(names.numberOf));
    sketches.add(number, row.row);
    performance.add(number, attempt, callFigures(values));
  }

  function readRow(row: LedgerRow, decisions: Map<Decision, ReadDecision>): ReadRow | undefined {
    try {
      const { decision } = row;
      let decided = decisions.get(decision);
      if (decided === undefined) {
        decided = { decision, shape: takeApart(decision), number: undefined };
        decisions.set(decision, decided);
      }
      return {
        row,
        decided,
        values: ATTEMPT_COLUMNS.map(([, , from]) => from(row)),
        tags: storedTags(row.caller.tags),
      };
    } catch {
      return undefined;
    }
  }

  return {
    write(rows) {
      const decisions = new Map<Decision, ReadDecision>();
      const readable = rows.map((row) => readRow(row, decisions)).filter((row) => row !== undefined);
      try {
        inTransaction(database, () => {
          const { generation: current } = generation.get() ?? {};
          if (current !== seenGeneration) forget();
          seenGeneration = current;
          for (const row of readable) writeRow(row);
          sums.write();
          performance.write();
        });
      } catch (error) {
        // Numbers that were handed out in it are void.
        forget();
        throw error;
      }
      return rows.length - readable.length;
    },
  };
}

/** Numbers come from providers: a fraction is rounded, what is no number stays unknown. */
function wholeNumber(value: ColumnValue): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

function cut(value: string | number, atMost: number): string {
  const text = String(value);
  return text.length > atMost ? text.slice(0, atMost) : text;
}
