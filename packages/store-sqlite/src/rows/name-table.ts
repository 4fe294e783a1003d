import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** Entries that are remembered at most; then all are forgotten and found again. */
const REMEMBERED = 20_000;

/** Texts that stand once in the file and are named by a number. Numbers are remembered until `forget`. */
export interface NumberedTexts {
  /** Its number; written down where it is new. Inside a transaction. */
  numberOf(text: string): number;
  forget(): void;
}

/** Words: models, users, outcomes. */
export function createNames(database: DatabaseSync): NumberedTexts {
  const insert = database.prepare('INSERT INTO names (name) VALUES (?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT id FROM names WHERE name = ?');
  return remembered((text) => {
    const name = wellFormed(text);
    const found = select.get(name);
    return Number(found === undefined ? insert.run(name).lastInsertRowid : found.id);
  }, REMEMBERED);
}

/** Shapes of decisions: long texts, so they are found by a digest. */
export function createShapes(database: DatabaseSync): NumberedTexts {
  const insert = database.prepare('INSERT INTO shapes (digest, shape) VALUES (?, ?)');
  const select = database.prepare('SELECT id FROM shapes WHERE digest = ?');
  return remembered((shape) => {
    const digest = createHash('sha256').update(shape).digest().subarray(0, 16);
    const found = select.get(digest);
    return Number(found === undefined ? insert.run(digest, shape).lastInsertRowid : found.id);
  }, REMEMBERED / 20);
}

function remembered(find: (text: string) => number, atMost: number): NumberedTexts {
  const numbers = new Map<string, number>();
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = find(text);
      if (numbers.size >= atMost) numbers.clear();
      numbers.set(text, number);
      return number;
    },
    forget: () => numbers.clear(),
  };
}

/** Text as SQLite keeps it: it may hold no NUL, and half a surrogate pair is no character. */
export function wellFormed(text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
