import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../src/index.ts';
import { fixedClock } from './fixed-clock.ts';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';
import { type Asked, send, WAYS, type Way } from './ways-in.ts';

const KEYS = keysOf({
  'sk-open': { name: 'ci', user: 'ada', tags: ['team:blue'] },
  'sk-mini': { name: 'mini', models: ['gpt-4o-mini'] },
  'sk-spent': { name: 'spent', limits: { budgetDaily: 1 } },
  'sk-ended': { name: 'ended', revokedAt: 1 },
});
/** No test meets the end of a day. */
const LONG_AGO = Date.UTC(2020, 0, 1, 12);
const records: RequestRecord[] = [];
const remember = { onRequest: (record: RequestRecord) => records.push(record) };

const gateways: Record<string, GatewayUnderTest> = {};
beforeAll(async () => {
  const budget = 'budget: { per_user: { default: 5 }, time_zone: UTC }';
  gateways.open = await startGateway('', undefined, { ...remember, maxBodyBytes: 1024 * 1024, silenceMs: 90 });
  gateways.locked = await startGateway(budget, undefined, { ...remember, keys: KEYS }, { clock: fixedClock(LONG_AGO) });
  gateways['for pages'] = await startGateway('', undefined, { ...remember, corsOrigins: ['https://chat.example'] });
});
afterAll(() => Promise.all(Object.values(gateways).map((one) => one.close())));
beforeEach(() => {
  for (const { simulator } of Object.values(gateways)) simulator.reset();
});

/** What no two answers share: ids, moments, durations. */
const blurred = (text: string) =>
  text
    .replace(/\b(msg_|chatcmpl-|resp_|fc_|req_|rs_|call_|toolu_)[\w-]+/g, '$1ID')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'ID')
    .replace(/"(created|created_at|completed_at|\w+_duration|decidedAt)": ?("[^"]+"|\d+(\.\d+)?)/g, '"$1":0')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/^(date|.*-reset): .*$/gim, '$1: TIME');

/** Signs of life come as often as they are due: that there were some is what counts. */
const withoutSigns = (text: string) => text.replaceAll(/(?:event: ping\ndata: [^\n]+\n\n)+/g, 'SIGNS OF LIFE\n\n');

async function seen(gateway: GatewayUnderTest, asked: Asked, way: Way) {
  records.length = 0;
  gateway.simulator.reset();
  const { status, head, body } = await send(gateway.gateway.url, asked, way);
  await expect.poll(() => records.length).toBeLessThanOrEqual(1);
  await expect.poll(() => gateway.gateway.running).toBe(0);
  const [record] = records;
  const forwarded = gateway.simulator.requests.map((one) => [one.headers['content-type'], one.body]);
  return {
    status,
    head: blurred(head)
      .split('\r\n')
      .map((line) => (/^\S+:/.test(line) ? line.replace(/^[^:]+/, (name) => name.toLowerCase()) : line))
      .toSorted(),
    body: withoutSigns(blurred(body)),
    forwarded,
    told: record && {
      api: record.api,
      status: record.status,
      outcome: record.outcome,
      error: record.error,
      caller: record.caller,
      requestedModel: record.requestedModel,
      attempts: record.attempts?.map(({ outcome, candidate }) => [outcome, candidate]),
    },
  };
}

const say = (content: string) => [{ role: 'user', content }];
const FORMATS = [
  ['/v1/messages', { max_tokens: 100, messages: say('hi') }],
  ['/v1/chat/completions', { messages: say('hi') }],
  ['/v1/responses', { input: 'hi' }],
  ['/api/chat', { messages: say('hi') }],
  ['/api/generate', { prompt: 'hi' }],
] as const;
const MODELS = ['claude-haiku-4-5', 'gpt-4o-mini', 'gpt-5-mini', 'mistral:7b', 'gemini-2.5-flash'];
const chat = (fields: object = {}) => JSON.stringify({ model: 'gpt-4o-mini', messages: say('hi'), ...fields });
const simulated = (words: string, fields: object = {}) =>
  chat({ messages: say(`[[simulate: ${words}]] go`), ...fields });
const messages = (fields: object = {}) =>
  JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 50, messages: say('hi'), ...fields });

