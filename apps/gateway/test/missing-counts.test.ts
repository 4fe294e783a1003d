import { asArray, asObject, type JsonObject } from '@signalbox/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway();
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const message = { role: 'user', content: 'Say hello to everybody in the room' };
/** Where each protocol has its counts, in a whole answer and in the events of a stream. */
const PROTOCOLS: readonly {
  readonly name: string;
  readonly path: (model: string, stream: boolean) => string;
  readonly own: string;
  readonly body: JsonObject;
  readonly counts: (event: JsonObject) => readonly unknown[] | undefined;
}[] = [
  {
    name: 'Chat Completions',
    path: () => '/v1/chat/completions',
    own: 'gpt-4o-mini',
    body: { messages: [message], stream_options: { include_usage: true } },
    counts: ({ usage }) => listOf(usage, 'prompt_tokens', 'completion_tokens', 'total_tokens'),
  },
  {
    name: 'Messages',
    path: () => '/v1/messages',
    own: 'claude-haiku-4-5',
    body: { messages: [message], max_tokens: 100 },
    counts: (event) =>
      event.type === 'message_delta'
        ? listOf(event.usage, 'output_tokens')
        : listOf(asObject(event.message)?.usage ?? event.usage, 'input_tokens', 'output_tokens'),
  },
  {
    name: 'Responses',
    path: () => '/v1/responses',
    own: 'gpt-5-mini',
    body: { input: 'Say hello to everybody in the room' },
    counts: (event) =>
      listOf(asObject(event.response)?.usage ?? event.usage, 'input_tokens', 'output_tokens', 'total_tokens'),
  },
  {
    name: 'Gemini',
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    own: 'gemini-2.5-flash',
    body: { contents: [{ role: 'user', parts: [{ text: 'Say hello to everybody in the room' }] }] },
    counts: ({ usageMetadata }) => listOf(usageMetadata, 'promptTokenCount', 'totalTokenCount'),
  },
  {
    name: 'Ollama',
    path: () => '/api/chat',
    own: 'mistral:7b',
    body: { messages: [message] },
    counts: (line) => (line.done === true ? [line.prompt_eval_count, line.eval_count] : undefined),
  },
];
const listOf = (usage: unknown, ...names: readonly string[]) =>
  asObject(usage) === undefined ? undefined : names.map((name) => asObject(usage)?.[name]);

const ways = [
  { how: 'leaves out', behave: { noUsage: true } },
  { how: 'sends null for', behave: { badUsage: 'null' } },
  { how: 'sends figures below zero for', behave: { badUsage: 'negative' } },
] as const;

describe.each(PROTOCOLS)('a caller of $name', ({ path, own, body, counts }) => {
  const other = own.startsWith('gpt') ? 'claude-haiku-4-5' : 'gpt-4o-mini';

  it.each(
    ways.flatMap((way) =>
      [own, other].flatMap((model) =>
        [true, false].map((stream) => ({ ...way, model, stream, lane: model === own ? 'bytes' : 'canonical' })),
      ),
    ),
  )(
    'gets counts where a provider $how them, and they are booked as estimated ($lane, stream: $stream)',
    async (way) => {
      under.simulator.script([{ behave: { text: 'Hello to everybody, hello!', ...way.behave } }]);
      const answer = await fetch(`${under.gateway.url}${path(way.model, way.stream)}`, {
        method: 'POST',
        body: JSON.stringify({
          model: way.model,
          ...body,
          ...(path('', way.stream) === path('x', way.stream) ? { stream: way.stream } : {}),
        }),
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-signalbox-lane')).toBe(way.lane);
      const text = await answer.text();
      const events = text
        .split('\n')
        .map((line) => line.replace(/^data: /, '').trim())
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as JsonObject);
      const told = events.flatMap((event) => {
        const found = counts(event);
        return found === undefined ? [] : [found];
      });
      expect(told.length, text).toBeGreaterThan(0);
      for (const figure of told.flat())
        expect(typeof figure === 'number' && figure >= 0, JSON.stringify(told)).toBe(true);
      expect(asArray(told.at(-1) as never).at(-1)).toBeGreaterThan(3);
      const { usage, outcome } = under.rows.at(-1)?.attempt ?? {};
      expect(outcome).toBe('success');
      expect(usage?.provenance).toBe('estimated');
      expect(usage?.inputTokens).toBeGreaterThan(3);
      expect(usage?.outputTokens).toBeGreaterThan(3);
    },
  );
});
