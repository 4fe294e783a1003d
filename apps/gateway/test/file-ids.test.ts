import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway(
    '',
    (simulator) => `
  responses: { type: openai-responses, endpoint: "${simulator}/responses", api_key: k, models: [gpt-5-mini] }
  openai: { endpoint: "${simulator}/openai/v1", api_key: k, models: [gpt-4o-mini] }
  anthropic: { endpoint: "${simulator}/anthropic", api_key: k, models: [claude-haiku-4-5] }
  google: { endpoint: "${simulator}/google", api_key: k, models: [gemini-2.5-flash] }`,
  );
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const ID = 'file-abc123';
const content = {
  chat: [
    { type: 'file', file: { file_id: ID } },
    { type: 'text', text: 'What is it?' },
  ],
  responses: [
    { type: 'input_file', file_id: ID },
    { type: 'input_text', text: 'What is it?' },
  ],
};

async function ask(api: keyof typeof content, model: string, strict = false) {
  const turn = { role: 'user', content: content[api] };
  const answer = await fetch(`${under.gateway.url}${api === 'chat' ? '/v1/chat/completions' : '/v1/responses'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(strict ? { 'x-signalbox-strict': 'true' } : {}) },
    body: JSON.stringify({ model, ...(api === 'chat' ? { messages: [turn] } : { input: [turn] }) }),
  });
  const text = await answer.text();
  const sent = JSON.stringify(under.simulator.requests.at(-1)?.body);
  return { status: answer.status, loss: answer.headers.get('x-signalbox-loss') ?? '', text, sent };
}

it.each([
  ['chat', 'gpt-5-mini'],
  ['responses', 'gpt-4o-mini'],
  ['chat', 'gpt-4o-mini'],
  ['responses', 'gpt-5-mini'],
] as const)("a file of OpenAI's is the same to both of its APIs: %s to %s", async (api, model) => {
  const { status, loss, sent } = await ask(api, model, true);
  expect([status, loss]).toEqual([200, '']);
  expect(sent).toContain(`"file_id":"${ID}"`);
});

it.each([
  ['chat', 'claude-haiku-4-5'],
  ['responses', 'claude-haiku-4-5'],
  ['chat', 'gemini-2.5-flash'],
  ['responses', 'gemini-2.5-flash'],
] as const)('it goes to nobody else: %s to %s', async (api, model) => {
  const { status, loss, sent } = await ask(api, model);
  expect(status).toBe(200);
  expect(loss).toMatch(/dropped messages\[0\]\.parts\[0\]/);
  expect(sent).not.toContain(ID);
  under.simulator.reset();
  const refused = await ask(api, model, true);
  expect(refused.status).toBe(400);
  expect(refused.text).toMatch(/strict: it would lose messages\[0\]/);
  expect(under.simulator.requests).toEqual([]);
});
