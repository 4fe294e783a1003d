import type { Cost } from './attempt.ts';
import type { Candidate } from './candidate.ts';
import type { ModelRequest } from './model-request.ts';
import type { ModelResponse } from './model-response.ts';
import type { Caller } from './ports.ts';
import type { TranslationNote } from './translation-note.ts';
import type { WireHeaders } from './wire-frame.ts';

/** An answer as it is kept: what a replay needs, and who gave it. A plain value, ready for JSON. */
export interface KeptAnswer {
  readonly response: ModelResponse;
  /** Who answered: `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  /** The id that was sent. */
  readonly model: string;
  readonly simulated: boolean;
  /** What the request lost on its way to the provider. */
  readonly notes: readonly TranslationNote[];
  /** Unix milliseconds. */
  readonly answeredAt: number;
  /** What it cost; absent where the price is unknown. */
  readonly cost?: Cost | undefined;
}

/** Where answers are kept by key, for a time and within a bound of its own. Never throws: what can't be read is not there. */
export interface AnswerStore {
  get(key: string): KeptAnswer | undefined | Promise<KeptAnswer | undefined>;
  /** Keeps an answer for so many milliseconds, in the place of an older one. */
  set(key: string, answer: KeptAnswer, ttlMs: number): void | Promise<void>;
  /** Forgets everything. */
  clear(): void | Promise<void>;
  close?(): void;
}

/** How one request uses the cache. */
export interface CacheUse {
  /**
   * `use`: a kept answer will do, and a new one is kept. `refresh`: ask anew, and keep the answer. `off`: neither. Default: `use`.
   */
  readonly mode?: 'use' | 'refresh' | 'off' | undefined;
  /** Milliseconds that a kept answer may be old at most; absent: as long as it is kept. */
  readonly maxAgeMs?: number | undefined;
}

/** What a cache is asked: the request, and who would answer it. */
export interface CacheQuestion {
  readonly caller: Caller;
  /** The decision's first choice. */
  readonly candidate: Candidate;
  readonly request: ModelRequest;
  /** Nothing of the request may be lost in translation. */
  readonly strict: boolean;
  /** The caller's own headers, of which some go along to the provider. */
  readonly headers?: WireHeaders | undefined;
  readonly use: CacheUse;
  /** The caller's abort: whoever gives up waits no longer. */
  readonly signal?: AbortSignal | undefined;
}

/** What a cache says to a request: an answer, nothing, or that it was not asked. */
export type CacheLookup = CacheHit | CacheMiss | CacheBypass;

/** An answer that was given before. */
export interface CacheHit {
  readonly kind: 'hit';
  readonly answer: KeptAnswer;
  /** Milliseconds since it was given. */
  readonly ageMs: number;
  /** How near the question was that it answered, 0 to 1; absent: the very same. */
  readonly similarity?: number | undefined;
}

/** Nothing is kept. Others who ask the same wait for whoever got this: exactly one of `keep` and `giveUp` must follow, then nothing counts any more. */
export interface CacheMiss {
  readonly kind: 'miss';
  /** The complete answer, and the candidate that gave it. Not everything is worth keeping. */
  keep(candidate: Candidate, answer: KeptAnswer): void;
  /** There will be none: somebody else of those who wait asks. */
  giveUp(): void;
}

/** The cache has no part in this request. */
export interface CacheBypass {
  readonly kind: 'bypass';
  /** One clause for people: `the request calls tools of the provider`. */
  readonly reason: string;
}

/** Answers that were given before, each to its own tenant. */
export interface ResponseCache {
  /** Waits where the same is being asked already. Throws RouterError `aborted` and nothing else. */
  lookup(question: CacheQuestion): Promise<CacheLookup>;
  close?(): void;
}
