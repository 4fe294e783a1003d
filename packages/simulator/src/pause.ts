import type { Clock } from '@signalbox/core';

/** Waits on a clock. Resolves early when the signal aborts. `undefined`: waits for the signal alone. */
export function pause(clock: Clock, milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted || milliseconds === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = milliseconds === undefined ? undefined : clock.after(milliseconds, finish);
    signal.addEventListener('abort', finish, { once: true });
    function finish() {
      cancel?.();
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
