import type { ServerResponse } from 'node:http';

/** Milliseconds that a reader may take nothing at all while something waits for it. */
const SLOWEST_READER_MS = 120_000;

/**
 * Hangs up on a reader who takes nothing of what is left of an answer that is written: it waits in memory, and the connection with it. Node's own timer sees
 * whether anything goes out in between: who reads slowly may take as long as it takes.
 */
export function hangUpOnWhoTakesNothing(outgoing: ServerResponse, patienceMs = SLOWEST_READER_MS): void {
  if (outgoing.writableLength > 0) outgoing.setTimeout(patienceMs, () => outgoing.destroy());
}

/** Waits until a slow reader has taken what was written, or is gone. One that takes nothing for too long is hung up on. */
export function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late);
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    const late = setTimeout(() => outgoing.destroy(), SLOWEST_READER_MS);
    outgoing.on('drain', done);
    outgoing.on('close', done);
  });
}
