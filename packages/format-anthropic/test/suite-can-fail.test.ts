import { describeWireFormat, type Expectation } from '@signalbox/conformance';
import type { StreamEvent, WireFormat } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { client, server } = anthropicMessages;

/** The format with one fault, and a part of the name of a test that must notice it. */
const FAULTS: readonly (readonly [fault: string, noticedBy: string, format: WireFormat])[] = [
  [
    'counts cached input twice',
    'carries usage with cached input',
    withClient({
      decodeResponse(body, context) {
        const response = client.decodeResponse(body, context);
        const usage = response.usage;
        if (usage === undefined) return response;
        return { ...response, usage: { ...usage, inputTokens: usage.inputTokens + (usage.cacheReadTokens ?? 0) } };
      },
    }),
  ],
  [
    'takes a cut stream for a whole one',
    'never takes a part of',
    withDecoder((decoder) => ({
      ...decoder,
      end: (): StreamEvent[] => [{ type: 'finish', reason: 'stop' }],
    })),
  ],
  [
    'chokes on bad JSON',
    'passes over noise',
    withDecoder((decoder) => ({
      ...decoder,
      decode: (frame) => {
        if (frame.data !== '') JSON.parse(frame.data);
        return decoder.decode(frame);
      },
    })),
  ],
  [
    'writes errors as the text of an answer',
    'protocol’s own error',
    {
      ...anthropicMessages,
      server: {
        ...server,
        createStreamEncoder(context) {
          const encoder = server.createStreamEncoder(context);
          return {
            ...encoder,
            error: (error) => encoder.encode({ type: 'text-delta', index: 0, text: error.message }),
          };
        },
      },
    },
  ],
  [
    'says nothing about what it drops',
    'drops nothing without a note',
    withClient({
      encodeRequest: (request, context) => ({ ...client.encodeRequest(request, context), notes: [] }),
    }),
  ],
  [
    'is never the same twice',
    'alike each time',
    withClient({
      encodeRequest(request, context) {
        const encoded = client.encodeRequest(request, context);
        return { ...encoded, headers: { ...encoded.headers, nonce: String(counter()) } };
      },
    }),
  ],
  [
    'calls every error a server error',
    'understood',
    withClient({
      decodeError: (status, headers, body) => ({ ...client.decodeError(status, headers, body), kind: 'server' }),
    }),
  ],
  [
    'observes no text',
    'as the decoder reads it',
    {
      ...anthropicMessages,
      observe(context) {
        const observer = anthropicMessages.observe(context);
        return { ...observer, text: '', observe: (frame) => observer.observe(frame), end: () => observer.end() };
      },
    },
  ],
];

describe('the conformance suite', () => {
  it('finds no fault in the format itself', () => expect(failures(anthropicMessages)).toEqual([]));

  it.each(FAULTS)('notices a format that %s', (_fault, noticedBy, format) => {
    expect(failures(format).some((name) => name.includes(noticedBy))).toBe(true);
  });
});

function withClient(changed: Partial<WireFormat['client']>): WireFormat {
  return { ...anthropicMessages, client: { ...client, ...changed } };
}

type Decoder = ReturnType<WireFormat['client']['createStreamDecoder']>;

function withDecoder(change: (decoder: Decoder) => Decoder): WireFormat {
  return withClient({ createStreamDecoder: (context) => change(client.createStreamDecoder(context)) });
}

let count = 0;
function counter(): number {
  count += 1;
  return count;
}

/** Names of the suite's tests that fail, run one after the other without a runner. */
function failures(format: WireFormat): string[] {
  const failed: string[] = [];
  describeWireFormat(
    {
      describe: (_name, body) => body(),
      it: (name, body) => {
        try {
          body();
        } catch {
          failed.push(name);
        }
      },
      expect: (value): Expectation => expect(value),
    },
    format,
    { path: '/v1/messages', issuer: 'anthropic', finishes: { 'content-filter': 'refusal' } },
  );
  return failed;
}
