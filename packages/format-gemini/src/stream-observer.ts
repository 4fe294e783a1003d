import {
  asObject,
  bringsCallsAlone,
  createAnswerRecord,
  createFrameRepeater,
  type Finish,
  isContentEvent,
  isJsonObject,
  type JsonObject,
  type ObserveContext,
  outputSoFar,
  pieceText,
  type StreamEvent,
  type StreamObserver,
  type Usage,
} from '@signalbox/core';
import { createChunkDecoder } from './chunk-decoder.ts';
import { parseFrame, VARYING } from './stream-decoder.ts';
import { isSound, writeUsage } from './usage-metadata.ts';

/** Follows a stream that is passed on as it comes. */
export function observe(context: ObserveContext): StreamObserver {
  const { estimateUsage } = context;
  const chunks = createChunkDecoder(context.provider);
  const repeater = createFrameRepeater({ varying: VARYING, withUsage: true });
  const record = createAnswerRecord();
  let finish: Finish | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;
  let hasUsage = false;

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
      const chunk = parseFrame(frame.data);
      if (chunk === undefined) return { content: false, forward: false };
      const events = chunks.decode(chunk);
      const verdict = { content: follow(events), forward: true, call: bringsCallsAlone(events) || undefined } as const;
      const counts = isJsonObject(chunk) ? asObject(chunk.usageMetadata) : undefined;
      if (counts !== undefined && estimateUsage !== undefined && !isSound(counts)) {
        // The counts of the next chunk are looked at too.
        repeater.learn(frame, []);
        return { ...verdict, forward: framed({ ...asObject(chunk), usageMetadata: undefined }) };
      }
      if (counts !== undefined && estimateUsage !== undefined) hasUsage = true;
      repeater.learn(frame, events);
      return verdict;
    },
    end() {
      follow(chunks.end());
      if (hasUsage || estimateUsage === undefined) return '';
      usage = estimateUsage(usage, outputSoFar(record));
      return framed({ usageMetadata: writeUsage(usage), modelVersion: model });
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

function framed(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}
