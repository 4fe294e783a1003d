import {
  createFrameRepeater,
  type Finish,
  isContentEvent,
  type StreamEvent,
  type StreamObserver,
  type Usage,
} from '@signalbox/core';
import { createChunkDecoder } from './chunk-decoder.ts';
import { parseFrame, VARYING } from './stream-decoder.ts';

/** Follows a stream that is passed on as it comes. */
export function observe(context: { readonly provider: string }): StreamObserver {
  const chunks = createChunkDecoder(context.provider);
  const repeater = createFrameRepeater({ varying: VARYING, withUsage: true });
  const texts: string[] = [];
  let textOnly = true;
  let finish: Finish | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;

  /** Returns whether any of the events brings content. */
  function follow(events: readonly StreamEvent[]): boolean {
    let content = false;
    for (const event of events) {
      if (isContentEvent(event)) {
        content = true;
        if (event.type !== 'text-delta') textOnly = false;
      }
      if (event.type === 'start') model = event.model;
      else if (event.type === 'text-delta') texts.push(event.text);
      else if (event.type === 'usage-update') usage = event.usage;
      else if (event.type === 'finish') {
        const { type: _type, usage: total, extensions: _extensions, ...rest } = event;
        finish = rest;
        usage = total ?? usage;
      }
    }
    return content;
  }

  return {
    observe(frame) {
      if (frame.data === '') return { content: false, forward: true };
      const piece = repeater.next(frame);
      if (piece !== undefined) return { content: follow([piece]), forward: true };
      const chunk = parseFrame(frame.data);
      if (chunk === undefined) return { content: false, forward: false };
      const events = chunks.decode(chunk);
      repeater.learn(frame, events);
      return { content: follow(events), forward: true };
    },
    end() {
      follow(chunks.end());
      return '';
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
    get textOnly() {
      return textOnly;
    },
    get text() {
      return texts.join('');
    },
  };
}
