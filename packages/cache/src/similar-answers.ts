import type { CacheQuestion, Caller, Clock, KeptAnswer } from '@signalbox/core';
import { scopeKey, type UpstreamOf } from './cache-key.ts';
import { comparableText } from './comparable-text.ts';
import { createVectorIndex, unitVector } from './vector-index.ts';

/** Whether and how answers to similar questions are given. */
export interface SimilarityOptions {
  /** Makes a vector of a text, at the caller's expense. May throw: the request then goes on without. */
  readonly embed: (
    text: string,
    context: { readonly caller: Caller; readonly signal: AbortSignal },
  ) => Promise<readonly number[]>;
  /** The least cosine that counts as the same question, 0 to 1. Default: 0.95. */
  readonly threshold?: number | undefined;
  /** Bytes of vectors at most. Default: 16 MiB, which is 2,700 vectors of 1,536 numbers. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds that a vector may take. Default: 3,000. */
  readonly timeoutMs?: number | undefined;
}

interface SimilarAnswer {
  readonly answer: KeptAnswer;
  readonly similarity: number;
}

/** What came of a look for a similar question. */
export interface SimilarityLook {
  readonly found?: SimilarAnswer | undefined;
  /** The question has got an answer of its own, kept under this key. */
  answered(key: string): void;
}

export interface SimilarAnswers {
  /** Never throws. Undefined where the question can't be compared. `isFresh` says whether an answer may be given. */
  look(question: CacheQuestion, isFresh: (answer: KeptAnswer) => boolean): Promise<SimilarityLook | undefined>;
}

const DEFAULT_THRESHOLD = 0.95;
const DEFAULT_BYTES = 16 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 3_000;

/**
 * Finds answers to questions that mean the same: of the same tenant, for the same candidate, with everything but the last words equal, and with the
 * same figures, quotations and names with signs in these.
 */
export function createSimilarAnswers(
  options: SimilarityOptions,
  ports: {
    readonly read: (key: string) => Promise<KeptAnswer | undefined>;
    readonly clock: Clock;
    readonly upstreamOf: UpstreamOf;
    readonly onFault: (reason: unknown) => void;
  },
): SimilarAnswers {
  const { embed, threshold = DEFAULT_THRESHOLD, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const index = createVectorIndex(options.maxBytes ?? DEFAULT_BYTES);

  async function vectorOf(text: string, { caller, signal }: CacheQuestion): Promise<Float32Array | undefined> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const isGivenUp = () => signal?.aborted === true;
    if (isGivenUp()) return undefined;
    signal?.addEventListener('abort', abort, { once: true });
    const cancel = ports.clock.after(timeoutMs, abort);
    try {
      return unitVector(await embed(text, { caller, signal: controller.signal }));
    } catch (error) {
      if (!isGivenUp()) ports.onFault(error);
      return undefined;
    } finally {
      cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  return {
    async look(question, isFresh) {
      const comparable = comparableText(question.request);
      if (comparable === undefined) return undefined;
      const vector = await vectorOf(comparable.text, question);
      if (vector === undefined) return undefined;
      const scope = scopeKey(question, ports.upstreamOf, comparable.withoutText, comparable.marks);
      const answered = (key: string) => index.add(scope, vector, key);
      for (;;) {
        const near = index.nearest(scope, vector);
        if (near === undefined || near.similarity < threshold) return { answered };
        const answer = await ports.read(near.key);
        if (answer !== undefined && isFresh(answer)) {
          index.used(near.key);
          return { found: { answer, similarity: near.similarity }, answered };
        }
        // The answer is gone or too old: its question finds nothing any more.
        index.remove(near.key);
      }
    },
  };
}
