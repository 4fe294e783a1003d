import type { Cancellation } from '@signalbox/core';
import type { Dispatcher } from 'undici';

/** The head of an answer, and its body as it arrives. */
export interface Incoming {
  readonly status: number;
  /** As undici gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What has arrived since the last look, piece by piece as it came; undefined at the end. Throws what broke the connection. */
  next(): Promise<readonly Uint8Array[] | undefined>;
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
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    let over = false;
    let failure: { readonly error: unknown } | undefined;
    let wake: (() => void) | undefined;
    let forget: () => void = () => undefined;

    const notify = () => {
      wake?.();
      wake = undefined;
    };
    const end = (error?: { readonly error: unknown }) => {
      if (over) return;
      over = true;
      failure = error;
      forget();
      if (error !== undefined) reject(error.error);
      notify();
    };
    function abort(): void {
      // Before the connection knows: what it says of the abort is not the reason for it.
      end({ error: cancellation.reason });
      controller?.abort(asError(cancellation.reason));
    }

    /** What has come, if anything has; undefined at the end. */
    function ready(): readonly Uint8Array[] | undefined {
      if (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        waitingBytes = 0;
        if (controller?.paused === true) controller.resume();
        return batch;
      }
      if (failure !== undefined) throw failure.error;
      return undefined;
    }

    async function next(): Promise<readonly Uint8Array[] | undefined> {
      for (;;) {
        const batch = ready();
        if (batch !== undefined || over) return batch;
        await new Promise<void>((come) => {
          wake = come;
        });
      }
    }

    async function* pieces(): AsyncGenerator<readonly Uint8Array[], void> {
      try {
        for (let batch = await next(); batch !== undefined; batch = await next()) yield batch;
      } finally {
        discard();
      }
    }

    async function collect(take: (piece: Uint8Array) => void): Promise<void> {
      try {
        for (;;) {
          const batch = waiting;
          waiting = [];
          waitingBytes = 0;
          for (const piece of batch) take(piece);
          if (failure !== undefined) throw failure.error;
          if (over) return;
          if (controller?.paused === true) controller.resume();
          await new Promise<void>((ready) => {
            wake = ready;
          });
        }
      } finally {
        discard();
      }
    }

    function discard(): void {
      if (over) return;
      end();
      waiting = [];
      controller?.abort(new Error('the rest of the answer is not wanted'));
    }

    if (cancellation.aborted) {
      end({ error: cancellation.reason });
      return;
    }
    forget = cancellation.onAbort(abort);
    dispatcher.dispatch(options, {
      onRequestStart(started) {
        controller = started;
        // Given up while it waited for a connection.
        if (over) started.abort(asError(cancellation.reason));
      },
      onResponseStart(_, status, headers) {
        // 1xx: the answer is still to come.
        if (status >= 200) resolve({ status, headers, next, pieces, collect, discard });
      },
      onResponseData(current, chunk) {
        if (over) return;
        waiting.push(chunk);
        waitingBytes += chunk.length;
        if (waitingBytes > MOST_WAITING) current.pause();
        notify();
      },
      onResponseEnd: () => end(),
      onResponseError: (_, error) => end({ error }),
    });
  });
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
