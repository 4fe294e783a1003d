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
import { wholeNumber } from '../rows/whole-number.ts';
import { createPerformanceWriter } from './performance-writer.ts';
import { createSketchWriter } from './sketch-writer.ts';
import { createSumsWriter } from './sums-writer.ts';

/** Columns that most rows leave empty: where all of them are, they are not even bound. */
const RARE: ReadonlySet<string> = new Set([
  'error_kind',
  'error_status',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'input_audio_tokens',
  'output_audio_tokens',
  'web_searches',
  'service_tier',
  'session',
  'tags',
  'provider_key',
  'saved_nano_usd',
  'rule',
]);
const COLUMN_NAMES = ATTEMPT_COLUMNS.map(([column]) => column);
const IS_RARE = COLUMN_NAMES.map((column) => RARE.has(column));
const USUAL_NAMES = COLUMN_NAMES.filter((column) => !RARE.has(column));
const IS_NUMBER = ATTEMPT_COLUMNS.map(([, kind]) => kind === 'number' || kind === 'number!');
/** What stands in a column that may not be empty, where the row has nothing. */
const MAY_BE_EMPTY = ATTEMPT_COLUMNS.map(([, kind]) => kind === 'number' || kind === 'word');
const MAX_LENGTHS = COLUMN_NAMES.map((column) => (column === 'tags' ? MAX_TAGS_JSON : MAX_NAME));

const insertAttemptInto = (columns: readonly string[]) =>
  `INSERT INTO attempts (decision, attempt, ${columns.join(', ')}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`;

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
  const insertUsual = database.prepare(insertAttemptInto(USUAL_NAMES));
  const insertWhole = database.prepare(insertAttemptInto(COLUMN_NAMES));
  const sketches = createSketchWriter(database);
  const sums = createSumsWriter(database, () => names.numberOf('cache'));
  const performance = createPerformanceWriter(database, names.numberOf);

  let seenGeneration: unknown;

  /** The word that stood last in each column, and its number: most rows say what the one before said. */
  const lastWords: ColumnValue[] = COLUMN_NAMES.map(() => undefined);
  const lastNumbers: number[] = COLUMN_NAMES.map(() => 0);
  /** What is bound for one row, kept from row to row. */
  const usual: (number | null)[] = [0, 0, ...USUAL_NAMES.map(() => null)];
  const whole: (number | null)[] = [0, 0, ...COLUMN_NAMES.map(() => null)];
  const stored: (number | null)[] = COLUMN_NAMES.map(() => null);

  function forget(): void {
    names.forget();
    shapes.forget();
    sums.forget();
    performance.forget();
    lastWords.fill(undefined);
  }

  function numberOfWord(value: ColumnValue, index: number): number {
    if (value !== undefined && value === lastWords[index]) return lastNumbers[index] ?? 0;
    const number = names.numberOf(cut(value ?? '', MAX_LENGTHS[index] ?? MAX_NAME));
    lastWords[index] = value;
    lastNumbers[index] = number;
    return number;
  }

  function storedValue(value: ColumnValue, index: number): number | null {
    const mayBeEmpty = MAY_BE_EMPTY[index] === true;
    if (IS_NUMBER[index] === true) return wholeNumber(value) ?? (mayBeEmpty ? null : 0);
    return value === undefined && mayBeEmpty ? null : numberOfWord(value, index);
  }

  /** Fills `stored`, and writes it. */
  function insertAttempt(decision: number, attempt: number, values: readonly ColumnValue[]): void {
    let isUsual = true;
    let place = 2;
    for (let index = 0; index < values.length; index += 1) {
      const value = storedValue(values[index], index);
      stored[index] = value;
      whole[index + 2] = value;
      if (IS_RARE[index] === true) isUsual &&= value === null;
      else {
        usual[place] = value;
        place += 1;
      }
    }
    const bound = isUsual ? usual : whole;
    bound[0] = decision;
    bound[1] = attempt;
    (isUsual ? insertUsual : insertWhole).run(...bound);
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
    insertAttempt(number, attempt, row.values);
    sums.add(number, attempt, stored, row.tags.length === 0 ? NO_TAGS : row.tags.map(names.numberOf));
    sketches.add(number, row.row);
    performance.add(number, attempt, callFigures(stored));
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
        values: valuesOf(row),
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

const NO_TAGS: readonly number[] = [];
const SOURCES = ATTEMPT_COLUMNS.map(([, , from]) => from);

function valuesOf(row: LedgerRow): readonly ColumnValue[] {
  const values: ColumnValue[] = [];
  for (const from of SOURCES) values.push(from(row));
  return values;
}

function cut(value: string | number, atMost: number): string {
  const text = typeof value === 'string' ? value : String(value);
  return text.length > atMost ? text.slice(0, atMost) : text;
}
