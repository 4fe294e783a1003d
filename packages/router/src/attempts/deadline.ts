import { type Cancellation, type Clock, ProviderError } from '@signalbox/core';

/** Bounds of one attempt, in milliseconds. */
export interface Timeouts {
  /** From sending to the first content of a stream. Headers, comments and role chunks are not content. */
  readonly firstContentMs: number;
  /** Between two pieces of content. */
  readonly idleMs: number;
  /** The whole attempt; the only bound of an answer that is not streamed. */
  readonly totalMs: number;
}

export interface Deadline {
  /** Content came: the idle time starts anew. */
  content(): void;
  /** Somebody waits for the next piece, or nobody does since the caller is slow: only waiting counts as silence. */
  waiting(waits: boolean): void;
  /** Milliseconds of the longest silence between two pieces of content so far; undefined before the second. */
  longestGapMs(): number | undefined;
  /** The attempt is over. */
  stop(): void;
}

/** Watches one attempt and aborts it with a ProviderError `timeout` when it is late. */
export function startDeadline(
  clock: Clock,
  cancellation: Pick<Cancellation, 'abort'>,
  timeouts: Timeouts,
  stream: boolean,
  provider: string,
): Deadline {
  return new RunningDeadline(clock, cancellation, timeouts, stream, provider);
}

/** A class: every open stream has one, and would hold a closure for each of these. */
class RunningDeadline implements Deadline {
  readonly #clock: Clock;
  readonly #cancellation: Pick<Cancellation, 'abort'>;
  readonly #timeouts: Timeouts;
  readonly #stream: boolean;
  readonly #provider: string;
  readonly #cancelTotal: () => void;
  #cancelFirst: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #lastContentAt: number | undefined;
  #longestGap: number | undefined;
  #waits = true;

  constructor(
    clock: Clock,
    cancellation: Pick<Cancellation, 'abort'>,
    timeouts: Timeouts,
    stream: boolean,
    provider: string,
  ) {
    this.#clock = clock;
    this.#cancellation = cancellation;
    this.#timeouts = timeouts;
    this.#stream = stream;
    this.#provider = provider;
    const { totalMs, firstContentMs } = timeouts;
    this.#cancelTotal = clock.after(totalMs, () => this.#expire('no complete answer', totalMs));
    if (stream) this.#cancelFirst = clock.after(firstContentMs, () => this.#expire('no first token', firstContentMs));
  }

  content(): void {
    const now = this.#clock.now();
    const last = this.#lastContentAt;
    if (last !== undefined) this.#longestGap = Math.max(this.#longestGap ?? 0, now - last);
    this.#lastContentAt = now;
    if (!this.#stream || this.#cancelIdle !== undefined) return;
    this.#cancelFirst?.();
    this.#cancelFirst = undefined;
    this.#watchIdle(this.#timeouts.idleMs);
  }

  waiting(nowWaits: boolean): void {
    // A reader who comes back after a while: the provider's silence begins now.
    if (nowWaits && !this.#waits && this.#lastContentAt !== undefined) this.#lastContentAt = this.#clock.now();
    this.#waits = nowWaits;
  }

  longestGapMs(): number | undefined {
    return this.#longestGap;
  }

  stop(): void {
    this.#cancelTotal();
    this.#cancelFirst?.();
    this.#cancelIdle?.();
  }

  // One timer that looks when content came last: arming a new one for every token would cost more than the token.
  #watchIdle(wait: number): void {
    this.#cancelIdle = this.#clock.after(wait, () => {
      const { idleMs } = this.#timeouts;
      const left = this.#waits ? (this.#lastContentAt ?? 0) + idleMs - this.#clock.now() : idleMs;
      if (left <= 0) this.#expire('the stream stalled, no content', idleMs);
      else this.#watchIdle(left);
    });
  }

  #expire(what: string, milliseconds: number): void {
    const provider = this.#provider;
    this.#cancellation.abort(
      new ProviderError({
        kind: 'timeout',
        provider,
        message: `${provider}: ${what} within ${milliseconds / 1000} s.`,
      }),
    );
  }
}
