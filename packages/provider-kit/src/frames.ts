import type { FrameVisitor, WireFrame } from '@signalbox/core';
import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';
import { createFrameSplitter } from './frame-splitter.ts';
import { readPlainEvents, readPlainLines } from './plain-frames.ts';

/** Turns bytes of a stream into frames, keeping each frame's own bytes. Made per stream. */
export interface Framer {
  push(chunk: Uint8Array): readonly WireFrame[];
  /** The same, frame by frame: what came before one that can't be read has been shown when this throws. */
  visit(chunk: Uint8Array, visitor: FrameVisitor): void;
  /** A frame that the body's end completes, if there is one. */
  end(): readonly WireFrame[];
}

/** A framer for one stream. `provider` is named in errors. */
export function createFramer(framing: 'sse' | 'ndjson', provider: string): Framer {
  // A first frame behind a byte order mark is the parser's, which knows of such a thing.
  let begun = false;
  const splitter = createFrameSplitter(framing, provider);
  const read = framing === 'sse' ? createEventReader(() => !begun) : readLine;
  const readPlain = framing === 'sse' ? readPlainEvents : readPlainLines;

  function readAny(bytes: Uint8Array, visitor: FrameVisitor): number {
    const raws = splitter.push(bytes);
    for (const raw of raws) visitor.frame(read(raw));
    return raws.length;
  }

  function visit(chunk: Uint8Array, visitor: FrameVisitor): void {
    if (!begun && chunk.length > 0 && splitter.isBetween()) begun = chunk[0] !== BYTE_ORDER_MARK;
    // Up to the end of the frame that the piece before began; that of the first one behind a byte order mark.
    const whole = begun && splitter.isBetween() ? 0 : endOfFrame(chunk, framing);
    if (whole > 0 && readAny(whole === chunk.length ? chunk : chunk.subarray(0, whole), visitor) > 0) begun = true;
    if (whole === chunk.length) return;
    const remaining = whole === 0 ? chunk : chunk.subarray(whole);
    const rest = begun && splitter.isBetween() ? readPlain(remaining, visitor) : 0;
    if (rest < remaining.length) readAny(rest === 0 ? remaining : remaining.subarray(rest), visitor);
  }

  return {
    visit,
    push(chunk) {
      const frames: WireFrame[] = [];
      visit(chunk, { frame: (frame) => frames.push(frame) });
      return frames;
    },
    end() {
      const raw = splitter.rest();
      return raw.length === 0 ? [] : [read(raw, BLANK_LINE)];
    },
  };
}

/** Where a piece's first frame ends, as far as line feeds tell; the end of the piece where none does. */
function endOfFrame(chunk: Uint8Array, framing: 'sse' | 'ndjson'): number {
  for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, end + 1)) {
    if (framing === 'ndjson') return end + 1;
    if (chunk[end + 1] === LINE_FEED) return end + 2;
    if (chunk[end + 1] === CARRIAGE_RETURN && chunk[end + 2] === LINE_FEED) return end + 3;
  }
  return chunk.length;
}

/** The first byte of the mark; no field of an event and no JSON begins with it. */
const BYTE_ORDER_MARK = 0xef;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The last event of a body may come without the blank line that completes it. */
const BLANK_LINE = '\n\n';

function readLine(raw: Uint8Array): WireFrame {
  // A frame is whole, so no character is split over two of them.
  return { raw, data: new TextDecoder().decode(raw).trim() };
}

function createEventReader(isBeginning: () => boolean): (raw: Uint8Array, ending?: string) => WireFrame {
  const messages: EventSourceMessage[] = [];
  let parser: EventSourceParser | undefined;
  return (raw, ending = '') => {
    if (parser === undefined) {
      parser = createParser({ onEvent: (event) => messages.push(event) });
      // The mark counts at the beginning of a stream only; whoever is asked later must not look for it.
      if (!isBeginning()) parser.feed('\n');
    }
    // A frame is whole, so no character is split over two of them. Buffer's decoder is the quickest for short texts.
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
    parser.feed(text + ending);
    const message = messages.pop();
    return { raw, event: message?.event, data: message?.data ?? '' };
  };
}
