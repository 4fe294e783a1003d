import { createHash } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEXADECIMAL = '0123456789abcdef';

/** A source of choices that depends on its seed alone. */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Letters and digits. */
  letters(length: number): string;
  hexadecimal(length: number): string;
  /** Standard base64 of so many bytes. */
  base64(bytes: number): string;
}

/** The SHA-256 of the parts, in hexadecimal. Parts can't run into each other: each goes in with its length. */
export function hashParts(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const text = String(part);
    hash.update(`${text.length}:`).update(text);
  }
  return hash.digest('hex');
}

/** A generator of the xorshift family (Marsaglia 2003): small and quick; nothing here is a secret. */
export function createRandom(seed: string): SeededRandom {
  let state = Number.parseInt(hashParts(seed).slice(0, 8), 16) || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const word = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[integer(0, alphabet.length - 1)]).join('');
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    letters: (length) => word(LETTERS, length),
    hexadecimal: (length) => word(HEXADECIMAL, length),
    base64: (bytes) => Buffer.from(Array.from({ length: bytes }, () => integer(0, 255))).toString('base64'),
  };
}
