import { framesOf } from '@signalbox/conformance';
import {
  asArray,
  asObject,
  createResponseFold,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelResponse,
  type Part,
  responseEvents,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';
import { normalRequest } from './normal-request.ts';
import { clientRequests, recordedExchanges } from './recordings.ts';

const exchanges = recordedExchanges();
const clients = clientRequests();
const { client, server } = gemini;
const context = { model: 'unused', createId: () => 'made', now: () => 0 };
const good = exchanges.filter(({ response }) => response.status === 200);

describe.skipIf(exchanges.length === 0)('recorded answers', () => {
  const whole = good.flatMap(({ id, response }) => (isJsonObject(response.body) ? [{ id, body: response.body }] : []));

  it.each(whole)('decodes $id and gives it back equal', ({ body }) => {
    const decoded = client.decodeResponse(body, { provider: 'google' });
    expectSoundUsage(decoded);
    expect(normalAnswer(asJson(server.encodeResponse(decoded, context)))).toEqual(normalAnswer(body));
  });

  it.each(whole)('streams $id to the same answer', ({ body }) => {
    const decoded = client.decodeResponse(body, { provider: 'google' });
    expect(essence(fold(decode(encodeEvents(responseEvents(decoded)))))).toEqual(essence(decoded));
  });
});

describe.skipIf(exchanges.length === 0)('recorded streams', () => {
  const streams = good.flatMap(({ id, response }) => (response.sse === undefined ? [] : [{ id, sse: response.sse }]));

  it.each(streams)('decodes $id to one finish, and writes it again to the same answer', ({ sse }) => {
    const events = decode(sse);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    expect(events.at(-1)?.type).toBe('finish');
    expect(events.filter((event) => event.type === 'start')).toHaveLength(1);
    const answer = fold(events);
    expectSoundUsage(answer);
    expect(essence(fold(decode(encodeEvents(events))))).toEqual(essence(answer));
  });

  it.each(streams)('observes $id as the decoder reads it', ({ sse }) => {
    const answer = fold(decode(sse));
    const observer = gemini.observe({ provider: 'google', hideUsage: false });
    for (const frame of framesOf('sse', sse)) expect(observer.observe(frame).forward).toBe(true);
    expect(observer.end()).toBe('');
    expect(observer.finish).toEqual(answer.finish);
    expect(observer.usage).toEqual(answer.usage);
    expect(observer.model).toBe(answer.model);
    expect(observer.text).toBe(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
  });
});

describe.skipIf(exchanges.length === 0)('recorded streams in a JSON array', () => {
  const arrays = good.flatMap(({ id, response }) =>
    Array.isArray(response.body) ? [{ id, body: response.body }] : [],
  );

  it.each(arrays)('decodes $id to the answer of its chunks', ({ body }) => {
    const answer = client.decodeResponse(body, { provider: 'google' });
    expectSoundUsage(answer);
    expect(answer.finish.rawReason).not.toBe(undefined);
    const chunks = body.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
    expect(fold(decode(chunks))).toEqual(answer);
  });
});

describe.skipIf(exchanges.length === 0)('recorded errors', () => {
  const errors = exchanges.filter(({ response }) => response.status >= 400);

  it.each(errors)('classifies $id', ({ response }) => {
    const { status, headers, body } = response;
    const error = client.decodeError(status, headers ?? {}, body);
    const told = asObject(asObject(asArray(body)[0] ?? body)?.error);
    expect(told, 'the recording has an error').not.toBe(undefined);
    expect(String(told?.message).startsWith(error.message)).toBe(true);
    const kinds: Record<number, string[]> = {
      400: ['authentication', 'context-length', 'invalid-request'],
      404: ['not-found'],
      429: ['rate-limit'],
    };
    expect(kinds[status]).toContain(error.kind);
    if (/API key/.test(error.message)) expect(error.kind).toBe('authentication');
    if (/token count/.test(error.message)) expect(error.kind).toBe('context-length');
  });
});

describe.skipIf(exchanges.length === 0)('recorded requests', () => {
  const requests = good.flatMap(({ id, request }) =>
    request.body === null || request.path === null ? [] : [{ id, path: request.path, body: request.body }],
  );

  it.each(requests)('decodes $id and encodes it equal', ({ path, body }) => expectLossless(path, body));
});

describe.skipIf(clients.length === 0)('requests of real clients', () => {
  it.each(clients)('decodes $url and encodes it equal', ({ url, body }) => expectLossless(url, body));
});

function expectLossless(path: string, body: JsonObject): void {
  const request = server.decodeRequest(body, path);
  const encoded = client.encodeRequest(request, {
    model: request.model ?? 'none',
    stream: request.stream === true,
    provider: 'google',
    quirks: {},
  });
  expect(normalRequest(asJson(encoded.body))).toEqual(normalRequest(body));
}

function expectSoundUsage(response: ModelResponse): void {
  const usage = response.usage;
  if (usage === undefined) return;
  expect(usage.cacheReadTokens ?? 0).toBeLessThanOrEqual(usage.inputTokens);
  expect(usage.reasoningTokens ?? 0).toBeLessThanOrEqual(usage.outputTokens);
}

function asJson(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function encodeEvents(events: Iterable<StreamEvent>): string {
  const encoder = server.createStreamEncoder(context);
  return [...events].map((event) => encoder.encode(event)).join('');
}

function decode(text: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'google' });
  return [...framesOf('sse', text).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(events: readonly StreamEvent[]): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

/** The words behind the integers of `enum-encoding=int`. */
const FINISH_NUMBERS = ['', 'STOP', 'MAX_TOKENS', 'SAFETY'];

/**
 * What an answer may differ in: empty texts go, index 0 and the role "model" may be left out, enum integers become words, absent figures
 * and zeros are the same, the total is made of its parts, a missing id is made.
 */
function normalAnswer(body: JsonObject): unknown {
  const { totalTokenCount: _total, ...usage } = asObject(body.usageMetadata) ?? {};
  const figures = Object.entries(usage).filter(([, figure]) => figure !== 0);
  return {
    ...body,
    responseId: body.responseId ?? 'made',
    modelVersion: body.modelVersion ?? 'unused',
    usageMetadata: Object.fromEntries(figures),
    candidates: body.candidates === undefined ? undefined : asArray(body.candidates).map(normalCandidate),
  };
}

function normalCandidate(value: JsonValue): unknown {
  const { content, finishReason, ...rest } = asObject(value) ?? {};
  const { parts, role = 'model' } = asObject(content) ?? {};
  return {
    index: 0,
    ...rest,
    finishReason: typeof finishReason === 'number' ? FINISH_NUMBERS[finishReason] : finishReason,
    content: { role, parts: asArray(parts).filter((part) => JSON.stringify(part) !== '{"text":""}') },
  };
}

/** A stream has no time of its own, no candidates beside the first, and may bring a text's signature in a part behind it. */
function essence(response: ModelResponse): unknown {
  const { createdAt: _time, extensions, ...rest } = response;
  const { candidates: _others, ...own } = extensions?.gemini ?? {};
  return { id: 'made', ...rest, own, parts: response.parts.flatMap(signatureBehind) };
}

function signatureBehind(part: Part): Part[] {
  if (part.type !== 'text' || part.extensions === undefined || part.text === '') return [part];
  const { extensions, ...text } = part;
  return [text, { type: 'text', text: '', extensions }];
}
