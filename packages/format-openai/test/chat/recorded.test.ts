import { ProviderError, RouterError, type StreamEvent, type Usage } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { framesOf, type RecordedExchange, recordedExchanges } from '../recorded-exchanges.ts';
import { comparable } from './comparable.ts';

const exchanges = recordedExchanges('openai.chat');
const { client, server } = openaiChat;
const named = (list: readonly RecordedExchange[]) => list.map((exchange) => [exchange.id, exchange] as const);

function expectConsistent(usage: Usage | undefined): void {
  if (usage === undefined) return;
  const { inputTokens, outputTokens } = usage;
  for (const figure of Object.values(usage)) if (typeof figure === 'number') expect(figure).toBeGreaterThanOrEqual(0);
  expect((usage.cacheReadTokens ?? 0) + (usage.cacheWrite5mTokens ?? 0)).toBeLessThanOrEqual(inputTokens);
  expect(usage.reasoningTokens ?? 0).toBeLessThanOrEqual(outputTokens);
}

describe.skipIf(exchanges.length === 0)('recorded exchanges of many providers', () => {
  const whole = exchanges.filter(({ response }) => response.status < 300 && response.body !== undefined);
  const failed = exchanges.filter(({ response }) => response.status >= 400);
  const streamed = exchanges.filter(({ response }) => response.status < 300 && response.sse !== undefined);
  const requested = exchanges.filter(({ request }) => request.body !== null);

  test.each(named(whole))('%s: the answer decodes', (_id, { provider, response }) => {
    const decoded = client.decodeResponse(response.body, { provider });
    expect(decoded.finish.reason).not.toBe('other');
    expect(decoded.model).toBeTypeOf('string');
    expectConsistent(decoded.usage);
    expect(decoded.usage?.inputTokens).toBeGreaterThanOrEqual(0);
    if (decoded.parts.some((part) => part.type === 'tool-call')) expect(decoded.finish.reason).toBe('tool-calls');
  });

  test.each(named(failed))('%s: the error is classified', (_id, { response }) => {
    const error = client.decodeError(response.status, response.headers, response.body ?? response.text);
    expect(error.kind).not.toBe('unknown');
    expect(error.message).not.toBe('');
  });

  test.each(named(streamed))(
    '%s: the stream ends in exactly one finish, or in an error that is there',
    (_id, exchange) => {
      const decoder = client.createStreamDecoder({ provider: exchange.provider });
      const observer = openaiChat.observe({ provider: exchange.provider, hideUsage: false });
      const events: StreamEvent[] = [];
      const sse = exchange.response.sse ?? '';
      try {
        for (const frame of framesOf(sse)) events.push(...decoder.decode(frame));
        events.push(...decoder.end());
      } catch (error) {
        if (!ProviderError.is(error)) throw error;
        expect(sse).toMatch(/error/);
        expect(() => {
          for (const frame of framesOf(sse)) observer.observe(frame);
          observer.end();
        }).toThrow(error.message);
        return;
      }
      expect(events.filter((event) => event.type === 'start')).toHaveLength(1);
      expect(events[0]?.type).toBe('start');
      const finishes = events.filter((event) => event.type === 'finish');
      expect(finishes).toHaveLength(1);
      expect(events.at(-1)).toBe(finishes[0]);
      expectConsistent(finishes[0]?.usage);
      for (const frame of framesOf(sse)) observer.observe(frame);
      observer.end();
      const text = events
        .map((event) => (event.type === 'text-delta' && event.refusal !== true ? event.text : ''))
        .join('');
      expect(observer.text).toBe(text);
      expect(observer.usage).toEqual(finishes[0]?.usage);
      expect(observer.finish?.reason).toBe(finishes[0]?.reason);
    },
  );

  test.each(named(requested))('%s: the request comes back as it was', (_id, { request, response }) => {
    let decoded: ReturnType<typeof server.decodeRequest>;
    try {
      decoded = server.decodeRequest(request.body, '/v1/chat/completions');
    } catch (error) {
      // What we refuse, the provider refused as well.
      expect(RouterError.is(error)).toBe(true);
      expect(response.status).toBe(400);
      return;
    }
    const encoded = client.encodeRequest(decoded, {
      model: decoded.model ?? '',
      stream: decoded.stream ?? false,
      provider: 'recorded',
      quirks: {
        topK: true,
        minP: true,
        reasoningField: 'reasoning_content',
        reasoningDetails: true,
        cacheMarks: JSON.stringify(request.body).includes('prompt_cache_breakpoint')
          ? 'prompt_cache_breakpoint'
          : 'cache_control',
        maxStopSequences: 100,
        maxToolCallIdLength: 100,
        fileUrls: true,
      },
    });
    expect(comparable(encoded.body)).toEqual(comparable({ model: '', ...request.body }));
    expect(encoded.notes.filter((note) => note.field !== 'candidateCount')).toEqual([]);
  });
});
