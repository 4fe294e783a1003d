import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveGateway } from '../src/index.ts';
import { openConnection } from './raw-request.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
let impatient: Awaited<ReturnType<typeof serveGateway>>;
beforeAll(async () => {
  under = await startGateway();
  impatient = await serveGateway({
    router: under.ready.router,
    port: 0,
    headersTimeoutMs: 300,
    requestTimeoutMs: 400,
  });
});
afterAll(async () => {
  await impatient.close(0);
  await under.close();
});
beforeEach(() => under.simulator.reset());

const PROTOCOLS = [
  { name: 'Chat Completions', path: '/v1/chat/completions', model: 'gpt-4o-mini', message: 'error.message' },
  { name: 'Messages', path: '/v1/messages', model: 'claude-haiku-4-5', message: 'error.message' },
  { name: 'Responses', path: '/v1/responses', model: 'gpt-5-mini', message: 'error.message' },
  {
    name: 'Gemini',
    path: '/v1beta/models/gemini-2.5-flash:generateContent',
    model: 'gemini-2.5-flash',
    message: 'error.message',
  },
  { name: 'Ollama', path: '/api/chat', model: 'mistral:7b', message: 'error' },
] as const;

const MIB = 1024 * 1024;
const head = (path: string, ...headers: readonly string[]) =>
  [`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', 'content-type: application/json', ...headers, '', ''].join('\r\n');

async function post(url: string, path: string, body: string) {
  const connection = await openConnection(url);
  await connection.write(head(path, `content-length: ${Buffer.byteLength(body)}`) + body);
  const answer = await connection.answer();
  connection.socket.destroy();
  return answer;
}

/** Somebody else's request, which must not notice. */
async function expectOthersServed(url = under.gateway.url) {
  const answer = await post(
    url,
    '/v1/chat/completions',
    JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] }),
  );
  expect(answer.status).toBe(200);
}

describe.each(PROTOCOLS)('a bad request in $name', ({ path, message }) => {
  it('with a body of 64 MiB gets 413, and the sender can finish', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write(head(path, `content-length: ${64 * MIB}`));
    const piece = Buffer.alloc(MIB, 0x20);
    const writing = (async () => {
      for (let count = 0; count < 64; count += 1) await connection.write(piece);
    })();
    const answer = await connection.answer();
    expect(answer.status).toBe(413);
    expect(answer.json()).toHaveProperty(message, expect.stringContaining('32 MiB'));
    await expectOthersServed();
    await writing;
    connection.socket.destroy();
  });

  it('with a body without a length that grows beyond the limit gets 413', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write(head(path, 'transfer-encoding: chunked'));
    const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, 0x20), Buffer.from('\r\n')]);
    for (let count = 0; count < 36; count += 1) await connection.write(piece);
    await connection.write('0\r\n\r\n');
    const answer = await connection.answer();
    expect(answer.status).toBe(413);
    connection.socket.destroy();
    await expectOthersServed();
  });

  it('that is not JSON, or no object, gets 400', async () => {
    for (const body of ['{"model": ', '', 'null', '[]', '42', '"text"', '\u0000']) {
      const answer = await post(under.gateway.url, path, body);
      expect(answer.status, body).toBe(400);
      expect(answer.json()).toHaveProperty(message, expect.stringMatching(/\w{3}/));
    }
  });

  it('for an unknown model gets 404', async () => {
    const body = { model: 'no-such-model', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], input: 'hi' };
    const answer = await post(
      under.gateway.url,
      path.replace('gemini-2.5-flash', 'no-such-model'),
      JSON.stringify({ ...body, ...(path.includes('beta') ? { contents: [{ parts: [{ text: 'hi' }] }] } : {}) }),
    );
    expect(answer.status).toBe(404);
    expect(answer.json()).toHaveProperty(message, expect.stringContaining('no-such-model'));
    expect(under.simulator.requests).toHaveLength(0);
  });
});

describe('a connection on which', () => {
  it('the headers take 64 KiB gets 431 that says what to do', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write(head('/v1/messages', `x-long: ${'z'.repeat(64 * 1024)}`, 'content-length: 2'));
    const answer = await connection.answer();
    expect(answer.status).toBe(431);
    expect(answer.json()).toHaveProperty('error.message', expect.stringContaining('16 KiB'));
    await connection.closed;
    await expectOthersServed();
  });

  it('something else than HTTP is spoken gets 400 and is closed', async () => {
    for (const bytes of ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n']) {
      const connection = await openConnection(under.gateway.url);
      await connection.write(Buffer.from(bytes, 'latin1'));
      connection.socket.end();
      const answer = await connection.answer();
      expect(answer.status).toBe(400);
      expect(answer.head).toMatch(/^x-content-type-options: nosniff\r$/m);
      expect(answer.head).toMatch(/^x-request-id: \S+\r$/m);
      await connection.closed;
    }
    await expectOthersServed();
  });

  it('the length is too small gets an answer to what it names, and is closed', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write(`${head('/v1/chat/completions', 'content-length: 10')}${'x'.repeat(100_000)}`);
    expect((await connection.answer()).status).toBe(400);
    await connection.closed;
    await expectOthersServed();
  });

  it.each([
    ['too much', '/v1/messages', 40 * MIB, 413],
    ['something for nobody', '/nowhere', 2 * MIB, 404],
    ['what is counted', '/v1/messages/count_tokens', 40 * MIB, 413],
  ])('%s is still being sent when the answer is there is not cut: the sender may take its time', async (...args) => {
    const [, path, length, status] = args;
    const connection = await openConnection(under.gateway.url);
    await connection.write(`${head(path, `content-length: ${length}`)}{`);
    expect((await connection.answer()).status).toBe(status);
    // A slow line.
    await new Promise((resolve) => setTimeout(resolve, 700));
    await connection.write(Buffer.alloc(length - 1, 0x20));
    await connection.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    expect((await connection.next()).json()).toEqual({ status: 'ok' });
    connection.socket.destroy();
  });

  it('nothing is asked is kept longer than proxies keep theirs: none of them sends into a closed one', async () => {
    const answer = await post(under.gateway.url, '/v1/messages', '{}');
    expect(answer.head).toMatch(/^keep-alive: timeout=75$/im);
  });

  it('the address is none is told so', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write('GET /healthz HTTP/1.1\r\nhost: a b\r\n\r\n');
    const answer = await connection.answer();
    expect([answer.status, answer.json()]).toEqual([
      400,
      { type: 'error', error: expect.objectContaining({ message: expect.stringContaining('"host"') }) },
    ]);
    expect(answer.head).toMatch(/^x-request-id: /im);
    connection.socket.destroy();
  });

  it('both a length and chunks are named is refused', async () => {
    const connection = await openConnection(under.gateway.url);
    await connection.write(
      `${head('/v1/chat/completions', 'content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`,
    );
    expect((await connection.answer()).status).toBe(400);
    await connection.closed;
  });

  it.each([
    { what: 'the headers come byte by byte', start: 'POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ' },
    { what: 'the body comes byte by byte', start: head('/v1/messages', 'content-length: 100000') },
    { what: 'less comes than the length says', start: `${head('/v1/messages', 'content-length: 1000')}{"a"` },
    { what: 'a chunked body never ends', start: `${head('/v1/messages', 'transfer-encoding: chunked')}5\r\n{"a":` },
  ])('$what is closed when its time is over', async ({ what, start }) => {
    const connection = await openConnection(impatient.url);
    await connection.write(start);
    const drip = what.includes('byte by byte') ? setInterval(() => connection.socket.write('z'), 50) : undefined;
    const answer = await connection.answer();
    expect(answer.status).toBe(408);
    expect(answer.json()).toHaveProperty('error.message', expect.stringContaining('in time'));
    await connection.closed;
    clearInterval(drip);
    expect(under.simulator.requests).toHaveLength(0);
    await expectOthersServed(impatient.url);
  });

  it('nobody reads holds the provider back, and gets all of the answer when somebody does', async () => {
    const words = 40_000;
    under.simulator.script([{ behave: { text: 'word '.repeat(words).trim() } }]);
    const connection = await openConnection(under.gateway.url);
    connection.socket.pause();
    const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'hi' }] });
    await connection.write(head('/v1/chat/completions', `content-length: ${body.length}`) + body);
    const sent = () => under.simulator.requests[0]?.eventsSent ?? 0;
    let before = -1;
    await expect
      .poll(
        () => {
          const stands = sent() > 0 && sent() === before;
          before = sent();
          return stands;
        },
        { interval: 200, timeout: 20_000 },
      )
      .toBe(true);
    expect(sent()).toBeLessThan(words);
    await expectOthersServed();
    connection.socket.resume();
    const answer = await connection.answer();
    expect(answer.body.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(answer.body.match(/"content":"[^"]*word/g)?.length).toBe(words);
    connection.socket.destroy();
  });

  it('the caller closes its side counts as left: the provider is not kept busy', async () => {
    under.simulator.script([{ behave: { silent: true } }]);
    const connection = await openConnection(under.gateway.url);
    const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'hi' }] });
    await connection.write(head('/v1/chat/completions', `content-length: ${body.length}`) + body);
    await expect.poll(() => under.simulator.requests.length).toBe(1);
    connection.socket.end();
    await expect.poll(() => under.simulator.requests[0]?.aborted).toBe(true);
    await connection.closed;
    under.simulator.reset();
    await expectOthersServed();
  });
});
