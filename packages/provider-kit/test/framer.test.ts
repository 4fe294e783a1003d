import type { ProviderError } from '@signalbox/core';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFramer, MAX_FRAME_BYTES } from '../src/index.ts';

const encoder = new TextEncoder();

function frame(text: string, framing: 'sse' | 'ndjson' = 'sse', pieceSize = Number.POSITIVE_INFINITY) {
  const bytes = encoder.encode(text);
  const framer = createFramer(framing, 'acme');
  const frames = [];
  for (let start = 0; start < bytes.length; start += pieceSize) {
    frames.push(...framer.push(bytes.subarray(start, Math.min(bytes.length, start + pieceSize))));
  }
  frames.push(...framer.end());
  return frames;
}

const read = (frames: ReturnType<typeof frame>) => frames.map(({ event, data }) => ({ event, data }));

describe('server-sent events', () => {
  it('become one frame each, with event name and joined data lines', () => {
    expect(read(frame('event: ping\ndata: {"a":1}\n\ndata:b\ndata: c\n\n'))).toEqual([
      { event: 'ping', data: '{"a":1}' },
      { event: undefined, data: 'b\nc' },
    ]);
  });

  it('keep their own bytes, so that all frames together are the body', () => {
    const body = ': comment\r\n\r\nevent: x\r\ndata: 1\r\n\r\ndata: 2\n\ndata: 3';
    const raw = Buffer.concat(frame(body).map((one) => one.raw)).toString();
    expect(raw).toBe(body);
  });

  it('may end in LF, CRLF or CR', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(read(frame(`data: 1${end}${end}data: 2${end}${end}`)).map((one) => one.data)).toEqual(['1', '2']);
    }
  });

  it('count although the last one comes without its blank line', () => {
    expect(read(frame('data: 1\n\ndata: last'))).toEqual([
      { event: undefined, data: '1' },
      { event: undefined, data: 'last' },
    ]);
  });

  it('are frames without data when they are comments', () => {
    expect(read(frame(': keepalive\n\n'))).toEqual([{ event: undefined, data: '' }]);
  });

  it('are the same however the body is cut into pieces', () => {
    const line = fc.constantFrom(
      'data: ä€😀',
      'data: {"x":"y"}',
      'event: delta',
      ': note',
      'id: 7',
      'data:',
      'nonsense',
    );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const body = fc
      .tuple(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 8 }), end)
      .map(([events, separator]) => events.map((lines) => [...lines, '', ''].join(separator)).join(''));
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 9 }), (text, pieceSize) => {
        const whole = frame(text).filter((one) => one.data !== '');
        const cut = frame(text, 'sse', pieceSize).filter((one) => one.data !== '');
        expect(read(cut)).toEqual(read(whole));
        expect(Buffer.concat(frame(text, 'sse', pieceSize).map((one) => one.raw)).toString()).toBe(text);
      }),
    );
  });
});

describe('an event of the usual form', () => {
  it('is read as the parser would', () => {
    const field = fc.constantFrom(
      'data: {"a":"ä"}',
      'data: ',
      'data:x',
      'event: delta',
      'event: ',
      'event:x',
      ': note',
      'id: 7',
      'data:  two blanks',
      '\uFEFFdata: bom',
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const text = `${lines.join(end)}${end}${end}`;
        const expected: { event: string | undefined; data: string }[] = [];
        const parser = createParser({ onEvent: ({ event, data }) => expected.push({ event, data }) });
        parser.feed('data: first\n\n');
        parser.feed(text);
        const [, ...frames] = read(frame(`data: first\n\n${text}`)).filter((one) => one.data !== '');
        expect(frames).toEqual(expected.slice(1).filter((one) => one.data !== ''));
      }),
    );
  });
});

describe('many events in one piece', () => {
  const data = fc.constantFrom('{"a":1}', '{"a":"ä€😀"}', '{}', 'x\uFEFFy', 'null');
  const name = fc.constantFrom('delta', 'ping', 'größe', undefined);
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const events = fc.array(fc.record({ name, data, end, odd: fc.integer({ min: 0, max: 9 }) }), { maxLength: 40 });
  const written = events.map((list) =>
    list
      .map(({ name: event, data: text, end: line, odd }) => {
        const lines = [...(event === undefined ? [] : [`event: ${event}`]), `data: ${text}`];
        if (odd === 0) lines.unshift(': note');
        if (odd === 1) lines.push('data: more');
        if (odd === 2) lines.push('');
        return `${lines.join(line)}${line}${odd === 3 ? '\n' : line}`;
      })
      .join(''),
  );

  it('are those that come byte by byte, and keep their bytes', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 10, max: 400 }), (text, pieceSize) => {
        const single = frame(text, 'sse', 1).filter((one) => one.data !== '');
        for (const size of [pieceSize, Number.POSITIVE_INFINITY]) {
          const frames = frame(text, 'sse', size);
          expect(read(frames.filter((one) => one.data !== ''))).toEqual(read(single));
          expect(Buffer.concat(frames.map((one) => one.raw)).toString()).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are decoded like any other where their bytes are no UTF-8', () => {
    const bytes = Buffer.concat(
      ['data: 1\n\ndata: a', [0xff, 0xc3], 'b\n\ndata: 2\n\n'].map((part) => Buffer.from(part as string)),
    );
    const framer = createFramer('sse', 'acme');
    expect(framer.push(bytes).map((one) => one.data)).toEqual(['1', 'a\uFFFD\uFFFDb', '2']);
  });

  it('may be lines of JSON', () => {
    fc.assert(
      fc.property(
        fc.array(data, { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 30 }),
        (lines, line, size) => {
          const text = lines.map((one) => one + line).join('');
          const whole = frame(text, 'ndjson');
          expect(whole.map((one) => one.data)).toEqual(lines);
          expect(read(frame(text, 'ndjson', size))).toEqual(read(whole));
          expect(Buffer.concat(whole.map((one) => one.raw)).toString()).toBe(text);
        },
      ),
    );
  });
});

describe('newline-delimited JSON', () => {
  it('is one frame a line, the last one with or without its line end', () => {
    expect(frame('{"a":1}\r\n{"b":2}\n{"c":3}', 'ndjson', 2).map((one) => one.data)).toEqual([
      '{"a":1}',
      '{"b":2}',
      '{"c":3}',
    ]);
  });
});

it('a line without end is an invalid response, not a full memory', () => {
  const framer = createFramer('sse', 'acme');
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  const pushAll = () => {
    for (let size = 0; size <= MAX_FRAME_BYTES; size += piece.length) framer.push(piece);
  };
  expect(pushAll).toThrow(expect.objectContaining({ kind: 'invalid-response', provider: 'acme' }) as ProviderError);
});
