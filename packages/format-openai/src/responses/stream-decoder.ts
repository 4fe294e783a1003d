import {
  asString,
  createFrameRepeater,
  isJsonObject,
  type JsonObject,
  ProviderError,
  parseJson,
  pieceText,
  type RepeatedFrames,
  type StreamDecoder,
  type StreamEvent,
  type WireFrame,
} from '@signalbox/core';
import { createEventReader } from './event-reader.ts';
import { createSequenceWatch, sequenceOf } from './sequence-watch.ts';

/** The error for a stream that ended before its answer did. */
export function streamCut(provider: string): ProviderError {
  return new ProviderError({
    kind: 'stream-cut',
    message: 'The stream ended before the answer was complete: it brought no response.completed.',
    provider,
  });
}

/** The event in a frame; undefined where it is not JSON. Its type stands in the data, or in the frame's `event:`. */
export function readFrame(frame: WireFrame, provider: string): { type: string; event: JsonObject } | undefined {
  const event = parseJson(frame.data);
  if (isJsonObject(event)) return { type: asString(event.type) ?? frame.event ?? '', event };
  if (frame.event !== 'error') return undefined;
  const message = frame.data.trim().slice(0, 500) || 'The provider ended the stream with an error.';
  throw new ProviderError({ kind: 'server', message, provider });
}

const NOTHING: readonly StreamEvent[] = [];

/** What differs from event to event and says nothing of the text. */
export const REPEATED: RepeatedFrames = {
  varying: ['sequence_number', 'obfuscation'],
  counted: 'sequence_number',
  only: '.delta"',
};

/** Events that say again what others brought, or that something is about to come: nobody reads them, so they are not parsed. */
const SILENT = [
  'response.content_part.added',
  'response.content_part.done',
  'response.output_text.done',
  'response.output_text.annotation.added',
  'response.refusal.done',
  'response.reasoning_text.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
  'response.reasoning_summary_text.done',
  'response.function_call_arguments.done',
  'response.custom_tool_call_input.done',
];
/** Those that say nothing once the answer has begun. */
const AT_THE_BEGINNING = ['response.created', 'response.queued', 'response.in_progress'];

/** How the data of such events begins. */
const silent = beginnings(SILENT);
const silentOnceBegun = beginnings([...SILENT, ...AT_THE_BEGINNING]);

function beginnings(types: readonly string[]): ReadonlyMap<string | undefined, string> {
  return new Map(types.map((type) => [type, `{"type":"${type}",`]));
}

/** Decodes one stream. What follows the event that ends the answer is passed over. */
export function createStreamDecoder(context: { readonly provider: string }): StreamDecoder {
  const { provider } = context;
  const reader = createEventReader(provider);
  const repeater = createFrameRepeater(REPEATED);
  const hasLost = createSequenceWatch();
  return {
    decode(frame) {
      if (reader.finished) return NOTHING;
      const piece = repeater.next(frame);
      // What comes behind a lost event would be put together wrong: the item tells all of it when it ends.
      const lost = hasLost(piece === undefined ? sequenceOf(frame.data) : repeater.count());
      if (lost) reader.waitForWholes();
      else if (piece !== undefined) {
        reader.repeat(piece);
        return pieceText(piece) === '' ? NOTHING : [piece];
      }
      const beginning = (reader.started ? silentOnceBegun : silent).get(frame.event);
      if (beginning !== undefined && frame.data.slice(0, beginning.length) === beginning) return NOTHING;
      if (frame.data === '') return NOTHING;
      const read = readFrame(frame, provider);
      if (read === undefined) return NOTHING;
      const events = reader.read(read.type, read.event);
      repeater.learn(frame, events);
      return events;
    },
    end() {
      if (!reader.finished) throw streamCut(provider);
      return [];
    },
  };
}
