import { ENDED, sourceOf, ValueSource } from '@signalbox/core';
import type { LaneBatch } from '../lanes/lane.ts';
import type { RunningAttempt } from './running-attempt.ts';

/** Reads an answer whose first content is there to its end; only while somebody waits for the next value is the provider's silence counted. */
export class AnswerReader<Value> extends ValueSource<Value> {
  readonly #held: readonly Value[];
  readonly #batches: ValueSource<LaneBatch<Value>>;
  readonly #attempt: RunningAttempt<Value>;
  #read = 0;
  #over = false;

  /** `held`: what came up to the first content; `batches`: what comes behind it. */
  constructor(held: readonly Value[], batches: AsyncIterable<LaneBatch<Value>>, attempt: RunningAttempt<Value>) {
    super();
    this.#held = held;
    this.#batches = sourceOf(batches);
    this.#attempt = attempt;
  }

  take(): Value | undefined | typeof ENDED {
    if (this.#over) return ENDED;
    const attempt: RunningAttempt<Value> = this.#attempt;
    const { deadline } = attempt;
    if (this.#read < this.#held.length) {
      deadline.waiting(false);
      const value = this.#held[this.#read] as Value;
      this.#read += 1;
      return value;
    }
    try {
      deadline.waiting(true);
      const batch = this.#batches.take();
      if (batch === undefined) return undefined;
      if (batch !== ENDED) {
        attempt.came(batch);
        deadline.waiting(false);
        return batch.value;
      }
      attempt.complete();
    } catch (error) {
      this.#over = true;
      attempt.fail(error);
    }
    this.#over = true;
    return ENDED;
  }

  more(): Promise<void> {
    return this.#batches.more();
  }

  /** Gives the rest up, also while a value is being waited for. */
  discard(): void {
    if (this.#over) return;
    this.#over = true;
    this.#attempt.stopped();
  }
}
