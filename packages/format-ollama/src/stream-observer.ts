import {
  bringsCallsAlone,
  createAnswerRecord,
  createFrameRepeater,
  type Finish,
  isContentEvent,
  isJsonObject,
  type ObserveContext,
  outputSoFar,
  parseJson,
  pieceText,
  type StreamEvent,
  type StreamObserver,
  type Usage,
} from '@signalbox/core';
import { completeUsage } from './counts.ts';
import { createLineDecoder, VARYING } from './stream-decoder.ts';

/** Follows a stream that is passed on as it comes. */
export function observe(context: ObserveContext): StreamObserver {
  const { estimateUsage } = context;
  const lines = createLineDecoder(context.provider);
  const repeater = createFrameRepeater({ varying: VARYING });
  const record = createAnswerRecord();
  let finish: Finish | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;

  /** Returns whether any of the events brings content. */
  function follow(events: readonly StreamEvent[]): boolean {
    let content = false;
    for (const event of events) {
      if (isContentEvent(event)) content = true;
      record.add(event);
      if (event.type === 'start') model = event.model;
      else if (event.type === 'finish') {
        const { type: _type, usage: total, extensions: _extensions, ...rest } = event;
        finish = rest;
        usage = total;
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
      const line = parseJson(frame.data);
      // Clients stop at a line that they can't read: it is left out.
      if (!isJsonObject(line)) return { content: false, forward: false };
      const events = lines.decode(line);
      repeater.learn(frame, events);
      const verdict = { content: follow(events), forward: true, call: bringsCallsAlone(events) || undefined } as const;
      if (line.done !== true || estimateUsage === undefined) return verdict;
      const whole = completeUsage(line, (known) => estimateUsage(known, outputSoFar(record)));
      return whole === undefined ? verdict : { ...verdict, forward: `${JSON.stringify(whole)}\n` };
    },
    end() {
      lines.end();
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
    soFar: record,
    get text() {
      return record.text;
    },
  };
}
