import type { Cancellation } from '@signalbox/core';
import type { Dispatcher } from 'undici';

/** The head of an answer, and its body as it arrives. */
export interface Incoming {
  readonly status: number;
  /** As undici gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What has arrived since the last look, piece by piece as it came, be it nothing; undefined at the end. Throws what broke the connection. */
  take(): readonly Uint8Array[] | undefined;
  /** Waits until there is something to take, or the end of it. For one who waits. */
  more(): Promise<void>;
  /** All of it so. To be read once; gives the rest up where the reader does. */
  pieces(): AsyncGenerator<readonly Uint8Array[], void>;
  /** The same to its end, each piece shown to `take`, which may throw to give the rest up. Throws what broke the connection. */
  collect(take: (piece: Uint8Array) => void): Promise<void>;
  /** Gives the rest up and closes the connection. */
  discard(): void;
}

/** Bytes that wait for a slow reader before the connection is told to wait too. */
const MOST_WAITING = 256 * 1024;

/**
 * Makes one call with undici's `dispatch`: no stream stands between the socket and the reader, which costs a third less than `request` for a
 * burst of events. Rejects with the reason as soon as it is cancelled, also while the call waits for a connection.
 */
export function dispatchCall(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  cancellation: Cancellation,
): Promise<Incoming> {
  if (cancellation.aborted) return Promise.reject(cancellation.reason);
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new DispatchedCall(cancellation, resolve, reject));
  });
}

const NOTHING: readonly Uint8Array[] = [];

/** One call, as undici tells of it and as its reader asks. A class: a closure for each of these would be most of what a call takes of the memory. */
class DispatchedCall implements Incoming, Dispatcher.DispatchHandler {
  status = 0;
  headers: Incoming['headers'] = {};
  readonly #cancellation: Cancellation;
  readonly #forget: () => void;
  #resolve: ((incoming: Incoming) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #over = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(cancellation: Cancellation, resolve: (incoming: Incoming) => void, reject: (reason: unknown) => void) {
    this.#cancellation = cancellation;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#forget = cancellation.onAbort(() => this.#abort());
  }

  onRequestStart(started: Dispatcher.DispatchController): void {
    this.#controller = started;
    // Given up while it waited for a connection.
    if (this.#over) started.abort(asError(this.#cancellation.reason));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Incoming['headers']): void {
    // 1xx: the answer is still to come.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.#resolve?.(this);
    this.#resolve = undefined;
    this.#reject = undefined;
  }

  onResponseData(current: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > MOST_WAITING) current.pause();
    this.#notify();
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end({ error });
  }

  take(): readonly Uint8Array[] | undefined {
    const batch = this.#take();
    return batch.length === 0 && this.#over ? undefined : batch;
  }

  more(): Promise<void> {
    return new Promise((come) => {
      this.#wake = come;
    });
  }

  async *pieces(): AsyncGenerator<readonly Uint8Array[], void> {
    try {
      for (let batch = this.take(); batch !== undefined; batch = this.take()) {
        if (batch.length === 0) await this.more();
        else yield batch;
      }
    } finally {
      this.discard();
    }
  }

  async collect(take: (piece: Uint8Array) => void): Promise<void> {
    try {
      for (;;) {
        for (const piece of this.#take()) take(piece);
        if (this.#over && this.#failure === undefined) return;
        if (!this.#over) await this.more();
      }
    } finally {
      this.discard();
    }
  }

  discard(): void {
    if (this.#over) return;
    this.#end(undefined);
    this.#waiting = [];
    this.#controller?.abort(new Error('the rest of the answer is not wanted'));
  }

  /** What has come. Throws what broke the connection once nothing is left before it. */
  #take(): readonly Uint8Array[] {
    const batch = this.#waiting;
    if (batch.length === 0) {
      if (this.#failure !== undefined) throw this.#failure.error;
      return NOTHING;
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#controller?.paused === true) this.#controller.resume();
    return batch;
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #abort(): void {
    // Before the connection knows: what it says of the abort is not the reason for it.
    const { reason } = this.#cancellation;
    this.#end({ error: reason });
    this.#controller?.abort(asError(reason));
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = failure;
    this.#forget();
    if (failure !== undefined) this.#reject?.(failure.error);
    this.#notify();
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
