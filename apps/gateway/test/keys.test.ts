import { RouterError } from '@signalbox/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, serveGateway } from '../src/index.ts';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const NOW = 1_000_000;
const keys = keysOf({
  'sk-ada': {
    name: 'laptop',
    user: 'ada',
    tags: ['team-a'],
    limits: { budgetDaily: 5_000_000_000, requestsPerMinute: 60 },
  },
  'sk-small': { name: 'small', models: ['claude-haiku-*', 'openai/gpt-4o-mini', 'text-embedding-*'] },
  'sk-haiku': { name: 'haiku', models: ['claude-haiku-*'] },
  'sk-gone': { name: 'gone', revokedAt: 5 },
  'sk-late': { name: 'late', expiresAt: NOW },
});

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway('', undefined, { keys, now: () => NOW });
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const chat = (fields: object = {}) => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'hi' }],
  ...fields,
});
const messages = (fields: object = {}) => ({
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  messages: [{ role: 'user', content: 'hi' }],
  ...fields,
});
const contents = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };

const GEMINI = '/v1beta/models/gemini-2.5-flash:generateContent';

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('a gateway with keys', () => {
  it.each([
    ['authorization, Chat Completions', '/v1/chat/completions', chat(), bearer('sk-ada')],
    ['authorization in small letters', '/v1/chat/completions', chat(), { authorization: 'bearer sk-ada' }],
    ['authorization, Messages', '/v1/messages', messages(), bearer('sk-ada')],
    ['x-api-key, Messages', '/v1/messages', messages(), { 'x-api-key': 'sk-ada' }],
    ['x-goog-api-key, Gemini', GEMINI, contents, { 'x-goog-api-key': 'sk-ada' }],
    ['?key=, Gemini', `${GEMINI}?key=sk-ada`, contents, {}],
    ['authorization, Ollama', '/api/chat', { ...chat(), stream: false }, bearer('sk-ada')],
    [
      'its own header beside another credential',
      '/v1/messages',
      messages(),
      { ...bearer('other'), 'x-signalbox-key': 'sk-ada' },
    ],
  ] as const)('takes a key in %s', async (_, path, body, headers) => {
    const answer = await post(path, body, headers);
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
    expect(under.simulator.requests).toHaveLength(1);
  });

  it('sends no key of its callers to a provider', async () => {
    await post('/v1/messages', messages(), { 'x-api-key': 'sk-ada' });
    await post(`${GEMINI}?key=sk-ada`, contents);
    await post('/v1/chat/completions', chat(), { ...bearer('sk-ada'), 'x-signalbox-key': 'sk-ada' });
    expect(under.simulator.requests).toHaveLength(3);
    expect(JSON.stringify(under.simulator.requests)).not.toContain('sk-ada');
  });

  it.each([
    [
      '/v1/messages',
      { type: 'error', error: { type: 'authentication_error', message: expect.stringContaining('wants a key') } },
    ],
    ['/v1/messages/count_tokens', { error: { type: 'authentication_error' } }],
    ['/v1/chat/completions', { error: { type: 'invalid_request_error', code: 'invalid_api_key' } }],
    ['/v1/responses', { error: { code: 'invalid_api_key' } }],
    ['/v1/embeddings', { error: { code: 'invalid_api_key' } }],
    [GEMINI, { error: { code: 401, status: 'UNAUTHENTICATED' } }],
    ['/v1/models/gemini-2.5-flash:generateContent', { error: { status: 'UNAUTHENTICATED' } }],
    ['/api/chat', { error: expect.stringContaining('wants a key') }],
    ['/nowhere', { error: { code: 'invalid_api_key' } }],
  ])('refuses who shows none, at %s in the words of that API', async (path, body) => {
    const answer = await post(path, {});
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject(body);
    expect(under.simulator.requests).toHaveLength(0);
  });

  it.each([
    ['sk-unknown', 'This key does not open the gateway'],
    ['sk-gone', 'The key "gone" is revoked'],
    ['sk-late', 'The key "late" expired at 1970-01-01T00:16:40.000Z'],
  ])('refuses %s, and Claude Code need not try again', async (key, sentence) => {
    const answer = await post('/v1/messages', messages(), { 'x-api-key': key });
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([401, 'false']);
    expect(JSON.stringify(await answer.json())).toContain(sentence.replaceAll('"', '\\"'));
  });

  it.each(['/healthz', '/', '/api/hello'])(
    'answers %s to anybody: it says nothing but that it is there',
    async (path) => {
      expect((await fetch(`${under.gateway.url}${path}`)).status).toBe(200);
      expect((await fetch(`${under.gateway.url}${path}`, { method: 'HEAD' })).status).toBe(200);
    },
  );

  it.each(['/v1/models', '/v1beta/models', '/api/tags', '/health/providers', '/v1/responses'])(
    'does not show %s to strangers',
    async (path) => {
      expect((await fetch(`${under.gateway.url}${path}`)).status).toBe(401);
    },
  );
});

