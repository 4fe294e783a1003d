import { framesOf } from '@signalbox/conformance';
import {
  asObject,
  createResponseFold,
  type JsonObject,
  type JsonValue,
  type ModelResponse,
  responseEvents,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';
import { clientRequests, recordedExchanges } from './recordings.ts';

const exchanges = recordedExchanges();
const clients = clientRequests();
const { client, server } = anthropicMessages;
const context = { model: 'unused', createId: () => 'made', now: () => 0 };

describe.skipIf(exchanges.length === 0)('recorded answers', () => {
  const whole = exchanges.filter(({ response }) => response.status === 200 && response.body !== undefined);

  it.each(whole)('decodes $id and gives it back equal', ({ response }) => {
    const body = response.body ?? {};
    const decoded = client.decodeResponse(body, { provider: 'anthropic' });
    expect(normalAnswer(server.encodeResponse(decoded, context))).toEqual(normalAnswer(body));
  });

  it.each(whole)('streams $id to the same answer', ({ response }) => {
    const decoded = client.decodeResponse(response.body, { provider: 'anthropic' });
    const text = encodeEvents(responseEvents(decoded));
    const back = fold(decode(text));
    expect(normalAnswer(server.encodeResponse(back, context))).toEqual(normalAnswer(response.body ?? {}));
  });
});

describe.skipIf(exchanges.length === 0)('recorded streams', () => {
  const streams = exchanges.flatMap(({ id, response }) =>
    response.sse === undefined ? [] : [{ id, sse: response.sse }],
  );

  it.each(streams)('decodes $id to one finish, and writes it again to the same answer', ({ sse }) => {
    const events = decode(sse);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    expect(events.at(-1)?.type).toBe('finish');
    expect(events.filter((event) => event.type === 'start')).toHaveLength(1);
    const answer = fold(events);
    expect(answer.finish.reason).not.toBe('other');
    expect(fold(decode(encodeEvents(events)))).toEqual(answer);
  });

  it.each(streams)('observes $id as the decoder reads it', ({ sse }) => {
    const answer = fold(decode(sse));
    const observer = anthropicMessages.observe({ provider: 'anthropic', hideUsage: false });
    for (const frame of framesOf('sse', sse)) observer.observe(frame);
    expect(observer.end()).toBe('');
    expect(observer.finish).toEqual(answer.finish);
    expect(observer.usage).toEqual(answer.usage);
    expect(observer.model).toBe(answer.model);
    expect(observer.text).toBe(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
  });
});

describe.skipIf(exchanges.length === 0)('recorded errors', () => {
  const errors = exchanges.filter(({ response }) => response.status >= 400);

  it.each(errors)('classifies $id and answers alike', ({ response }) => {
    const { status, headers, body } = response;
    const error = client.decodeError(status, headers, body);
    const kinds: Record<number, string> = { 400: 'invalid-request', 401: 'authentication', 404: 'not-found' };
    expect(error.kind).toBe(kinds[status]);
    expect(error.message).toBe(asObject(body?.error)?.message);
    expect(error.requestId).toBe(headers['request-id']);
  });
});

describe.skipIf(exchanges.length === 0)('recorded requests', () => {
  const requests = exchanges.flatMap(({ id, request, response }) =>
    request.body === null || response.status !== 200 ? [] : [{ id, body: request.body }],
  );

  it.each(requests)('decodes $id and encodes it equal', ({ body }) => expectLossless(body));
});

describe.skipIf(clients.length === 0)('requests of real clients', () => {
  it.each(clients.filter(({ body }) => body.messages !== undefined))('decodes $url and encodes it equal', ({ body }) =>
    expectLossless(body),
  );
});

function expectLossless(body: JsonObject): void {
  const request = server.decodeRequest(body, '/v1/messages');
  const encoded = client.encodeRequest(request, {
    model: String(body.model),
    stream: body.stream === true,
    provider: 'anthropic',
    quirks: { midConversationSystem: true },
  });
  expect(normalRequest(encoded.body)).toEqual(normalRequest(body));
}

function encodeEvents(events: Iterable<StreamEvent>): string {
  const encoder = server.createStreamEncoder(context);
  return [...events].map((event) => encoder.encode(event)).join('');
}

function decode(text: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'anthropic' });
  return [...framesOf('sse', text).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(events: readonly StreamEvent[]): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

/** What an answer may differ in: absent, null and zero figures are the same, and written cache is 5 m where nobody says. */
function normalAnswer(body: JsonObject): unknown {
  const usage = asObject(body.usage);
  const split = asObject(usage?.cache_creation);
  const unexplained = !split?.ephemeral_5m_input_tokens && !split?.ephemeral_1h_input_tokens;
  const written = unexplained ? { ephemeral_5m_input_tokens: usage?.cache_creation_input_tokens ?? 0 } : split;
  return prune({ ...body, usage: { ...usage, cache_creation: written } }, true);
}

/**
 * What a request may differ in: text instead of a list of one text block, turns of one role in a row, absent and null fields,
 * `stream: false`, the predecessor of `output_config.format`, empty text, an invented limit where there was none.
 */
function normalRequest(body: JsonObject): unknown {
  const { output_format: oldFormat, stream, ...rest } = body;
  const turns: { role: JsonValue | undefined; content: JsonValue[] }[] = [];
  for (const value of rest.messages as JsonObject[]) {
    const { role, content, ...fields } = value;
    const before = turns.at(-1);
    const merges = before?.role === role && role !== 'system';
    if (merges) before?.content.push(...blocks(content));
    else turns.push({ role, content: blocks(content), ...fields });
  }
  const system = blocks(rest.system);
  return prune(
    {
      ...rest,
      max_tokens: rest.max_tokens ?? 4096,
      messages: turns as unknown as JsonValue[],
      ...(system.length === 0 ? { system: null } : { system }),
      ...(stream === true ? { stream } : {}),
      ...(oldFormat === undefined ? {} : { output_config: { format: oldFormat } }),
    },
    false,
  );
}

function blocks(content: JsonValue | undefined): JsonValue[] {
  const list = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  return list
    .filter((block) => asObject(block)?.text !== '')
    .map((block) => {
      const result = asObject(block);
      return result?.type === 'tool_result' ? { ...result, content: blocks(result.content) } : block;
    });
}

function prune(value: JsonValue | undefined, zeroes: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => prune(one, zeroes));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, one]) => [key, prune(one, zeroes)] as const)
    .filter(([, one]) => one !== null && one !== undefined && !(zeroes && (one === 0 || isEmpty(one))));
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
