import {
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ProviderError,
  parseJson,
  readTokenLogprobs,
  type StreamDecoder,
  type StreamEvent,
  withFrameRepeater,
} from '@signalbox/core';
import { addOwnFields, ownExtensions, readCreatedAt } from './answer-fields.ts';
import { type AnswerPart, readMessage } from './answer-message.ts';
import { readCounts } from './counts.ts';
import { answerError } from './decode-error.ts';
import { readDoneReason } from './done-reason.ts';

/** Each line has its own moment. */
export const VARYING: readonly string[] = ['created_at'];

/** Turns the lines of one answer, parsed, into events. */
export interface LineDecoder {
  /** Throws ProviderError where the line is an error. */
  decode(line: JsonValue): readonly StreamEvent[];
  /** Throws ProviderError `stream-cut` where the line with `done: true` is missing. */
  end(): readonly StreamEvent[];
}

export function createLineDecoder(provider: string): LineDecoder {
  const own: JsonObject = {};
  let started = false;
  let finished = false;
  let calls = 0;
  let next = 0;
  // The kind of part that the next line may go on with.
  let open: 'text' | 'reasoning' | undefined;
  let lastText: number | undefined;

  /** The index of a piece: the open part's where it goes on with it. */
  function place(kind: 'text' | 'reasoning'): number {
    if (kind !== open) next += 1;
    open = kind;
    return next - 1;
  }

  function placeWhole(): number {
    open = undefined;
    next += 1;
    return next - 1;
  }

  // No generator: V8 makes a shape of its own for each closure that is one, which holds the stream until the next full collection.
  function addPart(part: AnswerPart, to: StreamEvent[]): void {
    switch (part.type) {
      case 'text':
        lastText = place('text');
        to.push({ type: 'text-delta', index: lastText, text: part.text });
        break;
      case 'reasoning':
        to.push({ type: 'reasoning-delta', index: place('reasoning'), text: part.text });
        break;
      case 'tool-call': {
        const index = placeWhole();
        calls += 1;
        to.push({ type: 'tool-call-start', index, id: part.id, name: part.name });
        to.push({ type: 'tool-call-delta', index, arguments: part.arguments });
        break;
      }
      case 'image':
        to.push({
          type: 'opaque-part',
          index: placeWhole(),
          part: { type: 'opaque', format: 'canonical', value: { ...part } as never },
        });
    }
  }

  return {
    decode(line) {
      if (finished || !isJsonObject(line)) return [];
      const error = answerError(line, provider);
      if (error !== undefined) throw error;
      if (!isJsonObject(line.message) && line.done !== true) return [];
      const events: StreamEvent[] = [];
      if (!started) {
        started = true;
        events.push({ type: 'start', model: asString(line.model), createdAt: readCreatedAt(line) });
      }
      for (const part of readMessage(line, calls, provider)) addPart(part, events);
      const logprobs = line.logprobs === undefined ? undefined : readTokenLogprobs(line.logprobs);
      // They may come in a line without a text: then they are those of the text before.
      if (logprobs !== undefined && lastText !== undefined)
        events.push({ type: 'text-extension', index: lastText, extensions: {}, logprobs });
      addOwnFields(own, line);
      if (line.done === true) {
        finished = true;
        const finish = readDoneReason(asString(line.done_reason), calls > 0);
        events.push({ type: 'finish', ...finish, usage: readCounts(line), extensions: ownExtensions(own) });
      }
      return events;
    },
    end() {
      if (finished) return [];
      throw new ProviderError({
        kind: 'stream-cut',
        message: `${provider} ended the stream without its last line.`,
        provider,
      });
    },
  };
}

/** Turns the lines of a stream into events; a line that is not JSON yields nothing. */
export function createStreamDecoder(context: { readonly provider: string }): StreamDecoder {
  const lines = createLineDecoder(context.provider);
  return withFrameRepeater(
    {
      decode(frame) {
        const line = parseJson(frame.data);
        return line === undefined ? [] : lines.decode(line);
      },
      end: () => lines.end(),
    },
    { varying: VARYING },
  );
}
