import type { WireFrame } from '@signalbox/core';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { createFrameSplitter } from './frame-splitter.ts';

/** Turns bytes of a stream into frames, keeping each frame's own bytes. Made per stream. */
export interface Framer {
  push(chunk: Uint8Array): readonly WireFrame[];
  /** A frame that the body's end completes, if there is one. */
  end(): readonly WireFrame[];
}

/** A framer for one stream. `provider` is named in errors. */
export function createFramer(framing: 'sse' | 'ndjson', provider: string): Framer {
  const splitter = createFrameSplitter(framing, provider);
  const read = framing === 'sse' ? createEventReader() : readLine;
  return {
    push: (chunk) => splitter.push(chunk).map((raw) => read(raw)),
    end() {
      const raw = splitter.rest();
      return raw.length === 0 ? [] : [read(raw, BLANK_LINE)];
    },
  };
}

/** The last event of a body may come without the blank line that completes it. */
const BLANK_LINE = '\n\n';

function readLine(raw: Uint8Array): WireFrame {
  // A frame is whole, so no character is split over two of them.
  return { raw, data: new TextDecoder().decode(raw).trim() };
}

function createEventReader(): (raw: Uint8Array, ending?: string) => WireFrame {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => messages.push(event) });
  let begun = false;
  return (raw, ending = '') => {
    // A frame is whole, so no character is split over two of them. Buffer's decoder is the quickest for short texts.
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
    // The first frame is the parser's: it knows of a byte order mark, which counts at the beginning of a stream only.
    const plain = begun && ending === '' ? readPlain(raw, text) : undefined;
    begun = true;
    if (plain !== undefined) return plain;
    parser.feed(text + ending);
    const message = messages.pop();
    return { raw, event: message?.event, data: message?.data ?? '' };
  };
}

const EVENT = 'event: ';
const DATA = 'data: ';

/**
 * The event that nearly all streams consist of: one `data` line, at most one `event` line before it, LF for a line end. Anything else is left to
 * the parser.
 */
function readPlain(raw: Uint8Array, text: string): WireFrame | undefined {
  let start = 0;
  let event: string | undefined;
  if (text.startsWith(EVENT)) {
    const end = text.indexOf('\n');
    event = text.slice(EVENT.length, end);
    start = end + 1;
  }
  if (event === '' || !text.startsWith(DATA, start)) return undefined;
  const end = text.indexOf('\n', start);
  // The blank line must follow at once, and no CR may hide a line end.
  if (end !== text.length - 2 || text.includes('\r')) return undefined;
  return { raw, event, data: text.slice(start + DATA.length, end) };
}