const AT_EACH_FORMAT = FORMATS.flatMap(([path, fields]): [name: string, asked: Asked, status: number][] => [
  ...MODELS.flatMap((model): [string, Asked, number][] =>
    [false, true].map((stream) => [
      `${path}, ${model}, ${stream ? 'streamed' : 'whole'}`,
      { path, body: JSON.stringify({ ...fields, model, stream }) },
      200,
    ]),
  ),
  [`${path}, an unknown model`, { path, body: JSON.stringify({ ...fields, model: 'nobody' }) }, 404],
  [`${path}, no JSON`, { path, body: '{"model": ' }, 400],
  [`${path}, nothing at all`, { path, body: '' }, 400],
  [
    `${path}, explained`,
    { path, body: JSON.stringify({ ...fields, model: 'auto' }), headers: { 'x-signalbox-explain': 'true' } },
    200,
  ],
]);

const CHAT = '/v1/chat/completions';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const CASES: readonly [gateway: string, cases: readonly [name: string, asked: Asked, status: number][]][] = [
  [
    'open',
    [
      ...AT_EACH_FORMAT,
      ['a provider that fails', { path: CHAT, body: simulated('status=500') }, 500],
      ['a provider that is busy', { path: CHAT, body: simulated('status=429', { model: 'gpt-4-turbo' }) }, 429],
      ['a stream that is cut', { path: CHAT, body: simulated('words=20; cut=5', { stream: true }) }, 200],
      [
        'a translated stream that is cut',
        { path: '/v1/messages', body: simulated('words=20; cut=5', { stream: true, max_tokens: 99 }) },
        200,
      ],
      ['losses', { path: '/v1/messages', body: chat({ max_tokens: 9, top_k: 4 }) }, 200],
      [
        'losses that are not wanted',
        { path: '/v1/messages', body: chat({ max_tokens: 9, top_k: 4 }), headers: { 'x-signalbox-strict': 'true' } },
        501,
      ],
      [
        'a session and tags',
        { path: CHAT, body: chat({ user: 'eve' }), headers: { 'session-id': 's1', 'x-signalbox-tags': 'a, b' } },
        200,
      ],
      ['gzip', { path: CHAT, body: gzipSync(chat()), headers: { 'content-encoding': 'gzip' } }, 200],
      ['no gzip', { path: CHAT, body: chat(), headers: { 'content-encoding': 'gzip' } }, 400],
      ['an unknown coding', { path: CHAT, body: chat(), headers: { 'content-encoding': 'lzma' } }, 400],
      ['more than is taken', { path: CHAT, body: Buffer.alloc(1024 * 1024 + 1, 0x20) }, 413],
      [
        'more than is taken, once decompressed',
        { path: CHAT, body: gzipSync(Buffer.alloc(1024 * 1024 + 1, 0x20)), headers: { 'content-encoding': 'gzip' } },
        413,
      ],
      ['a foreign host', { path: CHAT, body: chat(), headers: { host: 'evil.example' } }, 403],
      ['a host that is none', { path: CHAT, body: chat(), headers: { host: 'a b/c' } }, 400],
      ['a foreign page', { path: CHAT, body: chat(), headers: { origin: 'https://evil.example' } }, 403],
    ],
  ],
  [
    'locked',
    [
      ['no key', { path: CHAT, body: chat() }, 401],
      ['no key, in another format', { path: '/v1/messages', body: messages() }, 401],
      ['no key, in a third', { path: '/api/chat', body: chat() }, 401],
      ['a wrong key', { path: CHAT, body: chat(), headers: bearer('sk-wrong') }, 401],
      ['a revoked key', { path: '/v1/messages', body: messages(), headers: { 'x-api-key': 'sk-ended' } }, 401],
      ['a key', { path: CHAT, body: chat(), headers: bearer('sk-open') }, 200],
      ['a key in another place', { path: '/v1/messages', body: messages(), headers: { 'x-api-key': 'sk-open' } }, 200],
      [
        'a key, and a stream',
        { path: '/v1/messages', body: messages({ stream: true }), headers: bearer('sk-open') },
        200,
      ],
      ['a key for other models', { path: '/v1/messages', body: messages(), headers: bearer('sk-mini') }, 403],
      ['a key whose money is spent', { path: '/v1/messages', body: messages(), headers: bearer('sk-spent') }, 429],
      ['a key whose money is spent, in another format', { path: CHAT, body: chat(), headers: bearer('sk-spent') }, 429],
      ['a host that is none', { path: CHAT, body: chat(), headers: { ...bearer('sk-open'), host: 'a b/c' } }, 400],
    ],
  ],
  [
    'for pages',
    [
      ['well', { path: CHAT, body: chat() }, 200],
      ['a stream', { path: CHAT, body: chat({ stream: true }) }, 200],
      ['badly', { path: CHAT, body: '[]' }, 400],
      ['from the page', { path: CHAT, body: chat(), headers: { origin: 'https://chat.example' } }, 200],
      ['from another', { path: CHAT, body: chat(), headers: { origin: 'https://evil.example' } }, 403],
    ],
  ],
];

