import { createResponseFold, type ModelRequest, type ModelResponse, type Part, responseEvents } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { framesOf } from '../recorded-exchanges.ts';

const { client, server } = openaiResponses;
const words = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
/** The names that OpenAI takes. */
const toolName = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ value }));
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
/** Leaves out what is undefined. */
const present = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
const own = (item: string) => ({ extensions: { 'openai-responses/form': { item: { id: item } } } });

function context() {
  let count = 0;
  const createId = () => {
    count += 1;
    return `made_${count}`;
  };
  return { model: 'm', createId, now: () => 0 };
}

type DrawnPart =
  | { readonly type: 'text'; readonly text: string; readonly refusal: boolean }
  | { readonly type: 'reasoning'; readonly text: string; readonly encrypted: string | undefined }
  | { readonly type: 'tool-call'; readonly name: string; readonly arguments: string; readonly custom: boolean }
  | { readonly type: 'opaque'; readonly query: string };

/** A part with the id of its item. */
function partOf(part: DrawnPart, index: number, issuer: string): Part {
  if (part.type === 'text') {
    return { type: 'text', text: part.text, ...(part.refusal ? { refusal: true } : {}), ...own(`msg_${index}`) };
  }
  if (part.type === 'reasoning') {
    const encrypted = part.encrypted === undefined ? {} : { encrypted: { issuer, value: part.encrypted } };
    return { type: 'reasoning', text: part.text, ...encrypted, ...own(`rs_${index}`) };
  }
  if (part.type === 'tool-call') {
    const kind = part.custom ? { kind: 'custom' as const } : {};
    const extensions = { 'openai-responses/form': { id: `fc_${index}` } };
    return { type: 'tool-call', id: `call_${index}`, name: part.name, arguments: part.arguments, ...kind, extensions };
  }
  const value = { id: `ws_${index}`, type: 'web_search_call', status: 'completed', query: part.query };
  return { type: 'opaque', format: 'openai-responses', value };
}

/** Parts of an answer as this format can say it, each with the id of its item. */
const partsFrom = (issuer: string): fc.Arbitrary<Part[]> =>
  fc
    .array(
      fc.oneof(
        fc.record({ type: fc.constant('text' as const), text: words, refusal: fc.boolean() }),
        fc.record({ type: fc.constant('reasoning' as const), text: fc.string(), encrypted: optional(words) }),
        fc.record({ type: fc.constant('tool-call' as const), name: toolName, arguments: json, custom: fc.boolean() }),
        fc.record({ type: fc.constant('opaque' as const), query: words }),
      ),
      { maxLength: 6 },
    )
    .map((list) => list.map((part, index) => partOf(part, index, issuer)));

const responses: fc.Arbitrary<ModelResponse> = fc
  .record({
    parts: partsFrom('openai-responses:p'),
    length: fc.boolean(),
    usage: fc.record({ input: fc.nat(1000), output: fc.nat(1000), cached: fc.nat(1000), reasoning: fc.nat(1000) }),
  })
  .map(({ parts, length, usage }) => {
    const called = parts.some((part) => part.type === 'tool-call');
    const refused = parts.some((part) => part.type === 'text' && part.refusal === true);
    const natural = called ? 'tool-calls' : refused ? 'refusal' : 'stop';
    return {
      id: 'resp_1',
      model: 'm',
      createdAt: 7,
      parts,
      finish: { reason: length ? 'length' : natural },
      usage: {
        inputTokens: usage.input,
        outputTokens: usage.output,
        cacheReadTokens: Math.min(usage.cached, usage.input),
        reasoningTokens: Math.min(usage.reasoning, usage.output),
        provenance: 'reported' as const,
      },
    } satisfies ModelResponse;
  });

const plain = ({ finish, extensions: _extensions, ...response }: ModelResponse) => ({
  ...response,
  finish: { reason: finish.reason },
});

/** The events of a stream in pieces, as providers send them: what an item is comes before its text. */
function sseOf(response: ModelResponse): string {
  const encoder = server.createStreamEncoder(context());
  return [...responseEvents(response)]
    .flatMap((event, index, all) => {
      const next = all[index + 1];
      const before = all[index - 1];
      if (event.type === 'text-delta' && next?.type === 'text-extension') return [next, event];
      if (event.type === 'text-extension' && before?.type === 'text-delta') return [];
      if (event.type === 'reasoning-delta' && next?.type === 'reasoning-signature') {
        return [{ ...next, encrypted: undefined }, event];
      }
      return [event];
    })
    .map((event) => encoder.encode(event))
    .join('');
}

