import { describe, expect, it } from 'vitest';
import { createTestFramer, framesOf } from '../src/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (text: string, framing: 'sse' | 'ndjson' = 'sse') =>
  framesOf(framing, text).map(({ event, data }) => (event === undefined ? data : `${event}: ${data}`));

describe('the framer of server-sent events', () => {
  it.each(['\n', '\r\n', '\r'])('ends lines at %j', (end) => {
    const text = ['event: a', 'data: 1', 'data:2', '', ': comment', '', 'data: 3', '', ''].join(end);
    expect(shown(text)).toEqual(['a: 1\n2', '', '3']);
  });

  it('does not take U+2028 for a line end', () => expect(shown('data: a\u2028b\n\n')).toEqual(['a\u2028b']));

  it('gives the last event even where the blank line is missing', () => expect(shown('data: a')).toEqual(['a']));

  it('keeps the bytes of each frame', () => {
    const text = 'event: a\r\ndata: ż\r\n\r\n: c\n\ndata: 2\n\n';
    const raw = framesOf('sse', text).map((frame) => new TextDecoder().decode(frame.raw));
    expect(raw.join('')).toBe(text);
  });

  it('puts characters and CRLF together that arrive in pieces', () => {
    const framer = createTestFramer('sse');
    const frames = [...bytes('data: \u{1f600}\r\n\r\ndata: x\r\n\r\n')].flatMap((byte) =>
      framer.add(Uint8Array.of(byte)),
    );
    frames.push(...framer.end());
    expect(frames.map((frame) => frame.data)).toEqual(['\u{1f600}', 'x']);
  });
});

describe('the framer of NDJSON', () => {
  it('gives a frame a line, and the last one without its line end', () => {
    expect(shown('{"a":1}\n\n{"b":2}\r\n{"c":3}', 'ndjson')).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });
});
