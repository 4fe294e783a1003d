import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keysOf } from './keys-of.ts';
import { openConnection } from './raw-request.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const MAX_BODY = 2 * 1024 * 1024;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway('', undefined, { maxBodyBytes: MAX_BODY });
});
afterAll(() => under.close());
beforeEach(() => {
  under.simulator.reset();
  (under.rows as unknown[]).length = 0;
});

const chat = (text: string, fields: object = {}) =>
  JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }], ...fields });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Wanted {
  readonly url?: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body without a length: it is answered through the framework. */
  readonly chunked?: boolean;
  readonly agent?: Agent;
}

async function ask({ path = '/v1/chat/completions', method = 'POST', body = '', headers = {}, ...rest }: Wanted) {
  const options: RequestOptions = {
    method,
    headers: {
      'content-type': 'application/json',
      ...(rest.chunked === true ? { 'transfer-encoding': 'chunked' } : { 'content-length': Buffer.byteLength(body) }),
      ...headers,
    },
    ...(rest.agent === undefined ? {} : { agent: rest.agent }),
  };
  const sent = request(`${rest.url ?? under.gateway.url}${path}`, options);
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const result: Answer = {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: Buffer.concat(pieces).toString(),
  };
  return { ...result, reused: sent.reusedSocket };
}

/** What differs from one answer to the next. */
const OWN = /^(date|.*request-id|x-signalbox-decision|connection|keep-alive|transfer-encoding|content-length)$/;

function comparable({ status, headers, body }: Answer) {
  const rest = Object.entries(headers).filter(([name]) => !OWN.test(name));
  const words = body.replace(/"(id|request_id|created|created_at)":\s*("[^"]*"|\d+)/g, '"$1":0');
  return { status, headers: Object.fromEntries(rest), body: words.replace(/chatcmpl-[\w-]+/g, 'id') };
}

describe('a request whose length is known and one whose length is not', () => {
  const cases: Readonly<Record<string, Wanted>> = {
    'a whole answer': { body: chat('hello') },
    'a stream': { body: chat('hello', { stream: true }) },
    'a translated answer': { body: chat('hello', { model: 'claude-haiku-4-5' }) },
    'a query': { path: '/v1/messages?beta=true', body: chat('hello', { model: 'claude-haiku-4-5', max_tokens: 9 }) },
    'Ollama’s way': { path: '/api/chat', body: chat('hello', { model: 'mistral:7b' }) },
    'an empty body': { body: '' },
    'no JSON': { body: '{"model": "gpt-4o-mini", "messages": [' },
    'a list': { body: '[]' },
    'a model that nobody has': { body: chat('hello', { model: 'gpt-99' }) },
    'a wrong field': { body: chat('hello', { model: 'claude-haiku-4-5', max_tokens: 'many' }) },
    'a coding that nobody knows': { body: chat('hello'), headers: { 'content-encoding': 'rot13' } },
  };
  it.each(Object.entries(cases))('get the same answer: %s', async (_, wanted) => {
    under.simulator.script([{ behave: { text: 'Good day.', inputTokens: 5, outputTokens: 3 } }]);
    const direct = await ask(wanted);
    const other = await ask({ ...wanted, chunked: true });
    expect(comparable(direct)).toEqual(comparable(other));
    expect(direct.headers['x-request-id'] ?? direct.headers['request-id']).toMatch(/./);
  });

  it('are refused alike where they are too large, before and while they are read', async () => {
    const body = chat('x'.repeat(MAX_BODY));
    const direct = await ask({ body, headers: { connection: 'close' } });
    const other = await ask({ body, chunked: true });
    expect([direct.status, other.status]).toEqual([413, 413]);
    expect(direct.body).toContain('larger than the 2 MiB');
    expect(JSON.parse(direct.body).error.message).toBe(JSON.parse(other.body).error.message);
    expect(under.rows).toEqual([]);
  });
});

describe('what is no call to a model', () => {
  it.each(['HEAD', 'GET', 'PUT'])('is not taken for one: %s', async (method) => {
    const answer = await ask({ method });
    expect(answer.status).toBe(405);
    expect(under.rows).toEqual([]);
  });

  it('leaves the connection as it was', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const answers = [];
      for (const method of ['GET', 'POST', 'PUT', 'POST']) {
        answers.push(await ask({ agent, method, body: method === 'POST' ? chat('hello') : '' }));
      }
      expect(answers.map(({ status, reused }) => [status, reused])).toEqual([
        [405, false],
        [200, true],
        [405, true],
        [200, true],
      ]);
    } finally {
      agent.destroy();
    }
  });
});

