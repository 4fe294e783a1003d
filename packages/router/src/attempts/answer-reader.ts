import type { LaneBatch } from '../lanes/lane.ts';
import type { Deadline } from './deadline.ts';

/** An answer whose first content is there. */
export interface OpenedAnswer<Value> {
  /** What came up to there. */
  readonly held: readonly Value[];
  /** What comes behind it. */
  readonly batches: AsyncIterator<LaneBatch<Value>, void>;
  /** Notes what came of it; gives nothing at the end. */
  readonly take: (result: IteratorResult<LaneBatch<Value>, void>) => LaneBatch<Value> | undefined;
  readonly deadline: Pick<Deadline, 'waiting'>;
  /** Ends the attempt, and throws what is to be said of it. */
  readonly fail: (error: unknown) => never;
  /** Nobody reads any more. */
  readonly stopped: () => void;
}

/**
 * Reads such an answer to its end; only while somebody waits for the next value is the provider's silence counted. No generator: each value of a stream passes here, and one
 * takes several turns of the microtasks for each.
 */
export class AnswerReader<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #answer: OpenedAnswer<Value>;
  #read = 0;
  #over = false;

  constructor(answer: OpenedAnswer<Value>) {
    this.#answer = answer;
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#over) return { done: true, value: undefined };
    const { held, deadline, batches, take, fail } = this.#answer;
    if (this.#read < held.length) {
      deadline.waiting(false);
      const value = held[this.#read] as Value;
      this.#read += 1;
      return { done: false, value };
    }
    try {
      deadline.waiting(true);
      const batch = take(await batches.next());
      deadline.waiting(false);
      if (batch !== undefined) return { done: false, value: batch.value };
    } catch (error) {
      this.#over = true;
      fail(error);
    }
    this.#over = true;
    return { done: true, value: undefined };
  }

  /** Gives the rest up, also while a value is being waited for. */
  async return(): Promise<IteratorResult<Value, undefined>> {
    if (!this.#over) {
      this.#over = true;
      this.#answer.stopped();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
