import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway();
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const messages = [{ role: 'user', content: 'And then?' }];
const contents = [{ role: 'user', parts: [{ text: 'And then?' }] }];
const compaction = { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAA' };

function post(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${under.gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The beginning of each of these conversations is with its provider: another would answer a question that nobody asked. */
it.each<[parameter: string, path: string, body: object]>([
  [
    'thread.previous_message_id',
    '/v1/messages',
    { model: 'gpt-4o-mini', max_tokens: 9, messages, thread: { type: 'continue', previous_message_id: 'msg_1' } },
  ],
  ['container', '/v1/messages', { model: 'gpt-4o-mini', max_tokens: 9, messages, container: 'container_1' }],
  ['cachedContent', '/v1beta/models/gpt-4o-mini:generateContent', { contents, cachedContent: 'cachedContents/1' }],
  ['cachedContent', '/v1beta/models/gpt-4o-mini:generateContent', { contents, cached_content: 'cachedContents/1' }],
  ['input.compaction', '/v1/responses', { model: 'claude-haiku-4-5', input: [compaction, ...messages] }],
])('%s is refused where another format is behind, and no provider is asked', async (parameter, path, body) => {
  const answer = await post(path, body);
  // Anthropic's word for what is not supported is 501, which its clients don't repeat.
  expect(answer.status).toBe(path === '/v1/messages' ? 501 : 400);
  expect(await answer.text()).toContain(`${parameter} refers to what a provider of the format`);
  expect(under.simulator.requests).toEqual([]);
});

it('a compaction is made by who can, and a text is no compaction', async () => {
  const input = [...messages, { type: 'compaction_trigger' }];
  const refused = await post('/v1/responses', { model: 'claude-haiku-4-5', input });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    {
      error: expect.objectContaining({
        message: expect.stringContaining('only a provider of the format openai-responses compacts a conversation'),
        param: 'input.compaction_trigger',
      }),
    },
  ]);
  expect(under.simulator.requests).toEqual([]);
  expect((await post('/v1/responses', { model: 'auto', input })).headers.get('x-signalbox-provider')).toMatch(
    /^(openai|responses)$/,
  );
  const endpoint = await post('/v1/responses/compact', { model: 'gpt-5-mini', input: messages });
  expect([endpoint.status, await endpoint.text()]).toEqual([404, expect.stringContaining('compaction_trigger')]);
});

it.each<[path: string, body: object]>([
  ['/v1/messages', { model: 'claude-haiku-4-5', max_tokens: 9, messages, container: 'container_1' }],
  ['/v1beta/models/gemini-2.5-flash:generateContent', { contents, cachedContent: 'cachedContents/1' }],
])('%s goes to the provider that keeps it', async (path, body) => {
  expect((await post(path, body)).status).toBe(200);
});

it('skills alone name no container: they are left out where nobody has them', async () => {
  const container = { skills: [{ type: 'anthropic', skill_id: 'pptx' }] };
  const answer = await post('/v1/messages', { model: 'gpt-4o-mini', max_tokens: 9, messages, container });
  expect(answer.status).toBe(200);
});

it('what Anthropic wrote in the place of the turns before is text elsewhere', async () => {
  const turn = { role: 'assistant', content: [{ type: 'compaction', content: 'They spoke of boats.' }] };
  const body = { model: 'gpt-4o-mini', max_tokens: 9, messages: [turn, ...messages] };
  expect((await post('/v1/messages', body)).status).toBe(200);
  expect(JSON.stringify(under.simulator.requests[0]?.body)).toContain('They spoke of boats.');
});
