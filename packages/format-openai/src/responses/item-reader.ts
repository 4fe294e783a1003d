import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  ProviderError,
  readTokenLogprobs,
  type StreamEvent,
  type ToolCallStartEvent,
} from '@signalbox/core';
import { decodeCitations } from '../shared/citations.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions } from './extensions.ts';
import { callFields, decodeReasoning, messageFields, opaquePart, reasoningFields } from './item-fields.ts';
import { responsesIssuer } from './reasoning-issuer.ts';

/** Which piece of an item a delta belongs to. */
export type DeltaKind = 'text' | 'refusal' | 'reasoning' | 'summary' | 'arguments';

/** Reads the items of one answer, whole or in pieces: what the pieces brought is not said again when the item is whole. */
export interface ItemReader {
  /** An item begins. `key` names it in later calls. */
  begin(key: string, item: JsonObject): StreamEvent[];
  /** A piece of an item; `position` is its place among the item's contents or summaries. */
  delta(key: string, kind: DeltaKind, position: number, text: string): StreamEvent[];
  /** The piece that the last delta brought goes on by so many characters. */
  grow(length: number): void;
  /** An item is whole. Throws ProviderError `invalid-response` on a tool call without a name. */
  end(key: string, item: JsonObject): StreamEvent[];
  /** Whether anything of an item came. */
  knows(key: string): boolean;
  /** Whether an item was whole already. */
  ended(key: string): boolean;
  readonly endedCount: number;
  readonly calledTools: boolean;
  readonly refused: boolean;
}

/** A part of the answer, and how many characters of it came. */
interface Growing {
  readonly index: number;
  length: number;
}

interface OpenItem {
  /** Text parts by their place in the message's content; the only part of other items is at 0. */
  readonly parts: Map<number, Growing>;
  mark: JsonObject;
  /** The mark as it was told; undefined where it was not. */
  told: string | undefined;
  /** Of reasoning: the piece that came last, so that the next one is set apart from it. */
  lastPiece: string | undefined;
  /** Of a tool call: whether it was announced. */
  started: boolean;
  ended: boolean;
}

const TEXT = new Set(['type', 'text', 'refusal']);