describe('models that a key may use', () => {
  const small = bearer('sk-small');

  it('are used by their names, ids and patterns', async () => {
    expect((await post('/v1/chat/completions', chat(), small)).status).toBe(200);
    expect((await post('/v1/messages', messages(), small)).status).toBe(200);
  });

  it.each([
    ['/v1/chat/completions', chat({ model: 'gpt-4-turbo' }), { error: { code: 'permission_denied' } }],
    ['/v1/messages', messages({ model: 'claude-sonnet-4-5' }), { error: { type: 'permission_error' } }],
    ['/v1/messages/count_tokens', messages({ model: 'claude-sonnet-4-5' }), { error: { type: 'permission_error' } }],
    ['/v1/responses', { model: 'gpt-5-mini', input: 'hi' }, { error: { code: 'permission_denied' } }],
    [GEMINI, contents, { error: { status: 'PERMISSION_DENIED' } }],
    [
      '/api/chat',
      { ...chat({ model: 'mistral:7b' }), stream: false },
      { error: expect.stringContaining('may not use') },
    ],
  ])('others are refused at %s', async (path, body, shape) => {
    const answer = await post(path, body, small);
    expect(answer.status).toBe(403);
    const said = await answer.json();
    expect(said).toMatchObject(shape);
    expect(JSON.stringify(said)).toContain('the key \\"small\\" may not use it');
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('can be looked at by any of their names, others by none', async () => {
    const look = async (name: string) =>
      (await fetch(`${under.gateway.url}/v1/models/${name}`, { headers: small })).status;
    expect(await Promise.all(['gpt-4o-mini', 'openai/gpt-4o-mini', 'haiku'].map(look))).toEqual([200, 200, 200]);
    expect(await Promise.all(['gpt-4-turbo', 'openai/gpt-4-turbo', 'sonnet'].map(look))).toEqual([404, 404, 404]);
  });

  it('a routed request goes to one of them', async () => {
    const answer = await post('/v1/chat/completions', chat({ model: 'auto' }), small);
    expect(answer.status).toBe(200);
    expect(['claude-haiku-4-5', 'gpt-4o-mini']).toContain(answer.headers.get('x-signalbox-model'));
  });

  it.each([
    ['/api/chat', '"model":"gpt-4o-mini","Model":"gpt-4-turbo","messages":[{"role":"user","content":"hi"}]'],
    ['/v1/messages', '"model":"gpt-4o-mini","model":"claude-haiku-4-5","metadata":{},"metadata":{},"messages":[]'],
    ['/v1/messages/count_tokens', '"model":"gpt-4o-mini","MODEL":"gpt-4-turbo","messages":[]'],
    ['/v1/embeddings', '"model":"text-embedding-3-small","input":"hi","modeL":"gpt-4-turbo"'],
    ['/v1/embeddings', '"model":"gpt-4-turbo","model":"text-embedding-3-small","input":"hi"'],
  ])('can not be named so that the provider may read another: %s {%s}', async (path, members) => {
    const headers = { 'content-type': 'application/json', ...small };
    const answer = await fetch(`${under.gateway.url}${path}`, { method: 'POST', headers, body: `{${members}}` });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringMatching(/field \\"model\\" twice|a field/),
    ]);
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('hold for models that a provider is to take in its place, as OpenRouter does', async () => {
    const ask = (models: unknown) => post('/v1/chat/completions', chat({ models }), small);
    const refused = await ask(['openai/gpt-4o-mini', 'openai/gpt-4-turbo']);
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('names openai/gpt-4-turbo, and the key \\"small\\" may not use it'),
    ]);
    expect(under.simulator.requests).toHaveLength(0);
    expect((await ask(['openai/gpt-4o-mini', 'gpt-4o-mini'])).status).toBe(200);
    expect((await ask('gpt-4-turbo')).status).toBe(200);
    expect((await post('/v1/chat/completions', chat({ models: ['x'] }), bearer('sk-ada'))).status).toBe(200);
  });

  it('hold for embeddings', async () => {
    const embed = (key: string) =>
      post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'hi' }, bearer(key));
    expect((await embed('sk-small')).status).toBe(200);
    const refused = await embed('sk-haiku');
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('the key \\"haiku\\" may not use it'),
    ]);
  });
});

