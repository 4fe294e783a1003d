/** Means that no further value comes. */
export const ENDED: unique symbol = Symbol('ended');

/**
 * Values of a stream as they come, for whoever takes them as for whoever iterates over them. What stands between a socket and its reader hands each value on by a call; only who finds nothing
 * waits, once for all of them: an iterator around another costs promises and turns of the microtasks for each value.
 *
 * @example
 * ```ts
 * const source = sourceOf(values);
 * for (let value = source.take(); value !== ENDED; value = source.take()) {
 *   if (value === undefined) await source.more();
 *   else write(value);
 * }
 * ```
 */
export abstract class ValueSource<Value> implements AsyncIterableIterator<Value, undefined> {
  /** The next value; undefined where there is none yet. Throws what broke the stream, once. */
  abstract take(): Value | undefined | typeof ENDED;

  /** Waits until there is something to take, or to throw; never rejects. For whoever has just taken nothing. */
  abstract more(): Promise<void>;

  /** Gives the rest up. */
  abstract discard(): void;

  async next(): Promise<IteratorResult<Value, undefined>> {
    for (;;) {
      const value = this.take();
      if (value === ENDED) return { done: true, value: undefined };
      if (value !== undefined) return { done: false, value };
      await this.more();
    }
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.discard();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The values of anything that can be iterated over; of a source, itself. */
export function sourceOf<Value extends object>(values: AsyncIterable<Value>): ValueSource<Value> {
  return values instanceof ValueSource ? values : new IteratedSource(values[Symbol.asyncIterator]());
}

class IteratedSource<Value extends object> extends ValueSource<Value> {
  readonly #values: AsyncIterator<Value>;
  #come: Value | undefined | typeof ENDED;
  #failure: { readonly error: unknown } | undefined;

  constructor(values: AsyncIterator<Value>) {
    super();
    this.#values = values;
  }

  take(): Value | undefined | typeof ENDED {
    const come = this.#come;
    if (come !== ENDED) this.#come = undefined;
    const failure = this.#failure;
    if (failure === undefined) return come;
    this.#failure = undefined;
    throw failure.error;
  }

  async more(): Promise<void> {
    try {
      const result = await this.#values.next();
      // Given up in the meantime: it stays so.
      if (this.#come !== ENDED) this.#come = result.done === true ? ENDED : result.value;
    } catch (error) {
      if (this.#come !== ENDED) this.#failure = { error };
      this.#come = ENDED;
    }
  }

  discard(): void {
    this.#come = ENDED;
    // Whoever gives up does not want to hear what else went wrong.
    this.#values.return?.().then(undefined, () => undefined);
  }
}
