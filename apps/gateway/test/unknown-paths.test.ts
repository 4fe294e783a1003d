import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway();
});
afterAll(() => under.close());

const sentence = expect.stringMatching(/^There is no .* here: see GET \/v1\/models/);

it.each<[string, string, object]>([
  [
    'GET',
    '/v1/batches',
    { error: { message: sentence, type: 'invalid_request_error', param: null, code: 'unknown_url' } },
  ],
  [
    'GET',
    '/v1/responses/resp_1/nonsense',
    { error: { message: sentence, type: 'invalid_request_error', param: null, code: 'unknown_url' } },
  ],
  ['POST', '/v1/messages/batches', { type: 'error', error: { type: 'not_found_error', message: sentence } }],
  ['POST', '/v1beta/interactions', { error: { code: 404, message: sentence, status: 'NOT_FOUND' } }],
  ['POST', '/api/pull', { error: sentence }],
])('%s %s is not there, in the words of the API that it belongs to', async (method, path, body) => {
  const answer = await fetch(`${under.gateway.url}${path}`, { method });
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([404, expect.any(String)]);
  expect(await answer.json()).toEqual(body);
});

it.each<[method: string, path: string, meant: string]>([
  ['POST', '/v1/v1/messages', '/v1/messages'],
  ['POST', '/v1/v1/messages/count_tokens', '/v1/messages/count_tokens'],
  ['POST', '/v1/v1beta/models/gpt-4o-mini:generateContent', '/v1beta/models/gpt-4o-mini:generateContent'],
  ['POST', '/chat/completions', '/v1/chat/completions'],
  ['POST', '/responses', '/v1/responses'],
  ['GET', '/models', '/v1/models'],
  ['POST', '//v1/messages', '/v1/messages'],
  ['POST', '/v1/chat/completions/', '/v1/chat/completions'],
])('%s %s comes of a base URL that is not right: %s is meant', async (method, path, meant) => {
  const answer = await fetch(`${under.gateway.url}${path}`, { method });
  const { error } = (await answer.json()) as { error: { message: string } };
  expect([answer.status, error.message]).toEqual([
    404,
    `There is no ${method} ${path} here, but ${method} ${meant}: correct the base URL that the client was given.`,
  ]);
});

it("what Google's libraries ask for below /v1 is not there in Google's words", async () => {
  const headers = { 'x-goog-api-client': 'google-genai-sdk/3.1.0' };
  const answer = await fetch(`${under.gateway.url}/v1/cachedContents`, { method: 'POST', headers });
  expect(await answer.json()).toEqual({ error: { code: 404, message: sentence, status: 'NOT_FOUND' } });
});

const wrong = expect.stringMatching(/^(PUT|GET|POST|DELETE|OPTIONS) is not a method of \/.*: use /);
const openai = { error: { message: wrong, type: 'invalid_request_error', param: null, code: 'method_not_supported' } };

it.each<[string, string, string, object]>([
  ['GET', '/v1/chat/completions', 'POST', openai],
  ['GET', '/v1/responses', 'POST', openai],
  ['DELETE', '/v1/models/gpt-4o-mini', 'GET, HEAD', openai],
  [
    'DELETE',
    '/v1beta/models/gemini-2.5-flash:countTokens',
    'GET, HEAD, POST',
    { error: { code: 405, message: wrong, status: 'UNIMPLEMENTED' } },
  ],
  // Google's own methods stand behind a colon.
  ['POST', '/v1/models/auto', 'GET, HEAD', { error: { code: 405, message: wrong, status: 'UNIMPLEMENTED' } }],
  [
    'POST',
    '/v1beta/models/vendor/model',
    'GET, HEAD',
    { error: { code: 405, message: wrong, status: 'UNIMPLEMENTED' } },
  ],
  ['POST', '/v1/models', 'GET, HEAD', openai],
  ['OPTIONS', '/v1/embeddings', 'POST', openai],
  ['PUT', '/v1/messages', 'POST', { type: 'error', error: { type: 'invalid_request_error', message: wrong } }],
  [
    'GET',
    '/v1/messages/count_tokens',
    'POST',
    { type: 'error', error: { type: 'invalid_request_error', message: wrong } },
  ],
  ['POST', '/v1beta/models', 'GET, HEAD', { error: { code: 405, message: wrong, status: 'UNIMPLEMENTED' } }],
  ['POST', '/api/tags', 'GET, HEAD', { error: wrong }],
  ['GET', '/api/chat', 'POST', { error: wrong }],
  ['POST', '/healthz', 'GET, HEAD', openai],
])('%s %s is refused with 405 and the methods that there are', async (method, path, allow, body) => {
  const answer = await fetch(`${under.gateway.url}${path}`, { method });
  expect([answer.status, answer.headers.get('allow'), answer.headers.get('x-request-id')]).toEqual([
    405,
    allow,
    expect.any(String),
  ]);
  expect(await answer.json()).toEqual(body);
});

it('HEAD of what takes POST alone is a 405 without a body', async () => {
  const answer = await fetch(`${under.gateway.url}/v1/messages`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([405, 'POST', '']);
});

it('POST /api/show of a model that is no text is answered as of one that is unknown', async () => {
  const answer = await fetch(`${under.gateway.url}/api/show`, {
    method: 'POST',
    body: JSON.stringify({ model: { toString: 1, valueOf: 1 } }),
  });
  expect(answer.status).toBe(404);
});
