import {
  asObject,
  createTextTemplate,
  type Finish,
  type FrameVerdict,
  type JsonObject,
  type StreamObserver,
} from '@signalbox/core';
import { readFrame, streamCut } from './stream-frame.ts';
import { createStreamMessage } from './stream-message.ts';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
const LEAVE_OUT: FrameVerdict = { content: false, forward: false };
/** Blocks that say nothing by their start alone. */
const SILENT_STARTS: ReadonlySet<unknown> = new Set(['text', 'thinking', 'redacted_thinking']);

/** Follows a stream that goes to the caller byte for byte. Malformed frames are left out, all others pass. */
export function createStreamObserver(context: { readonly provider: string }): StreamObserver {
  const { provider } = context;
  const message = createStreamMessage();
  const pieces: string[] = [];
  let calledTool = false;
  const template = createTextTemplate();
  let textOnly = true;
  let complete = false;

  function blockStart(data: JsonObject): FrameVerdict {
    const block = asObject(data.content_block);
    if (block?.type === 'tool_use') calledTool = true;
    if (block?.type === 'text') return text(block.text);
    return SILENT_STARTS.has(block?.type) ? PASS : otherContent();
  }

  function otherContent(): FrameVerdict {
    textOnly = false;
    return CONTENT;
  }

  function text(piece: unknown): FrameVerdict {
    if (typeof piece !== 'string' || piece === '') return PASS;
    pieces.push(piece);
    return CONTENT;
  }

  function blockDelta(data: JsonObject): FrameVerdict {
    const delta = asObject(data.delta);
    switch (delta?.type) {
      case 'text_delta':
        return text(delta.text);
      case 'thinking_delta':
        return delta.thinking === '' ? PASS : otherContent();
      case 'input_json_delta':
        return delta.partial_json === '' ? PASS : otherContent();
      default:
        return PASS;
    }
  }

  return {
    observe(frame) {
      if (frame.data === '') return PASS;
      // What comes after the end (a `[DONE]` of a foreign server) is not the answer's.
      if (complete) return LEAVE_OUT;
      // Most events differ from the one before in their text alone: they need no parser.
      const known = frame.event === 'content_block_delta' ? template.match(frame.data) : undefined;
      if (known !== undefined) return text(known);
      const event = readFrame(frame, provider);
      if (event === undefined) return LEAVE_OUT;
      switch (event.type) {
        case 'content_block_delta': {
          const delta = asObject(event.data.delta);
          if (delta?.type === 'text_delta' && typeof delta.text === 'string') template.learn(frame.data, delta.text);
          return blockDelta(event.data);
        }
        case 'content_block_start':
          return blockStart(event.data);
        case 'message_start':
          message.started(event.data);
          return PASS;
        case 'message_delta':
          message.changed(event.data);
          return PASS;
        case 'message_stop':
          complete = true;
          return PASS;
        default:
          return PASS;
      }
    },
    end() {
      if (!complete && !message.stopped) throw streamCut(provider);
      return '';
    },
    get finish(): Finish | undefined {
      return complete || message.stopped ? message.finish(calledTool) : undefined;
    },
    get usage() {
      return message.usage();
    },
    get model() {
      return message.model;
    },
    get textOnly() {
      return textOnly && !calledTool;
    },
    get text() {
      return pieces.join('');
    },
  };
}
