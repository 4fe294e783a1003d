import type { Worker } from 'node:cluster';

/**
 * Breaks the connection that was on its way to a worker which ended: Node 24 forgets it where the worker has not said that it took it, and its caller would wait for as long as it
 * likes, with a connection to nobody. Node hands on one connection at a time, by the worker's `send`. To close one that was taken over is nothing.
 */
export function breakLostConnections({ process: child }: Worker): void {
  const send = child.send as (...words: readonly unknown[]) => boolean;
  let last: { close(): void } | undefined;
  child.send = (...words: readonly unknown[]) => {
    if (isClosable(words[1])) last = words[1];
    return send.apply(child, words as unknown[]);
  };
  child.once('exit', () => last?.close());
}

function isClosable(value: unknown): value is { close(): void } {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
