import { asObject, type JsonObject } from '@signalbox/core';
import { expect, it, onTestFinished } from 'vitest';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const QUESTION = { role: 'user', content: [{ type: 'input_text', text: 'Name a boat.' }] };
const NEXT = { role: 'user', content: [{ type: 'input_text', text: 'And another?' }] };

interface Item extends JsonObject {
  readonly type: string;
  readonly id: string;
}

async function started(...options: Parameters<typeof startGateway>): Promise<GatewayUnderTest> {
  const under = await startGateway(...options);
  onTestFinished(under.close);
  return under;
}

function post({ gateway }: GatewayUnderTest, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1/responses`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The items of an answer, as a client takes them from its last event. */
async function itemsOf(answer: Response): Promise<readonly Item[]> {
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const streamed = answer.headers.get('content-type')?.includes('event-stream') === true;
  const last = streamed ? text.split('\n').findLast((line) => line.startsWith('data: ')) : undefined;
  return last === undefined ? JSON.parse(text).output : JSON.parse(last.slice('data: '.length)).response.output;
}

const named = (items: readonly Item[]) => items.map(({ id }) => ({ type: 'item_reference', id }));

const thinking = { reasoning: { effort: 'high' } };

// What the AI SDK sends unless it is told `store: false`: it takes for granted that the server has what it answered.
it.each([
  ['claude-haiku-4-5', true],
  ['claude-haiku-4-5', false],
  ['gemini-2.5-flash', true],
  ['mistral:7b', false],
])(
  'an answer that was translated can be gone on from by the ids of its items: %s, as a stream: %s',
  async (model, stream) => {
    const under = await started();
    under.simulator.script([{ behave: { text: 'The Heron.', reasoningTokens: 9 } }]);
    const items = await itemsOf(await post(under, { model, input: [QUESTION], stream, ...thinking }));
    expect(items.map(({ type }) => type)).toContain('message');
    const answer = await post(under, { model, input: [QUESTION, ...named(items), NEXT], stream, ...thinking });
    expect(await itemsOf(answer)).not.toEqual([]);
    expect(JSON.stringify(under.simulator.requests.at(-1)?.body)).toMatch(/Name a boat.*The Heron\..*And another/);
  },
);

it('they are kept for a day', async () => {
  let now = Date.parse('2026-11-26T12:00:00Z');
  const under = await started('', undefined, { now: () => now });
  const items = await itemsOf(await post(under, { model: 'claude-haiku-4-5', input: [QUESTION] }));
  const next = { model: 'claude-haiku-4-5', input: [QUESTION, ...named(items), NEXT] };
  now += 86_399_000;
  expect((await post(under, next)).status).toBe(200);
  now += 2_000;
  expect((await post(under, next)).status).toBe(400);
});

it('calls that are named stand before their results', async () => {
  const under = await started();
  const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];
  const asked = { model: 'claude-haiku-4-5', tools, tool_choice: 'required' };
  const items = await itemsOf(await post(under, { ...asked, input: [QUESTION] }));
  const output = items.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'found' }));
  const answer = await post(under, { ...asked, tool_choice: 'auto', input: [QUESTION, ...named(items), ...output] });
  expect(JSON.stringify(await itemsOf(answer))).toContain('found');
});

it('another model goes on from them, by whichever lane, without the thoughts', async () => {
  const under = await started();
  under.simulator.script([{ behave: { text: 'The Heron.', reasoningTokens: 9 } }]);
  const items = await itemsOf(await post(under, { model: 'claude-haiku-4-5', input: [QUESTION], ...thinking }));
  expect(items.map(({ type }) => type)).toEqual(['reasoning', 'message']);
  expect((await post(under, { model: 'gpt-5-mini', input: [QUESTION, ...named(items), NEXT] })).status).toBe(200);
  expect(asObject(under.simulator.requests.at(-1)?.body)?.input).toEqual([
    QUESTION,
    {
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [expect.objectContaining({ text: 'The Heron.' })],
    },
    NEXT,
  ]);
});

it.each<[string, object, Record<string, string>]>([
  ['to whoever shows another key', {}, { authorization: 'Bearer sk-bob' }],
  ['where nothing was to be kept', { store: false }, {}],
])('they are not there %s', async (_, wish, other) => {
  const under = await started('', undefined, {
    keys: keysOf({ 'sk-ada': { name: 'ada' }, 'sk-bob': { name: 'bob' } }),
  });
  const own = { authorization: 'Bearer sk-ada', ...other };
  const ada = { authorization: 'Bearer sk-ada' };
  const items = await itemsOf(await post(under, { model: 'claude-haiku-4-5', input: [QUESTION], ...wish }, ada));
  const answer = await post(under, { model: 'claude-haiku-4-5', input: [QUESTION, ...named(items), NEXT] }, own);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('input.item_reference');
});
