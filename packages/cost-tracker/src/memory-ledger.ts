import { type Ledger, type LedgerRow, RouterError } from '@signalbox/core';

/** How much a ledger in memory keeps. */
export interface MemoryLedgerOptions {
  /** Rows that are kept; the oldest go first. Default: 10 000. */
  readonly capacity?: number | undefined;
}

/** A ledger in memory: for one process, gone with it. */
export interface MemoryLedger extends Ledger {
  /** The rows that are kept, oldest first: a copy. */
  rows(): readonly LedgerRow[];
  /** Rows that were pushed out by newer ones. */
  dropped(): number;
}

/** Throws RouterError `usage` on a capacity that is not a whole number above zero. */
export function createMemoryLedger(options: MemoryLedgerOptions = {}): MemoryLedger {
  const { capacity = 10_000 } = options;
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new RouterError({
      kind: 'usage',
      message: `The capacity of a ledger is ${capacity}: expected a whole number above zero.`,
    });
  }
  const ring: LedgerRow[] = [];
  let oldest = 0;
  let dropped = 0;
  return {
    append(row) {
      if (ring.length < capacity) {
        ring.push(row);
        return;
      }
      ring[oldest] = row;
      oldest = (oldest + 1) % capacity;
      dropped += 1;
    },
    rows: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
    dropped: () => dropped,
  };
}
