import type { JsonObject, Message, ModelRequest, Part, TextPart } from '@signalbox/core';
import { asNumber, asObject, instructionOf, VENDORS_LINE } from '@signalbox/core';
import { FORMAT_ID as CHAT_FORMAT_ID } from '../chat/format-id.ts';
import { instructionForm } from '../shared/instruction-form.ts';
import { isContentType } from './decode-input.ts';
import { encodePart } from './encode-content.ts';
import { encodeCall, encodeReasoningPart, encodeToolResult } from './encode-item.ts';
import { itemFields, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** `instructions` and `input` of a request. */
export function encodeInput(encoding: Encoding, request: ModelRequest): JsonObject {
  const { instructions, items: system } = encodeSystem(encoding, request.system);
  const input: JsonObject[] = [];
  // Opaque items that stood among the leading system messages go back to where they were.
  const early: { readonly before: number; readonly items: readonly JsonObject[] }[] = [];
  for (const [index, message] of request.messages.entries()) {
    const items = encodeMessage(encoding, message, `messages[${index}]`);
    const before = asNumber(ownFields(message.extensions).leading);
    if (before === undefined) for (const item of items) input.push(item);
    else early.push({ before, items });
  }
  for (const { before, items } of early.toReversed()) system.splice(before, 0, ...items);
  return {
    ...(instructions === undefined ? {} : { instructions }),
    ...(encoding.own && system.length + input.length === 0 ? {} : { input: [...system, ...input] }),
  };
}

/** A system prompt of one text is `instructions`; parts that came from messages of their own become such messages again. */
function encodeSystem(encoding: Encoding, parts: readonly TextPart[]) {
  const texts: string[] = [];
  const items: (JsonObject & { content: JsonObject[] })[] = [];
  for (const [index, written] of parts.entries()) {
    const part = instructionOf(written);
    const place = `system[${index}]`;
    if (part !== written) encoding.note('mapped', place, VENDORS_LINE);
    if (part === undefined) continue;
    const form = asObject(ownFields(part.extensions).message) ?? instructionForm(part.extensions, CHAT_FORMAT_ID);
    // A breakpoint can stand on a message only.
    const marked = part.cache !== undefined && encoding.breakpoints;
    const entry = encodePart(encoding, part, place);
    if (entry === undefined) continue;
    const last = items.at(-1);
    if (form !== undefined) items.push({ ...messageHead(form), role: form.role ?? 'system', content: [entry] });
    else if (last !== undefined) last.content.push(entry);
    else if (marked) items.push({ role: 'system', content: [...texts.splice(0).map(inputText), entry] });
    else texts.push(part.text);
  }
  return { instructions: texts.length === 0 ? undefined : texts.join('\n\n'), items: items as JsonObject[] };
}

function inputText(text: string): JsonObject {
  return { type: 'input_text', text };
}

/** Fields of a message item beside role and content. The long form, with a type and a status, is for items with an id. */
function messageHead(fields: JsonObject, status?: string): JsonObject {
  if (Object.keys(fields).length === 0) return {};
  const { role: _role, leading: _leading, ...rest } = fields;
  if (rest.id === undefined) return rest;
  return { type: 'message', ...(status === undefined ? {} : { status }), ...rest };
}

/** The items of one message, in the order of its parts. Content that stands together is one message item. */
function encodeMessage(encoding: Encoding, message: Message, place: string): JsonObject[] {
  noteForeign(encoding, message.extensions, place);
  if (message.name !== undefined) encoding.note('dropped', `${place}.name`, 'messages have no names here');
  const items: JsonObject[] = [];
  let content: JsonObject[] | undefined;
  const fields = ownFields(message.extensions);
  const textType = message.role === 'assistant' ? 'output_text' : 'input_text';

  function begin(head: JsonObject): JsonObject[] {
    const begun: JsonObject[] = [];
    items.push({ ...head, role: roleOf(message), content: begun });
    return begun;
  }

  for (const [index, part] of message.parts.entries()) {
    const partPlace = `${place}.parts[${index}]`;
    if (isItem(part, message.role)) {
      content = undefined;
      const item = encodeItem(encoding, part, partPlace);
      if (item !== undefined) items.push(item);
      continue;
    }
    const entry = encodePart(encoding, part, partPlace, textType);
    if (entry === undefined) continue;
    const own = message.role === 'assistant' && part.type === 'text' ? itemFields(part.extensions) : undefined;
    if (own !== undefined) content = begin(messageHead(own, 'completed'));
    content ??= begin(message.role === 'assistant' ? {} : messageHead(fields));
    if (entry.type === 'output_text' && items.at(-1)?.id !== undefined) entry.annotations ??= [];
    content.push(entry);
  }
  return items;
}

function roleOf(message: Message): string {
  if (message.role !== 'system') return message.role;
  const { role } = { ...instructionForm(message.extensions, CHAT_FORMAT_ID), ...ownFields(message.extensions) };
  return role === 'developer' ? role : message.role;
}

/** Parts that are items of their own, and not content of a message. */
function isItem(part: Part, role: Message['role']): boolean {
  switch (part.type) {
    case 'tool-call':
    case 'tool-result':
    case 'reasoning':
      return role !== 'system';
    case 'opaque':
      return part.format !== FORMAT_ID || !isContentType(part.value.type);
    default:
      return false;
  }
}

function encodeItem(encoding: Encoding, part: Part, place: string): JsonObject | undefined {
  switch (part.type) {
    case 'tool-call':
      return encodeCall(encoding, part, place);
    case 'tool-result':
      return encodeToolResult(encoding, part, place);
    case 'reasoning':
      return encodeReasoningPart(encoding, part, place);
    case 'opaque':
      if (part.format === FORMAT_ID) return part.value;
      encoding.note('dropped', place, `a part that only ${part.format} knows`);
      return undefined;
    default:
      return undefined;
  }
}
