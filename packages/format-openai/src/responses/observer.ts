import {
  asNumber,
  asObject,
  asString,
  bringsCallsAlone,
  createAnswerRecord,
  createFrameRepeater,
  type Finish,
  type FrameVerdict,
  isContentEvent,
  type JsonObject,
  type ObserveContext,
  outputSoFar,
  pieceText,
  type StreamEvent,
  type StreamObserver,
  streamObserver,
  type Usage,
} from '@signalbox/core';
import { createEventReader } from './event-reader.ts';
import { keptState } from './kept-state.ts';
import { createSequenceWatch, sequenceOf } from './sequence-watch.ts';
import { REPEATED, readFrame, streamCut } from './stream-decoder.ts';
import { completeUsage } from './usage.ts';

/** The end mark of Chat Completions, which some endpoints send here too. It says nothing. */
const DONE = '[DONE]';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
const CALL: FrameVerdict = { content: true, forward: true, call: true };
const LEAVE_OUT: FrameVerdict = { content: false, forward: false };

/** Events that belong to a call and bring nothing new. */
const CALL_EVENTS: ReadonlySet<string> = new Set([
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.custom_tool_call_input.delta',
  'response.custom_tool_call_input.done',
]);

/**
 * Follows a stream that goes to the caller byte by byte: one parse for each event, text joined on demand. There is no usage chunk
 * to hide in this format, and no end mark to add: the event that ends the answer is the answer's own.
 */
export function createObserver(context: ObserveContext): StreamObserver {
  const { provider, estimateUsage } = context;
  const reader = createEventReader(provider);
  const repeater = createFrameRepeater(REPEATED);
  const record = createAnswerRecord();
  let id: string | undefined;
  let model: string | undefined;
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  const hasLost = createSequenceWatch();
  const ids: string[] = [];
  const issued: string[] = [];
  let next = 0;
  let beforeCalls: number | undefined;

  function follow(event: StreamEvent): void {
    record.add(event);
    if (event.type === 'start') {
      id = event.id;
      model = event.model;
    } else if (event.type === 'finish') {
      const { type: _type, usage: total, extensions: _extensions, ...rest } = event;
      finish = rest;
      usage = total;
    }
  }

  /** The event that ends the answer, with the counts that it lacks. */
  function withCounts(type: string, event: JsonObject, verdict: FrameVerdict): FrameVerdict {
    const response = asObject(event.response);
    if (estimateUsage === undefined || response === undefined) return verdict;
    const whole = completeUsage(response, (known) => estimateUsage(known, outputSoFar(record)));
    if (whole === undefined) return verdict;
    return { ...verdict, forward: `event: ${type}\ndata: ${JSON.stringify({ ...event, response: whole })}\n\n` };
  }

  return streamObserver({
    observe(frame) {
      if (frame.data === '' || frame.data.trim() === DONE) return PASS;
      if (reader.finished) return LEAVE_OUT;
      const piece = repeater.next(frame);
      const counted = piece === undefined ? sequenceOf(frame.data) : repeater.count();
      // A text with a hole in it can't be gone on from.
      if (hasLost(counted)) record.addOther();
      if (piece !== undefined) {
        const number = counted ?? next;
        next = number + 1;
        reader.repeat(piece);
        follow(piece);
        if (piece.type === 'tool-call-delta') {
          beforeCalls ??= number;
          return CALL;
        }
        return pieceText(piece) === '' ? PASS : CONTENT;
      }
      const read = readFrame(frame, provider);
      // Clients throw on an event that is not JSON; the stream around it is good.
      if (read === undefined) return LEAVE_OUT;
      const events = reader.read(read.type, read.event);
      for (const event of events) {
        follow(event);
        issued.push(...keptState.issuedBy(event));
      }
      repeater.learn(frame, events);
      const number = asNumber(read.event.sequence_number) ?? next;
      const added = read.type === 'response.output_item.added' ? asString(asObject(read.event.item)?.id) : undefined;
      if (added !== undefined) ids[asNumber(read.event.output_index) ?? ids.length] = added;
      const isCall = bringsCallsAlone(events) || CALL_EVENTS.has(read.type);
      if (isCall) beforeCalls ??= number;
      next = number + 1;
      const verdict = isCall ? CALL : events.some(isContentEvent) ? CONTENT : PASS;
      return reader.finished ? withCounts(read.type, read.event, verdict) : verdict;
    },
    end() {
      if (!reader.finished) throw streamCut(provider);
      return '';
    },
    id: () => id,
    issued: () => issued,
    place: () => ({ ids, next, beforeCalls }),
    soFar: record,
    finish: () => finish,
    usage: () => usage,
    model: () => model,
  });
}
