import {
  asNumber,
  asObject,
  asString,
  createAnswerRecord,
  createTextTemplate,
  type Finish,
  type FrameVerdict,
  type JsonObject,
  type ObserveContext,
  outputSoFar,
  type StreamObserver,
  streamObserver,
} from '@signalbox/core';
import { readFrame, streamCut } from './stream-frame.ts';
import { createStreamMessage } from './stream-message.ts';
import { completeOutput, completeUsage } from './usage.ts';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
const CALL: FrameVerdict = { content: true, forward: true, call: true };
const LEAVE_OUT: FrameVerdict = { content: false, forward: false };
/** Blocks that say nothing by their start alone. */
const SILENT_STARTS: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking']);

/** Follows a stream that goes to the caller byte for byte. Malformed frames are left out, all others pass. */
export function createStreamObserver(context: ObserveContext): StreamObserver {
  const { provider, estimateUsage } = context;
  const message = createStreamMessage();
  const record = createAnswerRecord();
  let calledTool = false;
  const template = createTextTemplate();
  let complete = false;
  let knownIndex = 0;

  function blockStart(data: JsonObject): FrameVerdict {
    const block = asObject(data.content_block);
    const index = asNumber(data.index) ?? 0;
    if (block?.type === 'tool_use') {
      calledTool = true;
      record.startCall(index, { id: asString(block.id) ?? '', name: asString(block.name) ?? '' });
      return CALL;
    }
    if (block?.type === 'text') return text(block.text, index);
    if (SILENT_STARTS.has(block?.type)) {
      record.addReasoning('', index);
      return PASS;
    }
    record.addOther();
    return CONTENT;
  }

  function text(piece: unknown, index: number): FrameVerdict {
    if (typeof piece !== 'string' || piece === '') return PASS;
    record.addText(piece, index);
    return CONTENT;
  }

  function blockDelta(data: JsonObject): FrameVerdict {
    const delta = asObject(data.delta);
    const index = asNumber(data.index) ?? 0;
    switch (delta?.type) {
      case 'text_delta':
        return text(delta.text, index);
      case 'thinking_delta':
        if (delta.thinking === '') return PASS;
        record.addReasoning(asString(delta.thinking) ?? '', index);
        return CONTENT;
      case 'input_json_delta':
        if (delta.partial_json === '') return PASS;
        record.addArguments(index, asString(delta.partial_json) ?? '');
        return record.hasCall(index) ? CALL : CONTENT;
      default:
        return PASS;
    }
  }

  /** A frame that tells counts, with those that it lacks. */
  function withCounts(type: string, data: JsonObject): FrameVerdict {
    if (estimateUsage === undefined) return PASS;
    if (type === 'message_start') {
      const whole = completeUsage(asObject(data.message) ?? {}, (known) => estimateUsage(known, ''));
      return whole === undefined ? PASS : replaced(type, { ...data, message: whole });
    }
    const output = () => estimateUsage(message.usage(), outputSoFar(record)).outputTokens;
    const usage = completeOutput(data.usage, output);
    return usage === undefined ? PASS : replaced(type, { ...data, usage });
  }

  return streamObserver({
    observe(frame) {
      if (frame.data === '') return PASS;
      // What comes after the end (a `[DONE]` of a foreign server) is not the answer's.
      if (complete) return LEAVE_OUT;
      // Most events differ from the one before in their text alone: they need no parser.
      const known = frame.event === 'content_block_delta' ? template.match(frame.data) : undefined;
      if (known !== undefined) return text(known, knownIndex);
      const event = readFrame(frame, provider);
      if (event === undefined) return LEAVE_OUT;
      switch (event.type) {
        case 'content_block_delta': {
          const delta = asObject(event.data.delta);
          if (delta?.type === 'text_delta' && typeof delta.text === 'string') {
            template.learn(frame.data, delta.text);
            knownIndex = asNumber(event.data.index) ?? 0;
          }
          return blockDelta(event.data);
        }
        case 'content_block_start':
          return blockStart(event.data);
        case 'message_start':
          message.started(event.data);
          return withCounts(event.type, event.data);
        case 'message_delta':
          message.changed(event.data);
          return withCounts(event.type, event.data);
        case 'message_stop':
          complete = true;
          return PASS;
        default:
          return PASS;
      }
    },
    skim(piece, from, head, event) {
      if (complete || event !== 'content_block_delta') return from;
      return template.run(piece, from, head, (piece) => record.addText(piece, knownIndex));
    },
    end() {
      if (!complete && !message.stopped()) throw streamCut(provider);
      return '';
    },
    finish: (): Finish | undefined => (complete || message.stopped() ? message.finish(calledTool) : undefined),
    usage: () => message.usage(),
    model: () => message.model(),
    soFar: record,
  });
}

function replaced(type: string, data: JsonObject): FrameVerdict {
  return { content: false, forward: `event: ${type}\ndata: ${JSON.stringify(data)}\n\n` };
}
