import {
  type AnswerStore,
  aCount,
  aPort,
  backgroundClock,
  type Clock,
  type KeptAnswer,
  type OptionRules,
  requireOptions,
} from '@signalbox/core';
import { LRUCache } from 'lru-cache';

/** How much is kept in memory. */
export interface MemoryAnswerStoreOptions {
  /** Bytes of answers at most; those that were not asked for the longest time go first. Default: 64 MiB. */
  readonly maxBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Answers in this process's memory. */
export interface MemoryAnswerStore extends AnswerStore {
  get(key: string): KeptAnswer | undefined;
  set(key: string, answer: KeptAnswer, ttlMs: number): void;
  clear(): void;
  /** How many answers there are, and their bytes. */
  size(): { readonly answers: number; readonly bytes: number };
}

const RULES: OptionRules<MemoryAnswerStoreOptions> = {
  maxBytes: aCount(1),
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now']),
};

const DEFAULT_BYTES = 64 * 1024 * 1024;
/** What an entry takes beside its text: key, places in the tables. */
const OVERHEAD = 256;

/**
 * Keeps answers in memory, bounded in bytes. They are kept as JSON text outside of the heap: their size is known exactly, and nobody can change one
 * that was given out. Throws RouterError `configuration` on an option that is wrong or unknown.
 */
export function createMemoryAnswerStore(options: MemoryAnswerStoreOptions = {}): MemoryAnswerStore {
  requireOptions('createMemoryAnswerStore', options, RULES);
  const { maxBytes = DEFAULT_BYTES, clock = backgroundClock } = options;
  const answers = new LRUCache<string, Buffer>({
    maxSize: maxBytes,
    sizeCalculation: (text) => text.byteLength + OVERHEAD,
    perf: { now: () => clock.now() },
    // Else it remembers the time for a moment by a timer of the machine's, which is not the clock that it was given.
    ttlResolution: 0,
  });
  return {
    get(key) {
      const text = answers.get(key);
      return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as KeptAnswer);
    },
    set: (key, answer, ttlMs) => void answers.set(key, Buffer.from(JSON.stringify(answer)), { ttl: ttlMs }),
    clear: () => answers.clear(),
    size: () => ({ answers: answers.size, bytes: answers.calculatedSize }),
  };
}
