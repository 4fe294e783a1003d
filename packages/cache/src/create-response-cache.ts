import {
  type AnswerStore,
  aFunction,
  aNumber,
  anObject,
  aPort,
  backgroundClock,
  type CacheHit,
  type CacheMiss,
  type CacheQuestion,
  type Candidate,
  type Clock,
  type KeptAnswer,
  type OptionRules,
  type ResponseCache,
  requireOptions,
} from '@signalbox/core';
import { cacheKey, type UpstreamOf } from './cache-key.ts';
import { isWorthKeeping, whyNotCached } from './cacheable.ts';
import { createMemoryAnswerStore } from './memory-answer-store.ts';
import { createSimilarAnswers, type SimilarityLook, type SimilarityOptions } from './similar-answers.ts';
import { createSingleFlight, givenUp, type Leader } from './single-flight.ts';

/** Where answers are kept, for how long, and what counts as the same question. */
export interface ResponseCacheOptions {
  /** Default: in memory, 64 MiB. */
  readonly store?: AnswerStore | undefined;
  /** Milliseconds that an answer is given again. Default: one hour. */
  readonly ttlMs?: number | undefined;
  /**
   * What stands behind a candidate beside its name, such as its endpoint: with another one, answers are others too. Matters where a store outlives
   * the configuration. It is hashed into the key.
   */
  readonly upstreamOf?: UpstreamOf | undefined;
  /** Milliseconds after which a request that waits for another one's answer begins as well. Default: 60,000. */
  readonly takeoverMs?: number | undefined;
  /** Answers to similar questions, too. Default: off. */
  readonly similarity?: SimilarityOptions | undefined;
  /** Told once when a part of the cache does not work. Requests go on without it. */
  readonly onFault?: ((sentence: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

const DEFAULT_TTL_MS = 3_600_000;
const DEFAULT_TAKEOVER_MS = 60_000;

const RULES: OptionRules<ResponseCacheOptions> = {
  store: aPort('a store of answers, such as createMemoryAnswerStore() gives', ['get', 'set']),
  ttlMs: aNumber(0, undefined, 'of milliseconds'),
  upstreamOf: aFunction("a function that says what stands behind a candidate's name"),
  takeoverMs: aNumber(0, undefined, 'of milliseconds'),
  similarity: anObject('an object, such as { embed, threshold: 0.95 }'),
  onFault: aFunction(),
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now', 'after']),
};
const SIMILARITY_RULES: OptionRules<SimilarityOptions> = {
  embed: aFunction('a function that makes a vector of a text'),
  threshold: aNumber(0, 1),
  maxBytes: aNumber(1),
  timeoutMs: aNumber(0, undefined, 'of milliseconds'),
};

interface Landing {
  readonly answer: KeptAnswer;
  readonly similarity?: number | undefined;
}

/**
 * Makes a response cache for a router. Throws RouterError `configuration` on an option that is wrong or unknown.
 *
 * @example
 * ```ts
 * const router = createRouter({ providers, cache: createResponseCache({ ttlMs: 600_000 }) });
 * const { cache } = await router.generate(request); // { status: 'miss' }, then { status: 'hit', ageMs: 1200 }
 * ```
 */
export function createResponseCache(options: ResponseCacheOptions = {}): ResponseCache {
  requireOptions('createResponseCache', options, RULES);
  if (options.similarity !== undefined) {
    requireOptions('createResponseCache similarity', options.similarity, SIMILARITY_RULES, ['embed']);
  }
  const { clock = backgroundClock, ttlMs = DEFAULT_TTL_MS, upstreamOf = () => '', similarity } = options;
  const store = options.store ?? createMemoryAnswerStore({ clock });
  const flights = createSingleFlight<Landing>(clock, options.takeoverMs ?? DEFAULT_TAKEOVER_MS);
  const told = new Set<string>();
  const similar =
    similarity && createSimilarAnswers(similarity, { read, clock, upstreamOf, onFault: tellOnce('Similar questions') });

  function tellOnce(what: string): (reason: unknown) => void {
    return (reason) => {
      if (told.has(what)) return;
      told.add(what);
      options.onFault?.(`${what} can't be looked up: ${reason instanceof Error ? reason.message : String(reason)}`);
    };
  }
  const storeFault = tellOnce('Kept answers');

  /** Undefined where the request can't be written as text: JSON may be nested deeper than a stack. */
  function keyOf(question: CacheQuestion, candidate: Candidate): string | undefined {
    try {
      return cacheKey(question, candidate, upstreamOf);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  async function read(key: string): Promise<KeptAnswer | undefined> {
    try {
      return await store.get(key);
    } catch (error) {
      storeFault(error);
      return undefined;
    }
  }

  function isFresh(answer: KeptAnswer, { use }: CacheQuestion): boolean {
    return clock.now() - answer.answeredAt < Math.min(ttlMs, use.maxAgeMs ?? ttlMs);
  }

  const hit = ({ answer, similarity }: Landing): CacheHit => ({
    kind: 'hit',
    answer,
    similarity,
    ageMs: Math.max(0, clock.now() - answer.answeredAt),
  });

  /** A miss; the answer, when it is there, is kept under the candidate that gave it. */
  function miss(
    question: CacheQuestion,
    turn: Leader<Landing> | undefined,
    look: SimilarityLook | undefined,
  ): CacheMiss {
    let over = false;
    async function write(candidate: Candidate, answer: KeptAnswer): Promise<void> {
      try {
        const key = keyOf(question, candidate);
        const written = key === undefined ? undefined : store.set(key, answer, ttlMs);
        if (written !== undefined) await written;
        // Somebody else's answer is no answer of the first choice's: similar questions must not find it as such.
        if (key !== undefined && candidate.id === question.candidate.id) look?.answered(key);
      } catch (error) {
        storeFault(error);
      }
      turn?.land({ answer });
    }
    return {
      kind: 'miss',
      keep(candidate, answer) {
        if (over) return;
        over = true;
        if (isWorthKeeping(answer.response)) void write(candidate, answer);
        else turn?.dissolve();
      },
      giveUp() {
        if (over) return;
        over = true;
        turn?.leave();
      },
    };
  }

  async function lead(question: CacheQuestion, key: string, turn: Leader<Landing> | undefined) {
    try {
      const answer = await read(key);
      if (answer !== undefined && isFresh(answer, question)) {
        turn?.land({ answer });
        return hit({ answer });
      }
      const look = await similar?.look(question, (one) => isFresh(one, question));
      if (question.signal?.aborted === true) throw givenUp();
      if (look?.found === undefined) return miss(question, turn, look);
      turn?.land(look.found);
      return hit(look.found);
    } catch (error) {
      turn?.leave();
      throw error;
    }
  }

  return {
    async lookup(question) {
      const { request, use, candidate, signal } = question;
      if (use.mode === 'off') return { kind: 'bypass', reason: 'the caller wants no cache' };
      const reason = whyNotCached(request);
      if (reason !== undefined) return { kind: 'bypass', reason };
      if (use.mode === 'refresh') return miss(question, undefined, undefined);
      const key = keyOf(question, candidate);
      if (key === undefined) return { kind: 'bypass', reason: 'it is nested too deeply to be compared' };
      // Who wants it fresher than others waits for nobody.
      if (use.maxAgeMs !== undefined) return lead(question, key, undefined);
      const turn = await flights.join(key, signal);
      if (turn.kind === 'follower') return hit(turn.value);
      return lead(question, key, turn.kind === 'leader' ? turn : undefined);
    },
    close: () => store.close?.(),
  };
}
