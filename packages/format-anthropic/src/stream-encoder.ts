import {
  asObject,
  type FinishEvent,
  restatedEvent,
  type ServerContext,
  type StartEvent,
  type StreamEncoder,
  type Usage,
} from '@signalbox/core';
import { createBlockWriter } from './block-writer.ts';
import { errorBody } from './encode-error.ts';
import { ownFields } from './extensions.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { sseEvent } from './sse-event.ts';
import { encodeUsage } from './usage.ts';

/**
 * Writes one stream of `POST /messages`: `message_start`, blocks that never overlap, `message_delta`, `message_stop`.
 * `message_start` waits for the first event after `start`, so that it can hold the input's usage where that is known; else it holds an estimate.
 */
export function createStreamEncoder(context: ServerContext): StreamEncoder {
  const blocks = createBlockWriter(context.createId);
  let start: StartEvent | undefined;
  let usage: Usage | undefined;
  let begun = false;
  let done = false;

  function begin(): string {
    if (begun) return '';
    begun = true;
    return sseEvent('message_start', {
      message: {
        id: start?.id ?? context.createId(),
        type: 'message',
        role: 'assistant',
        model: start?.model ?? context.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage(usage ?? expectedUsage(), undefined),
      },
    });
  }

  /** Some clients read the input's tokens here and nowhere else; `message_delta` says what was counted. */
  function expectedUsage(): Usage | undefined {
    const { inputTokens } = context;
    return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0, provenance: 'estimated' };
  }

  function finish(event: FinishEvent): string {
    const {
      usage: ownUsage,
      stop_reason: ownReason,
      context_management: contextManagement,
      ...own
    } = ownFields(event.extensions) ?? {};
    done = true;
    const rest = blocks.end();
    return (
      rest +
      sseEvent('message_delta', {
        delta: { ...encodeFinish(event, blocks.calledTool, ownReason), ...own },
        usage: encodeUsage(event.usage ?? usage, asObject(ownUsage)),
        ...(contextManagement === undefined ? {} : { context_management: contextManagement }),
      }) +
      sseEvent('message_stop', {})
    );
  }

  return {
    encode(event) {
      if (done) return '';
      switch (event.type) {
        case 'start':
          start = event;
          return '';
        case 'usage-update':
          usage = event.usage;
          return start === undefined ? '' : begin();
        case 'answer-continued':
        case 'other-answer':
          // There is one answer to a request of this format.
          return '';
        case 'finish':
          usage = event.usage ?? usage;
          return begin() + finish(event);
        case 'opaque-part':
          return begin() + blocks.write(restatedEvent(event, FORMAT_ID));
        default:
          return begin() + blocks.write(event);
      }
    },
    error(error) {
      if (done) return '';
      done = true;
      const { type: _type, ...body } = errorBody(error);
      return sseEvent('error', body);
    },
  };
}
