import {
  createResponseFold,
  isJsonObject,
  type JsonObject,
  type ModelResponse,
  ProviderError,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { clientRequest, framesOf, type RecordedExchange, recordedExchanges } from '../recorded-exchanges.ts';
import { comparableRequest, comparableResponse } from './comparable.ts';

const exchanges = recordedExchanges('openai.responses');
const { client, server } = openaiResponses;
const context = { model: 'recorded', createId: () => 'made', now: () => 0 };
const named = (list: readonly RecordedExchange[]) => list.map((exchange) => [exchange.id, exchange] as const);

function decodeStream(sse: string, provider: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider });
  return [...framesOf(sse).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(events: readonly StreamEvent[]): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

/** OpenAI encrypts anew for each event. */
const ENCRYPTED = ['encrypted', 'encrypted_content', 'fingerprint'];

function sameCipher(value: unknown): unknown {
  const hide = (key: string, entry: unknown) => {
    if (ENCRYPTED.includes(key)) return 'encrypted';
    return isJsonObject(entry) ? Object.fromEntries(Object.entries(entry).toSorted()) : entry;
  };
  return JSON.parse(JSON.stringify(value, hide)) as unknown;
}

/** An answer for comparing. Items whose end the stream did not tell come last, wherever they stand in the output. */
function essence(response: ModelResponse): unknown {
  return sameCipher({ ...response, parts: response.parts.map((part) => JSON.stringify(sameCipher(part))).toSorted() });
}

function essenceOfBody(body: JsonObject): unknown {
  const { output, ...rest } = comparableResponse(body) as { output: unknown[] };
  return sameCipher({ ...rest, output: output.map((item) => JSON.stringify(sameCipher(item))).toSorted() });
}

/** The response in the event that ends a stream. One recording holds two streams. */
function lastResponse(sse: string): JsonObject {
  const events = framesOf(sse).flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data) as JsonObject]));
  const last = events.find(({ type }) => /^response\.(completed|incomplete)$/.test(String(type)));
  return last?.response as JsonObject;
}

function roundTrip(body: JsonObject) {
  const request = server.decodeRequest(body, '/v1/responses');
  return client.encodeRequest(request, {
    model: request.model ?? '',
    stream: request.stream ?? false,
    provider: 'recorded',
    quirks: {},
  });
}

describe.skipIf(exchanges.length === 0)('recorded exchanges', () => {
  const good = exchanges.filter(({ response }) => response.status < 300);
  const whole = good.filter(({ response }) => response.body !== undefined);
  const streams = good.filter(({ response }) => response.sse !== undefined);
  const failed = exchanges.filter(({ response }) => response.status >= 400);

  test.each(named(whole))('%s: the answer decodes and is encoded as it came', (_id, { provider, response }) => {
    const decoded = client.decodeResponse(response.body, { provider });
    expect(decoded.finish.reason).not.toBe('other');
    const body = response.body as JsonObject;
    expect(comparableResponse(server.encodeResponse(decoded, context))).toEqual(comparableResponse(body));
  });

  test.each(named(streams))('%s: the stream is its response, and is encoded as such', (_id, exchange) => {
    const { provider, response } = exchange;
    const sse = response.sse ?? '';
    const observer = openaiResponses.observe({ provider, hideUsage: false });
    const observe = () => {
      for (const frame of framesOf(sse)) {
        // One recording holds two streams: what follows the first does not go on.
        const goesOn = observer.finish === undefined || frame.data === '[DONE]';
        expect(observer.observe(frame).forward).toBe(goesOn);
      }
      observer.end();
    };
    if (/^event: response.failed$/m.test(sse)) {
      const error = thrown(() => decodeStream(sse, provider));
      expect(ProviderError.is(error) && error.kind).toBe('quota');
      expect(thrown(observe)).toEqual(error);
      return;
    }
    const events = decodeStream(sse, provider);
    const folded = fold(events);
    expect(essence(folded)).toEqual(essence(client.decodeResponse(lastResponse(sse), { provider })));
    observe();
    expect(observer.text).toBe(responseText(folded));
    expect(observer.usage).toEqual(folded.usage);
    expect(observer.finish).toEqual(folded.finish);
    expect(observer.model).toBe(folded.model);
    const encoder = server.createStreamEncoder(context);
    const wire = events.map((event) => encoder.encode(event)).join('');
    expect(essenceOfBody(lastResponse(wire))).toEqual(essenceOfBody(lastResponse(sse)));
    // What the provider left out is written with its default.
    expect(sameCipher({ ...fold(decodeStream(wire, provider)), extensions: {} })).toEqual(
      sameCipher({ ...folded, extensions: {} }),
    );
  });

  test.each(named(failed))('%s: the error is classified', (_id, { response }) => {
    const error = client.decodeError(response.status, response.headers, response.body ?? response.text);
    expect(['invalid-request', 'authentication', 'not-found']).toContain(error.kind);
    expect(error.message).not.toBe('');
  });

  test.each(named(exchanges.filter(({ request }) => request.body !== null)))(
    '%s: the request comes back as it was',
    (_id, { request }) => {
      const { body, notes } = roundTrip(request.body ?? {});
      expect(comparableRequest(body)).toEqual(comparableRequest({ model: '', ...request.body }));
      expect(notes).toEqual([]);
    },
  );
});

describe.each(['codex-tool-turn2', 'codex-builtin-additional-tools', 'opencode-responses-turn2'])('%s', (name) => {
  const body = clientRequest(name);

  test.skipIf(body === undefined)('survives from this format to this format', () => {
    const encoded = roundTrip(body ?? {});
    expect(comparableRequest(encoded.body)).toEqual(comparableRequest(body ?? {}));
    expect(encoded.notes).toEqual([]);
  });
});

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
