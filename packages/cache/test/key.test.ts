import type { ModelRequest } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createResponseCache } from '../src/index.ts';
import { answer, asMiss, candidate, question } from './questions.ts';

/** Whether the answer to one question is given to another. */
async function isSame(one: Parameters<typeof question>, other: Parameters<typeof question>): Promise<boolean> {
  const cache = createResponseCache();
  asMiss(await cache.lookup(question(...one))).keep(candidate(), answer('kept', { answeredAt: Date.now() }));
  return (await cache.lookup(question(...other))).kind === 'hit';
}

test('what a client writes to its vendor in the first line of a system prompt makes no other question', async () => {
  const system = (digest: string) => [
    { type: 'text' as const, text: `x-anthropic-billing-header: cc_version=2.1.330.${digest}; cc_entrypoint=cli;` },
    { type: 'text' as const, text: 'You are an agent.' },
  ];
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hello' }] }];
  expect(await isSame([{ system: system('572'), messages }], [{ system: system('071'), messages }])).toBe(true);
  const other = [...system('572'), { type: 'text' as const, text: 'Be brief.' }];
  expect(await isSame([{ system: system('572'), messages }], [{ system: other, messages }])).toBe(false);
});

const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => typeof value === 'object' && value !== null);
const schema = fc.dictionary(fc.string({ maxLength: 8 }), json as fc.Arbitrary<never>, { maxKeys: 4 });
const text = fc.record({ type: fc.constant('text' as const), text: fc.string({ maxLength: 20 }) });
const image = fc.record({
  type: fc.constant('image' as const),
  source: fc.record({
    kind: fc.constant('base64' as const),
    mediaType: fc.constant('image/png'),
    data: fc.base64String(),
  }),
});
const call = fc.record({
  type: fc.constant('tool-call' as const),
  id: fc.string({ minLength: 1, maxLength: 5 }),
  name: fc.string({ minLength: 1, maxLength: 5 }),
  arguments: fc.json(),
});
const message = fc.record({
  role: fc.constantFrom('user' as const, 'assistant' as const),
  parts: fc.array(fc.oneof(text, image, call), { minLength: 1, maxLength: 3 }),
});
const requests: fc.Arbitrary<ModelRequest> = fc.record(
  {
    system: fc.array(text, { maxLength: 2 }),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    tools: fc.array(
      fc.record({ type: fc.constant('function' as const), name: fc.string({ maxLength: 6 }), parameters: schema }),
      { maxLength: 2 },
    ),
    output: fc.record({ type: fc.constant('json-schema' as const), schema }),
    sampling: fc.record({ temperature: fc.double({ min: 0, max: 2, noNaN: true }), seed: fc.integer() }),
    maxOutputTokens: fc.integer({ min: 1, max: 9_999 }),
    stopSequences: fc.array(fc.string({ maxLength: 4 }), { maxLength: 2 }),
    extensions: fc.record({ 'openai-chat': schema.map((fields) => ({ x_field: fields })) }),
  },
  { requiredKeys: ['system', 'messages'] },
);

