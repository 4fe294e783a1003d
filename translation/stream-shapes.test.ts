import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ProviderError, responseEvents, type StreamEvent } from '../packages/core/src/index.ts';
import type { Exchange } from '../wire-pack/exchange.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { readPack } from '../wire-pack/pack.ts';
import { decodeFrames, framesOf } from '../wire-pack/stream.ts';
import { STREAM_SHAPES } from './stream-shapes.ts';

const ODDITIES = fileURLToPath(new URL('../wire-pack/test/oddities', import.meta.url));

/** The events of an answer; undefined where it is an error or broke off. */
function eventsOf({ endpoint, provider, response }: Exchange): readonly StreamEvent[] | undefined {
  const format = FORMATS.find((one) => one.endpoint === endpoint)?.format;
  if (format === undefined || response.status >= 400) return undefined;
  if (response.stream !== undefined) {
    const { events, error } = decodeFrames(format, framesOf(format, response.stream), provider);
    return error === undefined ? events : undefined;
  }
  try {
    return [...responseEvents(format.client.decodeResponse(response.body, { provider }))];
  } catch (error) {
    if (ProviderError.is(error)) return undefined;
    throw error;
  }
}

const answers = readPack(ODDITIES).exchanges.flatMap((exchange) => {
  const events = eventsOf(exchange);
  return events === undefined ? [] : [{ exchange, events }];
});

describe.each(FORMATS)('a stream for callers of $endpoint', ({ endpoint, format }) => {
  it.each([true, false])('has the shape that its API documents, whoever answers (counts asked for: %s)', (wanted) => {
    expect(answers.length).toBeGreaterThan(40);
    const faults = answers.flatMap(({ exchange, events }) => {
      let made = 0;
      const createId = () => `made_${++made}`;
      const encoder = format.server.createStreamEncoder({ createId, now: () => 0, model: 'm', includeUsage: wanted });
      const frames = framesOf(format, events.map((event) => encoder.encode(event)).join(''));
      return (STREAM_SHAPES[endpoint]?.(frames, wanted) ?? ['no shape is known']).map((fault) => [exchange.id, fault]);
    });
    expect(faults).toEqual([]);
  });
});

describe('a shape is not satisfied by', () => {
  const frames = (endpoint: string, text: string) => {
    const format = FORMATS.find((one) => one.endpoint === endpoint)?.format;
    return format === undefined ? [] : framesOf(format, text);
  };
  it.each([
    ['anthropic.messages', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
    [
      'openai.chat',
      'data: {"id":"a","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}\n\ndata: [DONE]\n\n',
    ],
    ['openai.responses', 'event: response.created\ndata: {"type":"response.created","sequence_number":1}\n\n'],
    ['google.generateContent', 'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}\n\n'],
    ['ollama.chat', '{"message":{"content":"x"},"done":false}\n'],
  ])('half a stream of %s', (endpoint, text) => {
    expect(STREAM_SHAPES[endpoint]?.(frames(endpoint, text), false).length).toBeGreaterThan(0);
  });
});
