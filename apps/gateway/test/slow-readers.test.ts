import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hangUpOnWhoTakesNothing } from '../src/answer/slow-readers.ts';

/** More than the buffers of two sockets hold. */
const BYTES = 32 * 1024 * 1024;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that writes all of a long answer at once; resolves with its address and with when its answer is gone, and whether it was taken. */
async function answering(patienceMs: number) {
  let ended: (taken: boolean) => void = () => undefined;
  const taken = new Promise<boolean>((resolve) => {
    ended = resolve;
  });
  const own = createServer((_, response) => {
    response.on('close', () => ended(response.writableFinished));
    response.writeHead(200, { 'content-length': BYTES });
    response.end(Buffer.alloc(BYTES));
    hangUpOnWhoTakesNothing(response, patienceMs);
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  return { port: (own.address() as AddressInfo).port, taken };
}

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('the reader of a long answer that is written already', () => {
  it('is hung up on where it takes nothing', async () => {
    const { port, taken } = await answering(300);
    const reader = connect(port, '127.0.0.1', () => reader.write(REQUEST));
    reader.pause().on('error', () => undefined);
    expect(await taken).toBe(false);
    reader.destroy();
  });

  it('has it whole where it reads slowly, for longer than nothing may be taken', async () => {
    // Long enough for a machine that is busy with something else.
    const patienceMs = 2_000;
    const { port, taken } = await answering(patienceMs);
    let read = 0;
    const reader = connect(port, '127.0.0.1', () => reader.write(REQUEST));
    let until = BYTES / 16;
    reader.on('data', (bytes: Uint8Array) => {
      read += bytes.length;
      if (read < until) return;
      until += BYTES / 16;
      reader.pause();
      setTimeout(() => reader.resume(), patienceMs / 8);
    });
    const ended = new Promise((resolve) => reader.on('end', resolve));
    expect(await taken).toBe(true);
    await ended;
    expect(read).toBeGreaterThanOrEqual(BYTES);
  });
});
