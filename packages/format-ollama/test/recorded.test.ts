import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { framesOf } from '@signalbox/conformance';
import { createResponseFold, type JsonObject, type ModelResponse, type StreamEvent } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

interface Recording {
  readonly id: string;
  readonly request: { readonly body: JsonObject };
  readonly response: { readonly status: number; readonly body?: JsonObject; readonly ndjson?: string };
}

const SHARED = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const folder = join(SHARED, 'wire/exchanges/ollama.chat');
const exchanges: Recording[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording)
  : [];
if (exchanges.length === 0) console.info(`skipped: no recorded exchanges at ${folder} (set SIGNALBOX_SHARED)`);

const { client, server } = ollamaChat;
const context = { model: 'unused', createId: () => 'made', now: () => 0 };

function decodeStream(text: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'local' });
  return [...framesOf('ndjson', text).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(events: Iterable<StreamEvent>): ModelResponse {
  const all = createResponseFold();
  for (const event of events) all.add(event);
  return all.response();
}

/** Calls without an id have one that we made; the other differences are no differences: an absent reason, parts of a second. */
function normal(body: JsonObject): JsonObject {
  const { created_at: _time, done_reason = 'stop', message, ...rest } = JSON.parse(JSON.stringify(body)) as JsonObject;
  const { tool_calls, ...content } = message as JsonObject;
  const calls = (tool_calls ?? []) as { id?: string; function: { index?: number } }[];
  return {
    ...rest,
    done_reason,
    message: {
      ...content,
      tool_calls: calls.map(({ id, function: { index: _index, ...declaration } }) => ({
        ...(id === undefined || id.startsWith('call_ollama_') ? {} : { id }),
        function: declaration,
      })),
    },
  };
}

describe.skipIf(exchanges.length === 0)('recorded requests', () => {
  it.each(exchanges)('$id comes back as it was', ({ request }) => {
    const decoded = server.decodeRequest(request.body, '/api/chat');
    const { body, notes } = client.encodeRequest(decoded, {
      model: String(request.body.model),
      stream: decoded.stream ?? false,
      provider: 'local',
      quirks: {},
    });
    const { format, tools, ...expected } = request.body;
    if (format !== '' && format !== undefined) expected.format = format;
    if (Array.isArray(tools) && tools.length > 0) expected.tools = tools;
    expect(JSON.parse(JSON.stringify(body))).toEqual({ stream: true, ...expected });
    expect(notes).toEqual([]);
  });
});

describe.skipIf(exchanges.length === 0)('recorded answers', () => {
  const whole = exchanges.flatMap(({ id, response }) =>
    response.body === undefined ? [] : [{ id, body: response.body }],
  );
  const streams = exchanges.flatMap(({ id, response }) =>
    response.ndjson === undefined ? [] : [{ id, text: response.ndjson }],
  );

  it('are of both kinds', () => {
    expect(whole.length).toBeGreaterThan(0);
    expect(streams.length).toBeGreaterThan(0);
  });

  it.each(whole)('$id comes back as it was', ({ body }) => {
    const decoded = client.decodeResponse(body, { provider: 'local' });
    expect(normal(server.encodeResponse(decoded, context))).toEqual(normal(body));
  });

  it.each(streams)('$id decodes to one finish, is written again to the same answer, and passes', ({ text }) => {
    const events = decodeStream(text);
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    expect(events[0]?.type).toBe('start');
    const answer = fold(events);
    const encoder = server.createStreamEncoder(context);
    const again = fold(decodeStream(events.map((event) => encoder.encode(event)).join('')));
    const essence = ({ parts, usage, finish, model }: ModelResponse) => ({
      parts,
      usage,
      reason: finish.reason,
      model,
    });
    expect(essence(again)).toEqual(essence(answer));

    const observer = ollamaChat.observe({ provider: 'local', hideUsage: false });
    for (const frame of framesOf('ndjson', text)) expect(observer.observe(frame).forward).toBe(true);
    expect(observer.end()).toBe('');
    expect(observer.finish).toEqual(answer.finish);
    expect(observer.usage).toEqual(answer.usage);
  });
});