describe('for every answer that this format can say', () => {
  test('the whole form and the fold of the stream are the same answer', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const body: unknown = JSON.parse(JSON.stringify(server.encodeResponse(response, context())));
        const whole = client.decodeResponse(body, { provider: 'p' });
        expect(plain(whole)).toEqual(response);
        const decoder = client.createStreamDecoder({ provider: 'p' });
        const fold = createResponseFold();
        const observer = openaiResponses.observe({ provider: 'p', hideUsage: false });
        for (const frame of framesOf(sseOf(response))) {
          for (const event of decoder.decode(frame)) fold.add(event);
          expect(observer.observe(frame).forward).toBe(true);
        }
        expect(decoder.end()).toEqual([]);
        expect(fold.response()).toEqual(whole);
        expect(observer.usage).toEqual(response.usage);
        expect(observer.finish).toEqual(whole.finish);
        expect(observer.text).toBe(response.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
      }),
    );
  });

  test('a stream that is cut anywhere before its last event is never complete', () => {
    fc.assert(
      fc.property(responses, fc.nat(), (response, cut) => {
        const frames = framesOf(sseOf(response));
        const decoder = client.createStreamDecoder({ provider: 'p' });
        const observer = openaiResponses.observe({ provider: 'p', hideUsage: false });
        for (const frame of frames.slice(0, cut % frames.length)) {
          decoder.decode(frame);
          observer.observe(frame);
        }
        expect(() => decoder.end()).toThrow(/before the answer was complete/);
        expect(() => observer.end()).toThrow(/before the answer was complete/);
      }),
    );
  });
});

const userParts: fc.Arbitrary<Part> = fc.oneof(
  words.map((text) => ({ type: 'text' as const, text })),
  words.map((data) => ({ type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data } })),
  fc.webUrl().map((url) => ({ type: 'image' as const, source: { kind: 'url' as const, url }, detail: 'low' as const })),
  words.map((fileId) => ({
    type: 'document' as const,
    source: { kind: 'file' as const, fileId, owner: 'openai-responses' },
  })),
  fc.webUrl().map((url) => ({ type: 'document' as const, source: { kind: 'url' as const, url } })),
);

/** Requests in this format's own terms: what a caller of it can send. */
const requests: fc.Arbitrary<ModelRequest> = fc
  .record({
    system: optional(words),
    turns: fc.array(
      fc.record({
        user: fc.array(userParts, { minLength: 1, maxLength: 3 }),
        parts: partsFrom('openai-responses'),
        result: words,
      }),
      { minLength: 1, maxLength: 3 },
    ),
    sampling: optional(fc.record({ temperature: fc.double({ min: 0, max: 2, noNaN: true }) })),
    maxOutputTokens: optional(fc.integer({ min: 16, max: 1000 })),
    toolChoice: optional(fc.constantFrom('auto' as const, 'none' as const, 'required' as const)),
    parallelToolCalls: optional(fc.boolean()),
    userId: optional(words),
    logprobs: optional(fc.record({ alternatives: fc.integer({ min: 1, max: 20 }) })),
    store: optional(fc.constant(true)),
  })
  .map(({ system, turns, toolChoice, store, ...rest }) => ({
    model: 'm',
    system: system === undefined ? [] : [{ type: 'text' as const, text: system }],
    messages: turns.flatMap(({ user, parts: drawn, result }, turn) => {
      const parts = drawn.map((part) => (part.type === 'tool-call' ? { ...part, id: `${part.id}_${turn}` } : part));
      const results = parts.flatMap((part) =>
        part.type === 'tool-call'
          ? [
              {
                type: 'tool-result' as const,
                callId: part.id,
                content: [{ type: 'text' as const, text: result }],
                ...(part.kind === undefined ? {} : { kind: part.kind }),
              },
            ]
          : [],
      );
      return [
        { role: 'user' as const, parts: user },
        ...(parts.length === 0 ? [] : [{ role: 'assistant' as const, parts }]),
        ...(results.length === 0 ? [] : [{ role: 'user' as const, parts: results }]),
      ];
    }),
    ...(toolChoice === undefined ? {} : { toolChoice: { type: toolChoice } }),
    ...present(rest),
    extensions: {
      'openai-responses': present({ store }),
    },
  }));

describe('for every request in this format', () => {
  test('decoding what was encoded gives it back, with nothing to note', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const options = { model: 'm', stream: false, provider: 'p', quirks: {} };
        const { path, body, notes } = client.encodeRequest(request, options);
        const back = server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
        // What the answer shall hold besides is asked for anew each time.
        const { include: _include, ...form } = back.extensions?.['openai-responses/form'] ?? {};
        const { 'openai-responses/form': _form, ...extensions } = back.extensions ?? {};
        const kept = Object.keys(form).length === 0 ? {} : { 'openai-responses/form': form };
        expect({ ...back, extensions: { ...extensions, ...kept } }).toEqual(request);
        expect(notes).toEqual([]);
      }),
    );
  });
});
