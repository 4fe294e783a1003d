import {
  asArray,
  asObject,
  asString,
  type Citation,
  type Extensions,
  type ImagePart,
  type JsonObject,
  type JsonValue,
  type OpaquePart,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
  writeTokenLogprobs,
} from '@signalbox/core';
import { citationFields } from '../shared/citations.ts';
import { itemFields, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { reasoningItem } from './item-fields.ts';
import { encryptedForCaller } from './reasoning-issuer.ts';

/** A message item of the model's. */
export function messageItem(id: string, mark: JsonObject | undefined, content: readonly JsonValue[]): JsonObject {
  return { type: 'message', status: 'completed', role: 'assistant', content: [...content], ...mark, id };
}

/** A text as an entry of a message item's content. */
export function textEntry(
  part: Pick<TextPart, 'text' | 'refusal' | 'extensions' | 'citations' | 'logprobs'>,
): JsonObject {
  const { item: _item, message: _message, annotations, logprobs, ...own } = ownFields(part.extensions);
  if (part.refusal === true) return { type: 'refusal', refusal: part.text, ...own };
  return {
    type: 'output_text',
    text: part.text,
    annotations: annotations === undefined ? urlCitations(part.citations, part.text.length) : [...asArray(annotations)],
    logprobs: logprobs === undefined ? writeTokenLogprobs(part.logprobs ?? []) : [...asArray(logprobs)],
    ...own,
  };
}

/** Citations of another format as annotations of a text of so many characters. */
export function urlCitations(citations: readonly Citation[] | undefined, length: number): JsonObject[] {
  return (citations ?? []).map((one) => ({ type: 'url_citation', ...citationFields(one, length) }));
}

/** The id of a tool call's item: the one it had, or a new one in OpenAI's spelling. */
export function callItemId(part: Pick<ToolCallPart, 'kind' | 'extensions'>, createId: () => string): string {
  return ownId(part.extensions) ?? `${part.kind === 'custom' ? 'ctc' : 'fc'}_${createId()}`;
}

/** A tool call's item. Clients parse the arguments: a call without any gets an empty object. */
export function callItem(id: string, part: Omit<ToolCallPart, 'type'>): JsonObject {
  const { namespace } = part;
  const name = { name: part.name, ...(namespace === undefined ? {} : { namespace }) };
  const head = { id, status: 'completed', call_id: part.id, ...name };
  const own = ownFields(part.extensions);
  if (part.kind === 'custom') return { ...head, type: 'custom_tool_call', input: part.arguments, ...own };
  return { ...head, type: 'function_call', arguments: part.arguments === '' ? '{}' : part.arguments, ...own };
}

/** A reasoning item for a caller. */
export function answerReasoning(id: string, part: ReasoningPart): JsonObject {
  return { ...reasoningItem(part, encryptedForCaller(part)), id };
}

/** Whether reasoning has anything that a caller of this format can read or send back. */
export function showsReasoning(part: Pick<ReasoningPart, 'text' | 'encrypted' | 'signature' | 'extensions'>): boolean {
  return (
    part.text !== '' || encryptedForCaller(part) !== undefined || Object.keys(ownFields(part.extensions)).length > 0
  );
}

/** The id that an item had where it came from. */
export function ownId(extensions: Extensions | undefined): string | undefined {
  return asString(ownFields(extensions).id) ?? asString(itemFields(extensions)?.id);
}

/** The item that an opaque part is; undefined for what this format can't show. A picture is one that the model generated. */
export function opaqueItem(part: OpaquePart, createId: () => string): JsonObject | undefined {
  if (part.format === FORMAT_ID) return part.value;
  if (part.format !== 'canonical' || part.value.type !== 'image') return undefined;
  return imageItem({ source: asObject(part.value.source) as ImagePart['source'] | undefined }, createId);
}

/** A picture as an item; undefined where its bytes are not at hand. */
export function imageItem(
  part: { readonly source?: ImagePart['source'] | undefined },
  createId: () => string,
): JsonObject | undefined {
  if (part.source?.kind !== 'base64') return undefined;
  const id = `ig_${createId()}`;
  return { id, type: 'image_generation_call', status: 'completed', result: part.source.data };
}
