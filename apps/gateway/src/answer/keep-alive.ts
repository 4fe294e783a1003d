import type { ServerResponse } from 'node:http';

/** Watches streams; what comes back ends the watch. */
export type KeepAlive = (outgoing: ServerResponse, sign: string) => () => void;

/** How often silence is looked for, in the time that it may last. */
const LOOKS = 3;

interface Watched {
  readonly sign: string;
  bytes: number;
  /** Looks in a row that found nothing new. */
  silent: number;
}

/**
 * Sends a sign of life where a stream was silent for so long: clients and proxies give connections up on which nothing moves. One timer looks after all streams by
 * what their sockets have sent, so that a piece of an answer costs nothing more for it. A reader that takes nothing gets nothing: it is its own silence.
 */
export function createKeepAlive(silenceMs: number): KeepAlive {
  const streams = new Map<ServerResponse, Watched>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const [outgoing, watched] of streams) {
      const bytes = outgoing.socket?.bytesWritten ?? 0;
      if (bytes !== watched.bytes) {
        watched.bytes = bytes;
        watched.silent = 0;
        continue;
      }
      watched.silent += 1;
      if (watched.silent < LOOKS || outgoing.writableNeedDrain || outgoing.writableEnded) continue;
      watched.silent = 0;
      outgoing.write(watched.sign);
      watched.bytes = outgoing.socket?.bytesWritten ?? 0;
    }
  }

  return (outgoing, sign) => {
    streams.set(outgoing, { sign, bytes: outgoing.socket?.bytesWritten ?? 0, silent: 0 });
    timer ??= setInterval(look, silenceMs / LOOKS).unref();
    return () => {
      streams.delete(outgoing);
      if (streams.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}