describe.each(CASES)('what a gateway that is %s answers, books and forwards', (gateway, cases) => {
  it.each(cases)('is the same whichever way a request comes in: %s', async (_, asked, status) => {
    const under = gateways[gateway] as GatewayUnderTest;
    const ways = WAYS.filter(
      (way) =>
        way !== 'from a page of this machine' || (asked.headers?.origin === undefined && gateway !== 'for pages'),
    );
    const [short, ...others] = await ways.reduce<Promise<Awaited<ReturnType<typeof seen>>[]>>(
      async (before, way) => [...(await before), await seen(under, asked, way)],
      Promise.resolve([]),
    );
    expect(short?.status).toBe(status);
    for (const [index, other] of others.entries()) expect(other, ways[index + 1]).toEqual(short);
  });
});

describe('a stream that is silent', () => {
  it.each(WAYS)('shows that it lives: %s', async (way) => {
    const body = messages({ stream: true, messages: say('[[simulate: words=3; firstToken=600]] go') });
    const answer = await seen(gateways.open as GatewayUnderTest, { path: '/v1/messages', body }, way);
    expect(answer.body).toContain('SIGNS OF LIFE');
    expect(answer.body).toContain('message_stop');
  });
});

describe('a token of an identity provider', () => {
  it.each(WAYS)('opens or not, whichever way: %s', async (way) => {
    const pair = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }];
    const identity = createServer((_, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => identity.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(identity.address() as AddressInfo).port}/`;
    const jwt = { issuer: 'https://id.example', audience: 'signalbox', jwksUrl };
    const under = await startGateway('', undefined, { ...remember, jwt, now: () => LONG_AGO });
    const token = (ends: number) =>
      new SignJWT({ sub: 'ada', iss: jwt.issuer, aud: jwt.audience, exp: LONG_AGO / 1_000 + ends })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(pair.privateKey);
    for (const [ends, status, user] of [
      [600, 200, 'ada'],
      [-600, 401, undefined],
    ] as const) {
      const asked = { path: CHAT, body: chat(), headers: bearer(await token(ends)) };
      const answer = await seen(under, asked, way);
      expect([answer.status, answer.told?.caller?.user, answer.forwarded.length]).toEqual([status, user, user ? 1 : 0]);
    }
    await under.close();
    await new Promise((resolve) => identity.close(resolve));
  });
});
