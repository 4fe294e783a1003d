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

it('POST /api/show of a model that is no text is answered as of one that is unknown', async () => {
  const answer = await fetch(`${under.gateway.url}/api/show`, {
    method: 'POST',
    body: JSON.stringify({ model: { toString: 1, valueOf: 1 } }),
  });
  expect(answer.status).toBe(404);
});
