import {
  BodyPieces,
  createResponseFold,
  type ModelRequest,
  type ModelResponse,
  type Part,
  responseEvents,
  wholeBytes,
} from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { framesOf } from '../recorded-exchanges.ts';

const { client, server } = openaiChat;
const context = { model: 'm', createId: () => 'id', now: () => 0, includeUsage: true };
const words = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
/** The names that OpenAI takes. */
const toolName = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ value }));

/** An answer as this format can say it: reasoning, text, refusal, tool calls, in that order. */
const responses: fc.Arbitrary<ModelResponse> = fc
  .record({
    reasoning: fc.option(words),
    text: fc.option(words),
    refusal: fc.option(words),
    calls: fc.array(fc.record({ name: toolName, arguments: json, custom: fc.boolean() }), { maxLength: 4 }),
    length: fc.boolean(),
    usage: fc.record({ input: fc.nat(1000), output: fc.nat(1000), cached: fc.nat(1000), reasoning: fc.nat(1000) }),
  })
  .map(({ reasoning, text, refusal, calls, length, usage }) => {
    const parts: Part[] = [];
    if (reasoning !== null) parts.push({ type: 'reasoning', text: reasoning });
    if (text !== null) parts.push({ type: 'text', text });
    if (refusal !== null) parts.push({ type: 'text', text: refusal, refusal: true });
    for (const [index, call] of calls.entries()) {
      const kind = call.custom ? { kind: 'custom' as const } : {};
      parts.push({ type: 'tool-call', id: `call_${index}`, name: call.name, arguments: call.arguments, ...kind });
    }
    const natural = calls.length > 0 ? 'tool-calls' : refusal === null ? 'stop' : 'refusal';
    return {
      id: 'c1',
      model: 'm',
      createdAt: 7,
      parts,
      finish: { reason: length ? 'length' : natural },
      usage: {
        inputTokens: usage.input,
        outputTokens: usage.output,
        cacheReadTokens: Math.min(usage.cached, usage.input),
        reasoningTokens: Math.min(usage.reasoning, usage.output),
        inputAudioTokens: 0,
        outputAudioTokens: 0,
        provenance: 'reported' as const,
      },
    } satisfies ModelResponse;
  });

const withoutRaw = ({ finish, ...response }: ModelResponse) => ({ ...response, finish: { reason: finish.reason } });

describe('for every answer that this format can say', () => {
  test('the whole form and the fold of the stream are the same answer', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const whole = client.decodeResponse(server.encodeResponse(response, context), { provider: 'p' });
        const encoder = server.createStreamEncoder(context);
        const sse = [...responseEvents(response)].map((event) => encoder.encode(event)).join('');
        const decoder = client.createStreamDecoder({ provider: 'p' });
        const fold = createResponseFold();
        const observer = openaiChat.observe({ provider: 'p', hideUsage: false });
        for (const frame of framesOf(sse)) {
          for (const event of decoder.decode(frame)) fold.add(event);
          expect(observer.observe(frame).forward).toBe(true);
        }
        expect(decoder.end()).toEqual([]);
        expect(fold.response()).toEqual(whole);
        expect(withoutRaw(whole)).toEqual(response);
        expect(observer.usage).toEqual(response.usage);
        expect(observer.finish?.reason).toBe(response.finish.reason);
      }),
    );
  });

  test('a stream that is cut anywhere before its finish is never complete', () => {
    fc.assert(
      fc.property(responses, fc.nat(), (response, cut) => {
        const encoder = server.createStreamEncoder({ ...context, includeUsage: false });
        const sse = [...responseEvents(response)].map((event) => encoder.encode(event)).join('');
        const frames = framesOf(sse);
        // The last two frames are the finish and [DONE].
        const decoder = client.createStreamDecoder({ provider: 'p' });
        const observer = openaiChat.observe({ provider: 'p', hideUsage: false });
        for (const frame of frames.slice(0, cut % (frames.length - 1))) {
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
    source: { kind: 'file' as const, fileId, owner: 'openai-chat' },
  })),
);

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

/** Requests in this format's own terms: what a caller of it can send. */
const requests: fc.Arbitrary<ModelRequest> = fc
  .record({
    system: optional(words),
    turns: fc.array(
      fc.record({
        user: fc.array(userParts, { minLength: 1, maxLength: 3 }),
        text: words,
        calls: fc.array(fc.record({ name: toolName, arguments: json, result: words }), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    sampling: optional(fc.record({ temperature: fc.double({ min: 0, max: 2, noNaN: true }), seed: fc.nat() })),
    maxOutputTokens: optional(fc.integer({ min: 1, max: 1000 })),
    stopSequences: optional(fc.array(words, { minLength: 1, maxLength: 4 })),
    toolChoice: optional(fc.constantFrom('auto' as const, 'none' as const, 'required' as const)),
    parallelToolCalls: optional(fc.boolean()),
    userId: optional(words),
    logprobs: optional(fc.record({ alternatives: fc.nat(20) })),
  })
  .map(({ system, turns, toolChoice, ...rest }) => ({
    model: 'm',
    system: system === undefined ? [] : [{ type: 'text' as const, text: system }],
    messages: turns.flatMap(({ user, text, calls }, turn) => {
      const ids = calls.map((call, index) => ({ ...call, id: `call_${turn}_${index}` }));
      const results = ids.map(({ id, result }) => ({
        type: 'tool-result' as const,
        callId: id,
        content: [{ type: 'text' as const, text: result }],
      }));
      return [
        { role: 'user' as const, parts: user },
        {
          role: 'assistant' as const,
          parts: [
            { type: 'text' as const, text },
            ...ids.map(({ id, name, arguments: text }) => ({ type: 'tool-call' as const, id, name, arguments: text })),
          ],
        },
        ...(results.length === 0 ? [] : [{ role: 'user' as const, parts: results }]),
      ];
    }),
    ...(toolChoice === undefined ? {} : { toolChoice: { type: toolChoice } }),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  }));

describe('for every request in this format', () => {
  test('decoding what was encoded gives the request back, and nothing is reported', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const encoded = client.encodeRequest(request, { model: 'm', provider: 'p', stream: false, quirks: {} });
        expect(encoded.notes).toEqual([]);
        expect(server.decodeRequest(JSON.parse(JSON.stringify(encoded.body)), '/v1/chat/completions')).toEqual(request);
      }),
    );
  });

  test('the forwarded bytes differ in the permitted edits alone', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), words, fc.nat(3), (request, stream, model, spaces) => {
        const { body } = client.encodeRequest(request, { model: 'before', provider: 'p', stream: false, quirks: {} });
        const text = JSON.stringify({ ...body, stream }, null, spaces);
        const bytes = new TextEncoder().encode(text);
        const head = server.scanHead(bytes, '/v1/chat/completions');
        const forwarded = server.forwardRequest(bytes, head, model, '/v1/chat/completions');
        const after = JSON.parse(new TextDecoder().decode(wholeBytes(forwarded.body)));
        expect(after).toEqual({
          ...JSON.parse(text),
          model,
          ...(stream ? { stream_options: { include_usage: true } } : {}),
        });
        expect(forwarded.hideUsage).toBe(stream);
        const [first, second] = [bytes.length >> 2, bytes.length >> 1];
        const cut = new BodyPieces([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]);
        const inPieces = server.forwardRequest(cut, server.scanHead(cut, ''), model, '');
        expect(new TextDecoder().decode(wholeBytes(inPieces.body))).toBe(
          new TextDecoder().decode(wholeBytes(forwarded.body)),
        );
      }),
    );
  });
});