/** The same value with the members of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

/** Every place in a value that holds something which is no object and no list. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function changedAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined)
    return typeof value === 'string' ? `${value}!` : typeof value === 'number' ? value + 1 : 'other';
  const inner = changedAt((value as Record<string, unknown>)[key], rest);
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? inner : one));
  return { ...(value as object), [key]: inner };
}

describe('two requests are the same', () => {
  test('whatever the order of their members', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect(await isSame([request], [reordered(request) as ModelRequest])).toBe(true);
      }),
    );
  });

  test('and are not when any one of their values differs', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), async (request, nth) => {
        // A part or a tool of another type is a shape that does not exist.
        const places = leaves(request).filter((path) => path.at(-1) !== 'type' && path.at(-1) !== 'kind');
        const place = places[nth % places.length];
        fc.pre(place !== undefined);
        const other = changedAt(request, place as readonly string[]) as ModelRequest;
        fc.pre(JSON.stringify(other) !== JSON.stringify(request));
        expect(await isSame([request], [other])).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('and are not when something moves from one place to another', async () => {
    const parts = [{ type: 'text' as const, text: 'a' }];
    const asSystem: ModelRequest = { system: parts, messages: [] };
    const asUser: ModelRequest = { system: [], messages: [{ role: 'user', parts }] };
    const asAssistant: ModelRequest = { system: [], messages: [{ role: 'assistant', parts }] };
    for (const [one, other] of [
      [asSystem, asUser],
      [asUser, asAssistant],
    ] as const) {
      expect(await isSame([one], [other])).toBe(false);
    }
  });

  const base: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }] };
  test.each<[string, Partial<ModelRequest>]>([
    ['the name the model was asked by', { model: 'auto' }],
    ['whether it is streamed', { stream: true }],
    ['whether usage is streamed', { streamUsage: true }],
    ['who the end user is', { userId: 'ann' }],
    ["the group in the provider's prompt cache", { promptCacheKey: 'x' }],
    ['the tier', { serviceTier: 'flex' }],
    ['labels', { extensions: { 'openai-chat': { metadata: { a: 'b' }, store: false } } }],
    [
      'marks for the prompt cache',
      { messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi', cache: { ttl: '1h' } }] }] },
    ],
  ])('%s does not matter', async (_, change) => {
    const plain = change.extensions === undefined ? base : { ...base, extensions: { 'openai-chat': {} } };
    expect(await isSame([plain], [{ ...base, ...change }])).toBe(true);
  });

  test.each<[string, Partial<ModelRequest>]>([
    ['a system prompt', { system: [{ type: 'text', text: 's' }] }],
    ['tools', { tools: [{ type: 'function', name: 'f' }] }],
    ['the choice of a tool', { toolChoice: { type: 'required' } }],
    ['parallel calls', { parallelToolCalls: false }],
    ['a schema', { output: { type: 'json' } }],
    ['reasoning', { reasoning: { effort: 'high' } }],
    ['temperature', { sampling: { temperature: 0.3 } }],
    ['a seed', { sampling: { seed: 7 } }],
    ['a limit', { maxOutputTokens: 9 }],
    ['a stop sequence', { stopSequences: ['.'] }],
    ['log probabilities', { logprobs: { alternatives: 2 } }],
    ["a provider's own options", { providerOptions: { openai: { verbosity: 'low' } } }],
    ['a field of the format that nobody knows', { extensions: { 'openai-chat': { verbosity: 'low' } } }],
    ['a property called cache in a schema', { tools: [{ type: 'function', name: 'f', parameters: { cache: {} } }] }],
  ])('%s matters', async (_, change) => {
    expect(await isSame([base], [{ ...base, ...change }])).toBe(false);
    expect(await isSame([{ ...base, ...change }], [{ ...base, ...change }])).toBe(true);
  });

  it('only for one tenant, one candidate, real or not, one strictness and the same betas', async () => {
    const hi = 'hi';
    expect(await isSame([hi], [hi])).toBe(true);
    expect(await isSame([hi], [hi, { caller: { tenant: 'local', user: 'ann', key: 'k', session: 's' } }])).toBe(true);
    expect(await isSame([hi], [hi, { caller: { tenant: 'acme' } }])).toBe(false);
    expect(await isSame([hi], [hi, { candidate: candidate('azure/gpt') }])).toBe(false);
    expect(await isSame([hi], [hi, { candidate: candidate('openai/gpt', true) }])).toBe(false);
    expect(await isSame([hi], [hi, { strict: true }])).toBe(false);
    expect(await isSame([hi], [hi, { headers: { 'anthropic-beta': 'x' } }])).toBe(false);
    expect(await isSame([hi], [hi, { headers: { 'user-agent': 'x' } }])).toBe(true);
  });

  it('does not depend on the run: a key is the same tomorrow', async () => {
    const keys: string[] = [];
    const store = { get: () => undefined, set: (key: string) => void keys.push(key), clear: () => undefined };
    asMiss(await createResponseCache({ store }).lookup(question('hi'))).keep(candidate(), answer('x'));
    expect(keys).toEqual(['47e2e67321e7a0ff25a68bb1d726707646451a3feb8d91661fb5d749238350f5']);
  });
});
