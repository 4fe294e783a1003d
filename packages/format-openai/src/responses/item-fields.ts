import {
  asArray,
  asObject,
  asString,
  type ImagePart,
  type JsonObject,
  type JsonValue,
  type OpaquePart,
  type ReasoningPart,
  type ToolCallPart,
} from '@signalbox/core';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const MESSAGE = new Set(['type', 'role', 'content']);
const CALL = new Set(['type', 'call_id', 'name', 'namespace', 'arguments', 'input']);
const REASONING = new Set(['type', 'summary', 'content', 'encrypted_content']);

/** Fields of an item beside its content. A status is worth a word only where the item is not whole. */
export function fieldsOf(item: JsonObject, known: ReadonlySet<string>): JsonObject {
  const fields = unknownFields(item, known);
  if (fields === undefined) return {};
  if (fields.status === undefined) return fields;
  const { status, ...rest } = fields;
  return status === 'incomplete' ? { ...rest, status } : rest;
}

/** Fields of a message item beside its role and content. */
export function messageFields(item: JsonObject): JsonObject {
  return fieldsOf(item, MESSAGE);
}

/** Fields of a reasoning item beside its text. */
export function reasoningFields(item: JsonObject): JsonObject {
  return fieldsOf(item, REASONING);
}

/** What a tool call's item has beside name, id and arguments: a namespace, and as extensions the item's id. */
export function callFields(item: JsonObject): Pick<ToolCallPart, 'namespace' | 'extensions'> {
  const namespace = asString(item.namespace);
  return { ...(namespace === undefined ? {} : { namespace }), ...asExtensions(fieldsOf(item, CALL)) };
}

/**
 * A reasoning item as a part. Its text is that of its summaries and contents, in order. Where one summary with that text (or
 * one content, which `content: true` says) would not be the same item, the lists are kept as they came.
 */
export function decodeReasoning(item: JsonObject, issuer: string): ReasoningPart {
  const summary = asArray(item.summary);
  const content = asArray(item.content);
  const texts = [...summary, ...content].map((entry) => asString(asObject(entry)?.text) ?? '');
  const fields = reasoningFields(item);
  const encrypted = asString(item.encrypted_content);
  return {
    type: 'reasoning',
    text: texts.join('\n\n'),
    ...(encrypted === undefined ? {} : { encrypted: { issuer, value: encrypted } }),
    ...asExtensions({
      ...(Object.keys(fields).length === 0 ? {} : { item: fields }),
      ...reasoningLists(summary, content),
    }),
  };
}

function reasoningLists(summary: readonly JsonValue[], content: readonly JsonValue[]): JsonObject {
  if (content.length === 0 && (summary.length === 0 || isPlain(summary, 'summary_text'))) return {};
  if (summary.length === 0 && isPlain(content, 'reasoning_text')) return { content: true };
  return { summary: [...summary], ...(content.length === 0 ? {} : { content: [...content] }) };
}

/** Whether a list is one entry of a type with a text and nothing else. */
function isPlain(list: readonly JsonValue[], type: string): boolean {
  const entry = asObject(list[0]);
  return list.length === 1 && entry?.type === type && Boolean(entry.text) && Object.keys(entry).length === 2;
}

/** An item that the canonical form has no word for. A picture that the model made is one in other formats too. */
export function opaquePart(value: JsonObject): OpaquePart {
  const data = value.type === 'image_generation_call' ? asString(value.result) : undefined;
  if (!data) return { type: 'opaque', format: FORMAT_ID, value };
  const mediaType = `image/${asString(value.output_format) ?? 'png'}`;
  const otherwise: ImagePart = { type: 'image', source: { kind: 'base64', mediaType, data } };
  return { type: 'opaque', format: FORMAT_ID, value, otherwise };
}

/** A reasoning part as an item, with what is encrypted of it for whoever is to read the item. */
export function reasoningItem(part: ReasoningPart, encrypted: string | undefined): JsonObject {
  const { item, summary, content } = ownFields(part.extensions);
  const plain = part.text === '' ? undefined : part.text;
  const inContent = content === true && plain !== undefined;
  return {
    type: 'reasoning',
    ...asObject(item),
    summary: Array.isArray(summary)
      ? summary
      : plain === undefined || inContent
        ? []
        : [{ type: 'summary_text', text: plain }],
    ...(Array.isArray(content) ? { content } : inContent ? { content: [{ type: 'reasoning_text', text: plain }] } : {}),
    ...(encrypted === undefined ? {} : { encrypted_content: encrypted }),
  };
}