describe('a connection', () => {
  it('serves one request after the other, also after a bad one', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const bodies = [chat('a'), '{"model":', chat('b', { stream: true }), chat('c', { model: 'gpt-99' }), chat('d')];
      const answers = [];
      for (const body of bodies) answers.push(await ask({ agent, body }));
      expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 404, 200]);
      expect(answers.slice(1).every(({ reused }) => reused)).toBe(true);
    } finally {
      agent.destroy();
    }
  });

  it('gives answers in the order of the requests that were written at once, the slow one first', async () => {
    under.simulator.script([
      { when: { model: 'gpt-4-turbo' }, behave: { text: 'slow', latency: 150 } },
      { behave: { text: 'fast' } },
    ]);
    const connection = await openConnection(under.gateway.url);
    let text = '';
    connection.socket.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    await connection.write(onWire(chat('one', { model: 'gpt-4-turbo' })) + onWire(chat('two')) + onWire(chat('three')));
    await expect.poll(() => text.match(/"content":"[^"]+"/g)?.length).toBe(3);
    connection.socket.destroy();
    expect(text.match(/HTTP\/1\.1 \d+|"content":"[^"]+"/g)).toEqual(
      ['slow', 'fast', 'fast'].flatMap((word) => ['HTTP/1.1 200', `"content":"${word}"`]),
    );
    expect(under.rows.length).toBe(3);
  });

  it('that closes ends all that was asked on it, what waits behind another answer too', async () => {
    under.simulator.script([{ behave: { text: 'late', latency: 60_000 } }]);
    const connection = await openConnection(under.gateway.url);
    await connection.write(onWire(chat('one')) + onWire(chat('two')));
    await expect.poll(() => under.gateway.running).toBe(2);
    connection.socket.destroy();
    await expect.poll(() => under.rows.map(({ attempt }) => attempt.outcome)).toEqual(['aborted', 'aborted']);
    await expect.poll(() => under.gateway.running).toBe(0);
  });

  it('that closes in the middle of a request costs nothing and leaves nothing behind', async () => {
    const connection = await openConnection(under.gateway.url);
    const whole = onWire(chat('never mind'));
    await connection.write(whole.slice(0, -5));
    await expect.poll(() => under.gateway.running).toBe(1);
    connection.socket.destroy();
    await expect.poll(() => under.gateway.running).toBe(0);
    expect(under.rows).toEqual([]);
    expect((await ask({ body: chat('hello') })).status).toBe(200);
  });
});

describe('a gateway with keys', () => {
  let guarded: GatewayUnderTest;
  afterEach(() => guarded.close());

  it('refuses who shows none alike, and knows who shows one', async () => {
    guarded = await startGateway('', undefined, { keys: keysOf({ sesame: { user: 'ann' } }) });
    const { url } = guarded.gateway;
    const body = chat('hello');
    const [direct, other] = [await ask({ url, body }), await ask({ url, body, chunked: true })];
    expect(direct.status).toBe(401);
    expect(comparable(direct)).toEqual(comparable(other));
    expect((await ask({ url, body, headers: { authorization: 'Bearer sesame' } })).status).toBe(200);
    expect(guarded.rows.map(({ caller }) => caller.user)).toEqual(['ann']);
  });
});

/** A request as it goes over the wire. */
function onWire(body: string): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
