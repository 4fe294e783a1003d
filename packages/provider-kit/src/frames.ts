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
  const decoder = new TextDecoder();
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => messages.push(event) });
  return (raw, ending = '') => {
    parser.feed(decoder.decode(raw) + ending);
    const message = messages.pop();
    return { raw, event: message?.event, data: message?.data ?? '' };
  };
}