describe('who asked', () => {
  const caller = async (path: string, body: object, headers: Record<string, string>) => {
    const answer = await post(path, body, headers);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    return under.rows.at(-1)?.caller;
  };

  it('is the key and its user, with the session and the tags of the request', async () => {
    const headers = { ...bearer('sk-ada'), 'session-id': 's-1', 'x-signalbox-tags': 'nightly, team-a,,x' };
    expect(await caller('/v1/chat/completions', chat({ user: 'mallory' }), headers)).toEqual({
      tenant: 'ada',
      user: 'ada',
      key: 'laptop',
      session: 's-1',
      tags: ['team-a', 'nightly', 'x'],
      limits: { budgetDaily: 5_000_000_000, requestsPerMinute: 60 },
    });
  });

  it('is whom the request names where the key names nobody', async () => {
    expect(await caller('/v1/chat/completions', chat({ user: 'eve' }), bearer('sk-small'))).toMatchObject({
      tenant: 'small',
      key: 'small',
      user: 'eve',
    });
  });

  it('is nobody where the request names an empty one: that would open a budget of its own', async () => {
    const known = await caller('/v1/chat/completions', chat({ user: '' }), bearer('sk-small'));
    expect(known).toMatchObject({ key: 'small' });
    expect(known?.user).toBeUndefined();
  });

  it('is read from what Claude Code writes', async () => {
    const user_id = JSON.stringify({ device_id: 'd'.repeat(64), account_uuid: '', session_id: 'from-body' });
    const said = messages({ metadata: { user_id }, tags: { project: 'apollo' } });
    const headers = { 'x-api-key': 'sk-small' };
    expect(await caller('/v1/messages', said, headers)).toMatchObject({
      user: 'd'.repeat(64),
      session: 'from-body',
      tags: ['project:apollo'],
    });
    expect(await caller('/v1/messages', said, { ...headers, 'x-claude-code-session-id': 'from-header' })).toMatchObject(
      {
        session: 'from-header',
      },
    );
  });
});

describe('a gateway without keys', () => {
  it('does not open itself to others', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      await expect(serveGateway({ router: under.ready.router, port: 0, host })).rejects.toThrow(
        /Make a key first \(signalbox keys create NAME\)/,
      );
    }
  });

  it('with keys it serves any address, and wants one of them from everybody', async () => {
    const open = await serveGateway({ router: under.ready.router, port: 0, host: '0.0.0.0', keys });
    const url = open.url.replace('0.0.0.0', '127.0.0.1');
    try {
      expect((await fetch(`${url}/v1/models`)).status).toBe(401);
      expect((await fetch(`${url}/v1/models`, { headers: bearer('sk-ada') })).status).toBe(200);
    } finally {
      await open.close(0);
    }
  });

  it('whose keys can no longer be read opens to nobody, and tells its reasons to nobody but whoever runs it', async () => {
    const faults: unknown[] = [];
    const broken = (): never => {
      throw new RouterError({ kind: 'internal', message: 'The file of keys /home/ada/keys.db is damaged.' });
    };
    const app = createGateway({
      router: under.ready.router,
      keys: { find: broken, exist: () => true },
      onFault: (error) => faults.push(error),
    });
    const answer = await app.request('/v1/models', { headers: bearer('sk-ada') });
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('/home')]);
    expect(faults).toMatchObject([{ message: expect.stringContaining('is damaged') }]);
  });

  it('on this machine wants one as soon as one exists, and from then on', async () => {
    let made = false;
    const app = createGateway({ router: under.ready.router, keys: { find: () => undefined, exist: () => made } });
    expect((await app.request('/v1/models')).status).toBe(200);
    made = true;
    expect((await app.request('/v1/models')).status).toBe(401);
    made = false;
    expect((await app.request('/v1/models')).status).toBe(401);
  });
});

describe('web pages', () => {
  const page = { origin: 'https://app.example' };

  it('of a configured origin may call with a key, and browsers are told so', async () => {
    const app = createGateway({ router: under.ready.router, keys, now: () => NOW, corsOrigins: [page.origin] });
    const preflight = await app.request('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: { ...page, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(page.origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
    expect(preflight.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await app.request('/v1/models', { headers: page })).status).toBe(401);
    const answer = await app.request('/v1/models', { headers: { ...page, ...bearer('sk-ada') } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, page.origin]);
    // Without it a page can't read `retry-after`, nor the id of its answer.
    expect(answer.headers.get('access-control-expose-headers')).toBe('*');
    const open = await serveGateway({
      router: under.ready.router,
      port: 0,
      keys,
      now: () => NOW,
      corsOrigins: [page.origin],
    });
    const streamed = await fetch(`${open.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...page, ...bearer('sk-ada'), 'content-type': 'application/json' },
      body: JSON.stringify(chat({ stream: true })),
    });
    expect([streamed.status, streamed.headers.get('access-control-allow-origin')]).toEqual([200, page.origin]);
    expect(streamed.headers.get('access-control-expose-headers')).toBe('*');
    await streamed.arrayBuffer();
    await open.close(0);
    const elsewhere = await app.request('/v1/models', {
      headers: { origin: 'https://evil.example', ...bearer('sk-ada') },
    });
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('get no such word where no origin is configured', async () => {
    const app = createGateway({ router: under.ready.router, keys, now: () => NOW });
    const answer = await app.request('/v1/models', { headers: { ...page, ...bearer('sk-ada') } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await app.request('/v1/models', { method: 'OPTIONS', headers: page })).status).toBe(401);
  });
});
