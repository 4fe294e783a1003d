import { createAnswerRecord, outputSoFar } from './answer-so-far.ts';
import type { Finish } from './finish.ts';
import type { JsonValue } from './json.ts';
import { createFrameRepeater, pieceText, type RepeatedFrames } from './repeated-events.ts';
import { bringsCallsAlone, isContentEvent, type StreamEvent } from './stream-event.ts';
import type { StreamObserver } from './stream-observer.ts';
import type { Usage } from './usage.ts';

/** What has been seen of a stream. */
export interface Observed {
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  /** All that was generated. */
  output(): string;
}

/** How a format's stream is followed. Made per stream. */
export interface EventSource<Value extends JsonValue> extends RepeatedFrames {
  /** What a frame holds; undefined where clients could not read it: it is left out. */
  parse(data: string): Value | undefined;
  /** Throws ProviderError on an error. */
  decode(value: Value): readonly StreamEvent[];
  /** Throws ProviderError `stream-cut`. */
  end(): readonly StreamEvent[];
  /** The frame as it has to go on; undefined: as it came. */
  corrected?(value: Value, seen: Observed): string | undefined;
  /** Counts that the caller still lacks at the end. */
  due?(seen: Observed): { readonly text: string; readonly usage: Usage } | undefined;
}

/** Follows a stream that is passed on as it comes, by the events of its decoder: for formats whose frames say everything in one form. */
export function createEventObserver<Value extends JsonValue>(source: EventSource<Value>): StreamObserver {
  const repeater = createFrameRepeater(source);
  const record = createAnswerRecord();
  let finish: Finish | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;
  const seen: Observed = {
    get usage() {
      return usage;
    },
    get model() {
      return model;
    },
    output: () => outputSoFar(record),
  };

  /** Returns whether any of the events brings content. */
  function follow(events: readonly StreamEvent[]): boolean {
    let content = false;
    for (const event of events) {
      if (isContentEvent(event)) content = true;
      record.add(event);
      if (event.type === 'start') model = event.model;
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
      if (piece !== undefined) {
        record.add(piece);
        return { content: pieceText(piece) !== '', forward: true };
      }
      const value = source.parse(frame.data);
      if (value === undefined) return { content: false, forward: false };
      const events = source.decode(value);
      const content = follow(events);
      const corrected = source.corrected?.(value, seen);
      // A frame like one that was put right has to be looked at as well.
      repeater.learn(frame, corrected === undefined ? events : []);
      return { content, forward: corrected ?? true, call: bringsCallsAlone(events) || undefined };
    },
    end() {
      follow(source.end());
      const due = source.due?.(seen);
      if (due === undefined) return '';
      usage = due.usage;
      return due.text;
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
    soFar: record,
    get text() {
      return record.text;
    },
  };
}
