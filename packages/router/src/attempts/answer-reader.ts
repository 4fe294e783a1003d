import type { LaneBatch } from '../lanes/lane.ts';
import type { RunningAttempt } from './running-attempt.ts';

/**
 * Reads an answer whose first content is there to its end; only while somebody waits for the next value is the provider's silence counted. No generator: each value of a stream passes here, and one
 * takes several turns of the microtasks for each.
 */
export class AnswerReader<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #held: readonly Value[];
  readonly #batches: AsyncIterator<LaneBatch<Value>, void>;
  readonly #attempt: RunningAttempt<Value>;
  #read = 0;
  #over = false;

  /** `held`: what came up to the first content; `batches`: what comes behind it. */
  constructor(held: readonly Value[], batches: AsyncIterator<LaneBatch<Value>, void>, attempt: RunningAttempt<Value>) {
    this.#held = held;
    this.#batches = batches;
    this.#attempt = attempt;
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#over) return { done: true, value: undefined };
    const attempt: RunningAttempt<Value> = this.#attempt;
    const { deadline } = attempt;
    if (this.#read < this.#held.length) {
      deadline.waiting(false);
      const value = this.#held[this.#read] as Value;
      this.#read += 1;
      return { done: false, value };
    }
    try {
      deadline.waiting(true);
      const batch = attempt.take(await this.#batches.next());
      deadline.waiting(false);
      if (batch !== undefined) return { done: false, value: batch.value };
    } catch (error) {
      this.#over = true;
      attempt.fail(error);
    }
    this.#over = true;
    return { done: true, value: undefined };
  }

  /** Gives the rest up, also while a value is being waited for. */
  async return(): Promise<IteratorResult<Value, undefined>> {
    if (!this.#over) {
      this.#over = true;
      this.#attempt.stopped();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
