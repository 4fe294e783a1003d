import type { ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';
import type { Clock } from '@signalbox/core';
import type { Behaviour } from './behaviour.ts';
import { pause } from './pause.ts';

/** Writes one response's body: compressed, in pieces, with the reader's pace. Everything resolves once the caller is gone. */
export interface BodyWriter {
  write(content: string | Uint8Array): Promise<void>;
  /** Writes bytes past the compression. */
  writeRaw(bytes: Uint8Array): Promise<void>;
  /** Ends the body as HTTP wants it. */
  end(): Promise<void>;
  /** Sends a chunk whose size is no number, then FIN. */
  breakChunks(): Promise<void>;
  /** Sends FIN after what was written, without the terminator. */
  cut(): Promise<void>;
}

/** Whether the body is sent compressed. */
export const compresses = (behaviour: Behaviour): boolean =>
  behaviour.gzip === true || behaviour.corruptGzip !== undefined;

export function createBodyWriter(
  response: ServerResponse,
  behaviour: Behaviour,
  clock: Clock,
  signal: AbortSignal,
): BodyWriter {
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (signal.aborted) return;
    if (response.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const finish = () => {
        response.off('drain', finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      response.on('drain', finish);
      signal.addEventListener('abort', finish);
    });
  };
  const sendPieces = async (bytes: Uint8Array): Promise<void> => {
    const size = behaviour.splitBytes === undefined ? bytes.length : Math.max(1, Math.floor(behaviour.splitBytes));
    for (let from = 0; from < bytes.length && !signal.aborted; from += size) {
      await send(bytes.subarray(from, from + size));
      if (behaviour.splitBytes === undefined) continue;
      // A turn of the event loop between pieces, so that each goes out by itself.
      await new Promise(setImmediate);
      await pause(clock, behaviour.splitDelay ?? 0, signal);
    }
  };
  const compress = compresses(behaviour) ? createCompressor() : undefined;
  return {
    async write(content) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      await sendPieces(compress ? await compress.add(bytes) : bytes);
    },
    writeRaw: send,
    async end() {
      if (compress) await sendPieces(await compress.end());
      if (signal.aborted) return;
      // A response lets go of its socket when it ends.
      const { socket } = response;
      response.end();
      // Whoever was promised more bytes than came learns it now.
      if (behaviour.contentLength !== undefined) socket?.destroySoon();
    },
    async breakChunks() {
      response.flushHeaders();
      await new Promise(setImmediate);
      response.socket?.end('no-size\r\nno chunk\r\n');
    },
    async cut() {
      response.flushHeaders();
      await new Promise(setImmediate);
      response.socket?.destroySoon();
    },
  };
}

/** gzip whose output can be taken after each input. */
function createCompressor() {
  const gzip = createGzip();
  let pending: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => pending.push(chunk));
  const take = (): Buffer => {
    const taken = Buffer.concat(pending);
    pending = [];
    return taken;
  };
  return {
    add: (bytes: Uint8Array) =>
      new Promise<Buffer>((resolve) => {
        gzip.write(bytes);
        gzip.flush(() => resolve(take()));
      }),
    end: () =>
      new Promise<Buffer>((resolve) => {
        gzip.once('end', () => resolve(take()));
        gzip.end();
      }),
  };
}
