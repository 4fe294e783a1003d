import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from './running-gateway.ts';

const add = betaTool({
  name: 'add',
  description: 'Adds two numbers.',
  inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
  run: ({ a, b }) => `the sum is ${a + b}`,
});
const question = '[[simulate: toolCall=add {"a":40,"b":2}]] How much is it?';

/** An SDK that sends `thread` by itself, whatever its tool runner does: what the gateway answers is what makes it go on without. */
const threaded = (thread: object) => ({
  max_tokens: 99,
  messages: [{ role: 'user', content: 'Hello' }],
  thread,
});

async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** A provider that refuses everything with the same body. */
async function startRefusing(
  status: number,
  refusal: object,
): Promise<{ url: string; asked: Record<string, unknown>[] }> {
  const asked: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    asked.push(await body(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const asking = (url: string) => async (path: string, request: object) => {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(request) });
  return { status: answer.status, body: await answer.json() };
};

it.each(['claude-haiku-4-5', 'gpt-4o-mini', 'gpt-5-mini', 'gemini-2.5-flash', 'mistral:7b'])(
  "the SDK's tool runner, which asks for a thread, goes on without one: %s",
  async (model) => {
    const { gateway, close } = await startGateway();
    onTestFinished(close);
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any', maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: question }];
    const last = await client.beta.messages.toolRunner({ model, max_tokens: 500, messages, tools: [add] });
    expect(JSON.stringify(last.content)).toContain('the sum is 42');
  },
);

it.each([
  [{ type: 'create' }, { error_code: 'thread_unsupported_request', unsupported: ['model'] }, /thread: only a provider/],
  [
    { type: 'continue', previous_message_id: 'msg_1' },
    { error_code: 'thread_not_found' },
    /thread\.previous_message_id refers to what a provider/,
  ],
])('where no model can keep it, %j is refused in the words that SDKs act on', async (thread, details, sentence) => {
  const { gateway, simulator, close } = await startGateway();
  onTestFinished(close);
  const request = { model: 'gpt-4o-mini', ...threaded(thread) };
  const answer = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body: JSON.stringify(request) });
  expect(answer.status).toBe(501);
  expect(await answer.json()).toEqual({
    type: 'error',
    error: { type: 'not_supported', message: expect.stringMatching(sentence), details },
  });
  expect(simulator.requests).toEqual([]);
});

it("a provider's own details reach callers of its format, who act on them, and no others", async () => {
  const { url, asked } = await startRefusing(404, {
    type: 'error',
    error: {
      type: 'not_found_error',
      message: 'There is no such thread.',
      details: { error_code: 'thread_not_found', seen: 'msg_1' },
    },
  });
  const { gateway, close } = await startGateway(
    '',
    () => `  anthropic: { endpoint: "${url}", api_key: k, models: [claude-haiku-4-5] }`,
  );
  onTestFinished(close);
  const thread = { type: 'continue', previous_message_id: 'msg_1' };
  const ask = asking(gateway.url);
  const own = await ask('/v1/messages', { model: 'claude-haiku-4-5', ...threaded(thread) });
  expect(own).toMatchObject({
    status: 404,
    body: { error: { type: 'not_found_error', details: { error_code: 'thread_not_found', seen: 'msg_1' } } },
  });
  expect(asked[0]).toMatchObject({ thread });
  const other = await ask('/v1/chat/completions', {
    model: 'claude-haiku-4-5',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(JSON.stringify(other.body)).not.toContain('msg_1');
});

it("the field that is wrong is named to callers of the provider's own API, where it is called so", async () => {
  const message = "Invalid type for 'messages[0].content[0].text'.";
  const param = 'messages[0].content[0].text';
  const error = { message, type: 'invalid_request_error', param, code: 'invalid_type' };
  const { url } = await startRefusing(400, { error });
  const { gateway, close } = await startGateway(
    '',
    () => `
  openai: { endpoint: "${url}", api_key: k, models: [gpt-4o-mini] }
  responses: { type: openai-responses, endpoint: "${url}", api_key: k, models: [gpt-5-mini] }`,
  );
  onTestFinished(close);
  const ask = asking(gateway.url);
  const chat = (model: string) =>
    ask('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello' }] });
  expect(await chat('gpt-4o-mini')).toEqual({
    status: 400,
    body: { error: { ...error, message: expect.stringContaining(message) } },
  });
  expect(await ask('/v1/responses', { model: 'gpt-5-mini', input: 'Hello' })).toMatchObject({
    body: { error: { param } },
  });
  expect(await chat('gpt-5-mini')).toMatchObject({ status: 400, body: { error: { param: null } } });
});
