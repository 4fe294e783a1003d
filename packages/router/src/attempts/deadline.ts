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
  let lastContentAt: number | undefined;
  let longestGap: number | undefined;
  let waits = true;
  let cancelIdle: (() => void) | undefined;

  const expire = (what: string, milliseconds: number) => {
    cancellation.abort(
      new ProviderError({
        kind: 'timeout',
        provider,
        message: `${provider}: ${what} within ${milliseconds / 1000} s.`,
      }),
    );
  };
  const cancelTotal = clock.after(timeouts.totalMs, () => expire('no complete answer', timeouts.totalMs));
  let cancelFirst = stream
    ? clock.after(timeouts.firstContentMs, () => expire('no first token', timeouts.firstContentMs))
    : undefined;

  // One timer that looks when content came last: arming a new one for every token would cost more than the token.
  function watchIdle(wait: number): void {
    cancelIdle = clock.after(wait, () => {
      const left = waits ? (lastContentAt ?? 0) + timeouts.idleMs - clock.now() : timeouts.idleMs;
      if (left <= 0) expire('the stream stalled, no content', timeouts.idleMs);
      else watchIdle(left);
    });
  }

  return {
    content() {
      const now = clock.now();
      if (lastContentAt !== undefined) longestGap = Math.max(longestGap ?? 0, now - lastContentAt);
      lastContentAt = now;
      if (!stream || cancelIdle !== undefined) return;
      cancelFirst?.();
      cancelFirst = undefined;
      watchIdle(timeouts.idleMs);
    },
    waiting(nowWaits) {
      // A reader who comes back after a while: the provider's silence begins now.
      if (nowWaits && !waits && lastContentAt !== undefined) lastContentAt = clock.now();
      waits = nowWaits;
    },
    longestGapMs: () => longestGap,
    stop() {
      cancelTotal();
      cancelFirst?.();
      cancelIdle?.();
    },
  };
}
