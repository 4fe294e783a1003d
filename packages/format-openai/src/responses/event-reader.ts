import {
  asArray,
  asNumber,
  asObject,
  asString,
  entryOf,
  type FinishEvent,
  isJsonObject,
  type JsonObject,
  type PieceEvent,
  ProviderError,
  pieceText,
  type StreamEvent,
} from '@signalbox/core';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions } from './extensions.ts';
import { decodeFinish } from './finish.ts';
import { createItemReader, type DeltaKind } from './item-reader.ts';
import { decodeUsage, unknownUsage } from './usage.ts';

/** Members of a response that the canonical form has words for. */
const RESPONSE = new Set([
  ...['id', 'object', 'created_at', 'model', 'output', 'output_text'],
  ...['usage', 'status', 'incomplete_details', 'error'],
]);

/** Events that bring a piece of an item, and the member that says which of its pieces. */
const DELTAS: Readonly<Record<string, readonly [kind: DeltaKind, position: string]>> = {
  'response.output_text.delta': ['text', 'content_index'],
  'response.refusal.delta': ['refusal', 'content_index'],
  'response.reasoning_text.delta': ['reasoning', 'content_index'],
  'response.reasoning_summary_text.delta': ['summary', 'summary_index'],
  'response.function_call_arguments.delta': ['arguments', 'content_index'],
  'response.custom_tool_call_input.delta': ['arguments', 'content_index'],
};

/** Statuses for responses that come without one, by the event that ends them. */
const LAST_EVENTS: Readonly<Record<string, string>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
};

/** Reads the events of one answer; a whole answer is read as the event that ends it, so that both give the same. */
export interface EventReader {
  /** Throws ProviderError where the event reports an error. Events of other kinds bring nothing. */
  read(type: string, event: JsonObject): StreamEvent[];
  /** Takes note of another piece of what the last one that was read belongs to. */
  repeat(piece: PieceEvent): void;
  /** From here on pieces bring nothing: what they would have said comes when their items are whole. */
  waitForWholes(): void;
  /** Whether the answer has begun: what is said of its beginning brings nothing any more. */
  readonly started: boolean;
  /** Whether the event that ends the answer came. */
  readonly finished: boolean;
}

/** Starts to read an answer of a provider. */
export function createEventReader(provider: string): EventReader {
  const items = createItemReader(provider);
  let waiting = false;

  function start(response: JsonObject): StreamEvent[] {
    if (reader.started) return [];
    reader.started = true;
    const id = asString(response.id) || undefined;
    const model = asString(response.model) || undefined;
    return [{ type: 'start', id, model, createdAt: asNumber(response.created_at) }];
  }

  /** Content without a `response.created` before it: a start can not come later. */
  function content(events: StreamEvent[]): StreamEvent[] {
    if (events.length > 0) reader.started = true;
    return events;
  }

  function finish(response: JsonObject): StreamEvent[] {
    if (response.status === 'failed' || response.status === 'cancelled' || isErrorBody(response)) {
      throw failure(response, provider);
    }
    reader.finished = true;
    const events = start(response);
    const output = asArray(response.output);
    // Items that came without an event of their own, or an answer that came whole.
    if (items.endedCount < output.length) {
      for (const [index, item] of output.entries()) {
        if (!isJsonObject(item)) continue;
        const name = asString(item.id) ?? '';
        const key = items.knows(name) ? name : `#${index}`;
        if (!items.ended(key)) events.push(...items.end(key, item));
      }
    }
    const usage = decodeUsage(response);
    const ownUsage = unknownUsage(response);
    const last: FinishEvent = {
      type: 'finish',
      ...decodeFinish(response, items),
      ...(usage === undefined ? {} : { usage }),
      ...asExtensions({ ...unknownFields(response, RESPONSE), ...(ownUsage === undefined ? {} : { usage: ownUsage }) }),
    };
    return [...events, last];
  }

  const reader: EventReader & { started: boolean; finished: boolean } = {
    started: false,
    finished: false,
    repeat: (piece) => items.grow(pieceText(piece).length),
    waitForWholes() {
      waiting = true;
    },
    read(type, event) {
      const delta = entryOf(DELTAS, type);
      if (delta !== undefined) {
        if (waiting) return [];
        const [kind, position] = delta;
        const text = asString(event.delta) ?? '';
        return content(items.delta(keyOf(event), kind, asNumber(event[position]) ?? 0, text));
      }
      switch (type) {
        case 'response.created':
        case 'response.queued':
        case 'response.in_progress':
          return isJsonObject(event.response) ? start(event.response) : [];
        case 'response.output_item.added':
          return isJsonObject(event.item) ? content(items.begin(keyOf(event), event.item)) : [];
        case 'response.output_item.done':
          return isJsonObject(event.item) ? content(items.end(keyOf(event), event.item)) : [];
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
          return finish({ status: LAST_EVENTS[type], ...asObject(event.response) });
        case 'error':
          throw errorInAnswer(event, provider);
        default:
          if (event.type === undefined && isErrorBody(event)) throw errorInAnswer(event, provider);
          return [];
      }
    },
  };
  return reader;
}

/** Items are told apart by their place in the output. Servers that leave it out name the item. */
function keyOf(event: JsonObject): string {
  const place = asNumber(event.output_index);
  return place === undefined ? (asString(event.item_id) ?? asString(asObject(event.item)?.id) ?? '#0') : `#${place}`;
}

/** The error of a response that failed or was cancelled. */
function failure(response: JsonObject, provider: string): ProviderError {
  if (isJsonObject(response.error)) return errorInAnswer({ error: response.error }, provider);
  const how = response.status === 'cancelled' ? 'was cancelled' : 'failed';
  return new ProviderError({ kind: 'server', message: `The provider says that the response ${how}.`, provider });
}
