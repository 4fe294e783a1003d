import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway('', undefined, { maxBodyBytes: 1024 * 1024 });
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const request = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi'.repeat(500) }] });

function post(body: Uint8Array, coding: string): Promise<Response> {
  return fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': coding },
    body: new Uint8Array(body),
  });
}

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(request)],
    ['GZIP', gzipSync(request)],
    ['deflate', deflateSync(request)],
    ['br', brotliCompressSync(request)],
    ['zstd', zstdCompressSync(request)],
    ['identity', Buffer.from(request)],
  ])('in %s is read, and reaches the provider as it was before', async (coding, body) => {
    const answer = await post(body, coding);
    expect(answer.status).toBe(200);
    expect(under.simulator.requests[0]?.body).toEqual(JSON.parse(request));
    expect(under.simulator.requests[0]?.headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    ['gzip', gzipSync],
    // At its usual quality it takes longer than a connection is kept.
    ['br', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['zstd', zstdCompressSync],
  ] as const)('that would grow beyond the limit is refused: %s', async (coding, compress) => {
    // Large enough; a larger one keeps the whole process busy for seconds, the gateway that is to answer included.
    const bomb = compress(Buffer.alloc(8 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await post(bomb, coding);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('once it is decompressed') },
    });
  });

  it('that is no such thing, or cut, is refused in a sentence', async () => {
    for (const body of [Buffer.from(request), gzipSync(request).subarray(0, 20)]) {
      const answer = await post(body, 'gzip');
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: { message: expect.stringContaining("can't be decompressed as gzip") },
      });
    }
    const unknown = await post(Buffer.from(request), 'lzma');
    expect(await unknown.json()).toMatchObject({ error: { message: expect.stringContaining('use gzip') } });
    expect(under.simulator.requests).toHaveLength(0);
  });
});