/** Starts to read the items of an answer. */
export function createItemReader(provider: string): ItemReader {
  const items = new Map<string, OpenItem>();
  let parts = 0;
  let last: Growing = { index: 0, length: 0 };

  function open(key: string): OpenItem {
    let item = items.get(key);
    if (item === undefined) {
      item = { parts: new Map(), mark: {}, told: undefined, lastPiece: undefined, started: false, ended: false };
      items.set(key, item);
    }
    return item;
  }

  function partOf(item: OpenItem, position: number) {
    let part = item.parts.get(position);
    if (part === undefined) {
      part = { index: parts, length: 0 };
      parts += 1;
      item.parts.set(position, part);
    }
    last = part;
    return part;
  }

  /** Tells the message item's own fields, on its first part. */
  function tellMark(item: OpenItem, index: number): StreamEvent[] {
    const mark = JSON.stringify(item.mark);
    if (item.told === mark) return [];
    item.told = mark;
    return textExtension(index, { item: item.mark });
  }

  function addText(item: OpenItem, position: number, text: string, refusal: boolean): StreamEvent[] {
    const first = item.parts.size === 0;
    const part = partOf(item, position);
    part.length += text.length;
    if (refusal) reader.refused = true;
    const delta: StreamEvent = { type: 'text-delta', index: part.index, text, ...(refusal ? { refusal } : {}) };
    return first ? [...tellMark(item, part.index), delta] : [delta];
  }

  function addReasoning(item: OpenItem, piece: string, text: string): StreamEvent[] {
    if (text === '') return [];
    const first = item.parts.size === 0;
    const part = partOf(item, 0);
    const apart = item.lastPiece !== undefined && item.lastPiece !== piece ? '\n\n' : '';
    item.lastPiece = piece;
    part.length += apart.length + text.length;
    const delta: StreamEvent = { type: 'reasoning-delta', index: part.index, text: apart + text };
    if (!first) return [delta];
    const fields: JsonObject = {
      ...(Object.keys(item.mark).length === 0 ? {} : { item: item.mark }),
      ...(piece.startsWith('reasoning') ? { content: true } : {}),
    };
    if (Object.keys(fields).length === 0) return [delta];
    return [{ type: 'reasoning-signature', index: part.index, ...asExtensions(fields) }, delta];
  }

  function startCall(opened: OpenItem, item: JsonObject): StreamEvent[] {
    const name = asString(item.name) ?? '';
    if (opened.started || name === '') return [];
    opened.started = true;
    reader.calledTools = true;
    const { index } = partOf(opened, 0);
    const id = asString(item.call_id) || asString(item.id) || `call_${index}`;
    const start: ToolCallStartEvent = { type: 'tool-call-start', index, id, name };
    const kind = item.type === 'custom_tool_call' ? ({ kind: 'custom' } as const) : {};
    return [{ ...start, ...kind, ...callFields(item) }];
  }

  function addArguments(opened: OpenItem, text: string): StreamEvent[] {
    // Before the call is announced, its arguments wait for the whole item.
    if (!opened.started || text === '') return [];
    const part = partOf(opened, 0);
    part.length += text.length;
    return [{ type: 'tool-call-delta', index: part.index, arguments: text }];
  }

  function endMessage(opened: OpenItem, item: JsonObject): StreamEvent[] {
    const events: StreamEvent[] = [];
    opened.mark = messageFields(item);
    for (const [position, value] of asArray(item.content).entries()) {
      const entry = asObject(value) ?? {};
      const refusal = entry.type === 'refusal';
      const text = asString(refusal ? entry.refusal : entry.text);
      if (text === undefined || (!refusal && entry.type !== 'output_text' && entry.type !== 'text')) {
        events.push(opaque(partOf(opened, position).index, entry));
        continue;
      }
      const before = opened.parts.get(position)?.length;
      if (before === undefined || text.length > before) {
        events.push(...addText(opened, position, text.slice(before ?? 0), refusal));
      }
      const fields = Object.entries(unknownFields(entry, TEXT) ?? {}).filter(
        ([, field]) => !(Array.isArray(field) && field.length === 0),
      );
      if (fields.length === 0) continue;
      events.push(...textExtension(partOf(opened, position).index, Object.fromEntries(fields)));
    }
    const first = [...opened.parts.values()][0];
    if (first !== undefined && opened.told !== undefined) events.push(...tellMark(opened, first.index));
    return events;
  }

  function endReasoning(opened: OpenItem, item: JsonObject): StreamEvent[] {
    const { text, encrypted, extensions } = decodeReasoning(item, responsesIssuer(provider));
    const part = partOf(opened, 0);
    const missing = text.slice(part.length);
    const { index } = part;
    const events: StreamEvent[] = [];
    // An item without text is reasoning all the same.
    if (missing !== '' || part.length === 0) events.push({ type: 'reasoning-delta', index, text: missing });
    if (encrypted !== undefined || extensions !== undefined) {
      events.push({
        type: 'reasoning-signature',
        index,
        ...(encrypted === undefined ? {} : { encrypted }),
        ...(extensions === undefined ? {} : { extensions }),
      });
    }
    return events;
  }

  function endCall(opened: OpenItem, item: JsonObject): StreamEvent[] {
    const events = startCall(opened, item);
    if (!opened.started) {
      const message = 'The provider called a tool without naming it.';
      throw new ProviderError({ kind: 'invalid-response', message, provider });
    }
    const whole = asString(item.type === 'custom_tool_call' ? item.input : item.arguments) ?? '';
    const missing = whole.slice(partOf(opened, 0).length);
    return [...events, ...addArguments(opened, missing)];
  }

  const reader: ItemReader & { endedCount: number; calledTools: boolean; refused: boolean } = {
    endedCount: 0,
    calledTools: false,
    refused: false,
    knows: (key) => items.has(key),
    ended: (key) => items.get(key)?.ended === true,
    begin(key, item) {
      const opened = open(key);
      opened.mark = item.type === 'reasoning' ? reasoningFields(item) : messageFields(item);
      return item.type === 'function_call' || item.type === 'custom_tool_call' ? startCall(opened, item) : [];
    },
    delta(key, kind, position, text) {
      const opened = open(key);
      if (opened.ended) return [];
      switch (kind) {
        case 'text':
        case 'refusal':
          return text === '' ? [] : addText(opened, position, text, kind === 'refusal');
        case 'reasoning':
        case 'summary':
          return addReasoning(opened, `${kind}:${position}`, text);
        case 'arguments':
          return addArguments(opened, text);
      }
    },
    grow(length) {
      last.length += length;
    },
    end(key, item) {
      const opened = open(key);
      if (opened.ended) return [];
      opened.ended = true;
      reader.endedCount += 1;
      switch (item.type) {
        case 'message':
          return endMessage(opened, item);
        case 'reasoning':
          return endReasoning(opened, item);
        case 'function_call':
        case 'custom_tool_call':
          return endCall(opened, item);
        default:
          return [opaque(partOf(opened, 0).index, item)];
      }
    },
  };
  return reader;
}

function textExtension(index: number, fields: JsonObject): StreamEvent[] {
  const { extensions } = asExtensions(fields);
  if (extensions === undefined) return [];
  const logprobs = readTokenLogprobs(fields.logprobs);
  const tokens = logprobs === undefined ? {} : { logprobs };
  return [{ type: 'text-extension', index, extensions, ...decodeCitations(fields.annotations), ...tokens }];
}

function opaque(index: number, value: JsonObject): StreamEvent {
  return { type: 'opaque-part', index, part: opaquePart(value) };
}
