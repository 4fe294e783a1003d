/**
 * What an `AbortSignal` says, at a tenth of its cost: an event target and its listeners take longer than all that a router decides about a small
 * request. A real signal is made when somebody asks for one.
 */
export interface Cancellation {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** The same for those who want a signal. */
  readonly signal: AbortSignal;
  /** Says it once; later calls change nothing. */
  abort(reason: unknown): void;
  /** Calls the listener at most once, when it is said. Gives what takes the listener away again. */
  onAbort(listener: () => void): () => void;
}

/**
 * Makes one.
 *
 * @example
 * ```ts
 * const cancellation = createCancellation();
 * const forget = cancellation.onAbort(() => socket.destroy());
 * cancellation.abort(new Error('too late'));
 * ```
 */
export function createCancellation(): Cancellation {
  return new OneCancellation();
}

/** The signal of somebody else as a cancellation. */
export function cancellationOf(signal: AbortSignal): Cancellation {
  const cancellation = new OneCancellation(signal);
  const abort = () => cancellation.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return cancellation;
}

class OneCancellation implements Cancellation {
  aborted = false;
  reason: unknown;
  #listeners: (() => void)[] = [];
  #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      if (this.aborted) controller.abort(this.reason);
      else this.#listeners.push(() => controller.abort(this.reason));
    }
    return this.#signal;
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  onAbort(listener: () => void): () => void {
    if (this.aborted) {
      listener();
      return () => undefined;
    }
    this.#listeners.push(listener);
    return () => {
      const at = this.#listeners.indexOf(listener);
      if (at !== -1) this.#listeners.splice(at, 1);
    };
  }
}
