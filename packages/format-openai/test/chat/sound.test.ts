import type { ModelResponse, Part, StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const { client, server } = openaiChat;
const context = { model: 'm', createId: () => 'id', now: () => 0 };

function sent(mediaType: string, data: string) {
  const sound: Part = { type: 'audio', source: { kind: 'base64', mediaType, data } };
  const { body, notes } = client.encodeRequest(
    { system: [], messages: [{ role: 'user', parts: [sound] }] },
    { model: 'm', provider: 'openai', stream: false, quirks: {} },
  );
  const { messages } = body as { messages: { content: { input_audio: { data: string; format: string } }[] }[] };
  return {
    ...messages[0]?.content[0]?.input_audio,
    notes: notes.map(({ action, field }) => `${action} ${field}`),
  };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** The chunks of a RIFF file by their names. */
function chunksOf(file: Buffer): Map<string, Buffer> {
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.toString('latin1', 8, 12)).toBe('WAVE');
  const chunks = new Map<string, Buffer>();
  for (let at = 12; at < file.length; ) {
    const size = file.readUInt32LE(at + 4);
    chunks.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return chunks;
}

describe('raw samples, as Google has them', () => {
  test('are sent as a WAV file that holds each of them, and the note says so', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 96_000 }), (samples, rate) => {
        const { data = '', format, notes } = sent(`audio/L16;codec=pcm;rate=${rate}`, base64(samples));
        const chunks = chunksOf(Buffer.from(data, 'base64'));
        const head = chunks.get('fmt ');
        expect(format).toBe('wav');
        expect(chunks.get('data')?.equals(samples)).toBe(true);
        expect([head?.readUInt16LE(0), head?.readUInt16LE(2), head?.readUInt32LE(4)]).toEqual([1, 1, rate]);
        expect([head?.readUInt32LE(8), head?.readUInt16LE(12), head?.readUInt16LE(14)]).toEqual([rate * 2, 2, 16]);
        expect(notes).toEqual(['mapped messages[0].parts[0].source']);
      }),
    );
  });

  test('take the rate and the channels that are named, and Google’s own where none are', () => {
    const headOf = (mediaType: string) => {
      const head = chunksOf(Buffer.from(sent(mediaType, 'AAAA').data ?? '', 'base64')).get('fmt ');
      return [head?.readUInt32LE(4), head?.readUInt16LE(2)];
    };
    expect(headOf('audio/pcm')).toEqual([24_000, 1]);
    expect(headOf('audio/pcm; rate=16000; channels=2')).toEqual([16_000, 2]);
  });
});

test.each([
  ['audio/wav', 'wav', []],
  ['audio/x-wav', 'wav', []],
  ['audio/mpeg', 'mp3', []],
  ['audio/ogg; codecs=opus', 'ogg', ['approximated messages[0].parts[0].source']],
  ['audio/flac', 'flac', ['approximated messages[0].parts[0].source']],
])('%s is sent as %s', (mediaType, format, notes) => {
  expect(sent(mediaType, 'AAAA')).toEqual({ data: 'AAAA', format, notes });
});

test('an answer in raw samples is a WAV file as a whole, and raw samples in a stream, as OpenAI has it', () => {
  const value = { type: 'audio', source: { kind: 'base64', mediaType: 'audio/L16;rate=24000', data: 'AAAB' } };
  const part = { type: 'opaque', format: 'canonical', value } as const;
  const response: ModelResponse = { parts: [part], finish: { reason: 'stop' } };
  const whole = JSON.stringify(server.encodeResponse(response, context));
  expect(whole).toMatch(/"data":"UklGR[^"]*AAAB"/);
  const event: StreamEvent = { type: 'opaque-part', index: 0, part };
  expect(server.createStreamEncoder(context).encode(event)).toContain('"data":"AAAB"');
});
