import {
  createFrameRepeater,
  type Finish,
  type FrameVerdict,
  isContentEvent,
  pieceText,
  type StreamEvent,
  type StreamObserver,
  type Usage,
} from '@signalbox/core';
import { createEventReader } from './event-reader.ts';
import { DONE, readFrame, streamCut, VARYING } from './stream-decoder.ts';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
const LEAVE_OUT: FrameVerdict = { content: false, forward: false };

/**
 * Follows a stream that goes to the caller byte by byte: one parse for each event, text joined on demand. There is no usage chunk
 * to hide in this format, and no end mark to add: the event that ends the answer is the answer's own.
 */
export function createObserver(context: { readonly provider: string }): StreamObserver {
  const { provider } = context;
  const reader = createEventReader(provider);
  const repeater = createFrameRepeater({ varying: VARYING });
  let pieces: string[] = [];
  let id: string | undefined;
  let model: string | undefined;
  let textOnly = true;
  let usage: Usage | undefined;
  let finish: Finish | undefined;

  function follow(event: StreamEvent): void {
    if (isContentEvent(event) && (event.type !== 'text-delta' || event.refusal === true)) textOnly = false;
    if (event.type === 'text-delta') pieces.push(event.text);
    else if (event.type === 'start') {
      id = event.id;
      model = event.model;
    } else if (event.type === 'finish') {
      const { type: _type, usage: total, extensions: _extensions, ...rest } = event;
      finish = rest;
      usage = total;
    }
  }

  return {
    observe(frame) {
      if (frame.data === '' || frame.data.trim() === DONE) return PASS;
      if (reader.finished) return LEAVE_OUT;
      const piece = repeater.next(frame);
      if (piece !== undefined) {
        reader.repeat(piece);
        follow(piece);
        return pieceText(piece) === '' ? PASS : CONTENT;
      }
      const read = readFrame(frame, provider);
      // Clients throw on an event that is not JSON; the stream around it is good.
      if (read === undefined) return LEAVE_OUT;
      const events = reader.read(read.type, read.event);
      for (const event of events) follow(event);
      repeater.learn(frame, events);
      return events.some(isContentEvent) ? CONTENT : PASS;
    },
    end() {
      if (!reader.finished) throw streamCut(provider);
      return '';
    },
    get id() {
      return id;
    },
    get textOnly() {
      return textOnly;
    },
    get finish() {
      return finish;
    },
    get usage() {
      return usage;
    },
    get model() {
      return model;
    },
    get text() {
      if (pieces.length > 1) pieces = [pieces.join('')];
      return pieces[0] ?? '';
    },
  };
}
