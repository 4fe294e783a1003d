import { openaiChat } from '@signalbox/format-openai';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let upstream: RecordingUpstream;
let under: GatewayUnderTest;
beforeAll(async () => {
  upstream = await startRecordingUpstream();
  under = await startGateway(
    '',
    () => `
  openai: { endpoint: "${upstream.url}", api_key: k, models: [gpt-4o-mini, gpt-4.1, gpt-5] }
  anthropic: { endpoint: "${upstream.url}", api_key: k, models: [claude-sonnet-4-5] }`,
  );
});
afterAll(async () => {
  await under.close();
  await upstream.close();
});
afterEach(() => vi.restoreAllMocks());

/** A conversation of some 300 KB: longer than what is read at once, on a socket and by the parser, with what is not ASCII in it. */
const messages = Array.from({ length: 600 }, (_, index) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: `Turn ${index}: ${'the signalman — “sets” the points, [ 1, 2 ] and {"a":"\\n"}; '.repeat(7)}`,
})).concat({ role: 'user', content: 'And now?' });

async function ask(model: string, text = JSON.stringify({ model, messages })) {
  const headers = { 'content-type': 'application/json' };
  const before = upstream.arrived.length;
  const answer = await fetch(`${under.gateway.url}/v1/chat/completions`, { method: 'POST', headers, body: text });
  return { status: answer.status, text: await answer.text(), arrived: upstream.arrived.slice(before) };
}

it('a large request to a model by its name is not decoded, and goes on as it came', async () => {
  const decode = vi.spyOn(openaiChat.server, 'decodeRequest');
  const { arrived } = await ask('gpt-4o-mini');
  expect(decode).not.toHaveBeenCalled();
  expect(arrived.map(({ body }) => body === JSON.stringify({ model: 'gpt-4o-mini', messages }))).toEqual([true]);
});

it('a large request that is routed is decoded once, and goes on as it came but for the name', async () => {
  const decode = vi.spyOn(openaiChat.server, 'decodeRequest');
  // Refused by the provider, which ends the matter: nobody else is asked.
  const { arrived } = await ask('signalbox/cost_optimized');
  expect(decode).toHaveBeenCalledTimes(1);
  const sent = arrived.map(({ body }) => JSON.parse(body) as { model: string });
  expect(sent).toEqual([{ model: sent[0]?.model, messages }]);
  expect(sent[0]?.model).not.toContain('signalbox');
});

it('a large request that is translated arrives with every turn', async () => {
  const { arrived } = await ask('claude-sonnet-4-5');
  const [sent] = arrived.map(({ body }) => JSON.parse(body) as { messages: { role: string; content: unknown }[] });
  const textOf = (content: unknown) =>
    typeof content === 'string' ? content : (content as { text: string }[]).map(({ text }) => text).join('');
  expect(sent?.messages.map(({ role, content }) => ({ role, content: textOf(content) }))).toEqual(messages);
});

it('a large request with a comma too many in its list is refused in a sentence, and nobody is asked', async () => {
  const { status, text, arrived } = await ask(
    'auto',
    JSON.stringify({ model: 'auto', messages }).replaceAll('},{', '},,{'),
  );
  expect(status).toBe(400);
  expect(text).toContain('The request body is not valid JSON.');
  expect(arrived).toEqual([]);
});
