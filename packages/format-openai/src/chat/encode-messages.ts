import {
  instructionOf,
  type JsonObject,
  type Message,
  type ModelRequest,
  type Part,
  type ReasoningPart,
  type TextPart,
  VENDORS_LINE,
} from '@signalbox/core';
import { FORMAT_ID as RESPONSES_FORMAT_ID } from '../responses/format-id.ts';
import { instructionForm } from '../shared/instruction-form.ts';
import { encodeCall, encodeToolResult } from './encode-calls.ts';
import { contentValue, encodeContent, encodePart, isPlainText, joinTexts, standIn } from './encode-content.ts';
import { ownFields } from './extensions.ts';
import { type Encoding, noteForeign } from './notes.ts';
import { permittedFields } from './permitted-fields.ts';

/** The `messages` of a request, system prompt included. */
export function encodeMessages(encoding: Encoding, request: ModelRequest): JsonObject[] {
  const messages = encodeSystem(encoding, request.system);
  // Media of tool results, waiting for the last tool message of the turn: nothing may stand between those and their calls.
  let media: JsonObject[] = [];
  const flush = () => {
    if (media.length > 0) messages.push({ role: 'user', content: media });
    media = [];
  };
  for (const [index, message] of request.messages.entries()) {
    const place = `messages[${index}]`;
    noteForeign(encoding, message.extensions, place);
    if (message.role === 'user') {
      for (const [partIndex, part] of message.parts.entries()) {
        if (part.type !== 'tool-result') continue;
        const result = encodeToolResult(encoding, part, `${place}.parts[${partIndex}]`);
        messages.push(result.message);
        media.push(...result.media);
      }
      const content = encodeContent(encoding, message.parts, place, isToolResult);
      if (content.length > 0) {
        flush();
        messages.push({
          role: 'user',
          content: contentValue(encoding, content, '\n\n'),
          ...messageFields(encoding, message, place),
        });
      }
    } else {
      flush();
      const encoded =
        message.role === 'assistant'
          ? encodeAssistant(encoding, message, place)
          : encodeLaterSystem(encoding, message, place);
      if (encoded !== undefined) messages.push(encoded);
    }
  }
  flush();
  return messages;
}

function isToolResult(part: Part): boolean {
  return part.type === 'tool-result';
}

/** A message's name, unless the endpoint refuses names. */
function nameField(encoding: Encoding, { name }: Message, place: string): JsonObject {
  if (name === undefined) return {};
  if (encoding.context.quirks.messageNames !== false) return { name };
  encoding.note('dropped', `${place}.name`, 'the endpoint refuses names of messages');
  return {};
}

function messageFields(encoding: Encoding, message: Message, place: string): JsonObject {
  return {
    ...nameField(encoding, message, place),
    ...permittedFields(encoding, message.extensions, place),
  };
}

/** System parts as messages: a part that began a message begins one again, all others join the one before. */
function encodeSystem(encoding: Encoding, parts: readonly TextPart[]): JsonObject[] {
  const groups: { form: JsonObject; texts: { readonly part: TextPart; readonly place: string }[]; first: string }[] =
    [];
  for (const [index, written] of parts.entries()) {
    const part = instructionOf(written);
    const place = `system[${index}]`;
    if (part !== written) encoding.note('mapped', place, VENDORS_LINE);
    if (part === undefined) continue;
    const text = { part, place };
    const own = ownFields(part.extensions).message as JsonObject | undefined;
    const form = own ?? instructionForm(part.extensions, RESPONSES_FORMAT_ID);
    const last = groups.at(-1);
    if (last === undefined || form !== undefined) groups.push({ form: form ?? {}, texts: [text], first: text.place });
    else last.texts.push(text);
  }
  return groups.map(({ form, texts, first }) => {
    const content = texts.map(({ part, place }) => encodePart(encoding, part, place));
    const whole = texts.map(({ part }) => part);
    return { ...systemRole(encoding, form, first), content: systemContent(content, whole) };
  });
}

/** One string where the texts carry nothing else: many endpoints take no parts here, and the joint text reads the same. */
function systemContent(content: (JsonObject | undefined)[], texts: readonly TextPart[]): string | JsonObject[] {
  const entries = content.filter((entry) => entry !== undefined);
  return entries.every(isPlainText) ? joinTexts(texts) : entries;
}

function systemRole(encoding: Encoding, form: JsonObject, place: string): JsonObject {
  const { role, ...rest } = form;
  if (role !== 'developer') return { role: 'system', ...rest };
  if (encoding.context.quirks.developerRole !== false) return { role: 'developer', ...rest };
  encoding.note('mapped', `${place}.role`, 'the role developer becomes system');
  return { role: 'system', ...rest };
}

function encodeLaterSystem(encoding: Encoding, message: Message, place: string): JsonObject | undefined {
  const content = encodeContent(encoding, message.parts, place);
  if (content.length === 0) return undefined;
  const texts = message.parts.filter((part) => part.type === 'text');
  return {
    ...systemRole(
      encoding,
      { ...instructionForm(message.extensions, RESPONSES_FORMAT_ID), ...ownFields(message.extensions) },
      place,
    ),
    ...nameField(encoding, message, place),
    content: systemContent(content, texts),
  };
}

/** An assistant's turn. Text and calls stand apart in this format, so what came after a call moves before it. */
function encodeAssistant(encoding: Encoding, message: Message, place: string): JsonObject | undefined {
  const content: JsonObject[] = [];
  const reasoning: string[] = [];
  const refusals: string[] = [];
  const calls: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const partPlace = `${place}.parts[${index}]`;
    if (part.type === 'tool-call') calls.push(encodeCall(encoding, part, partPlace));
    else if (part.type === 'reasoning') {
      const text = encodeReasoningPart(encoding, part, partPlace);
      if (text !== undefined) reasoning.push(text);
    } else if (part.type === 'text' && part.refusal === true) refusals.push(part.text);
    else {
      const entry =
        'source' in part
          ? standIn(encoding, part, partPlace, `a turn of the model can hold no ${part.type} here`)
          : encodePart(encoding, part, partPlace);
      if (entry === undefined) continue;
      if (calls.length > 0) encoding.note('approximated', partPlace, 'text after a tool call moves before the call');
      content.push(entry);
    }
  }
  const field = encoding.context.quirks.reasoningField;
  if (field === 'content' && reasoning.length > 0) {
    content.unshift({ type: 'thinking', thinking: [{ type: 'text', text: reasoning.join('') }] });
  }
  const rest = messageFields(encoding, message, place);
  if (
    content.length + calls.length + refusals.length === 0 &&
    reasoning.length === 0 &&
    Object.keys(rest).length === 0
  ) {
    return undefined;
  }
  return {
    role: 'assistant',
    content: content.length === 0 ? null : contentValue(encoding, content, ''),
    ...(refusals.length === 0 ? {} : { refusal: refusals.join('') }),
    ...(typeof field === 'string' && field !== 'content' && reasoning.length > 0
      ? { [field]: reasoning.join('') }
      : {}),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...rest,
  };
}

/** Reasoning's text where the endpoint wants it back; undefined where it is left out. */
function encodeReasoningPart(encoding: Encoding, part: ReasoningPart, place: string): string | undefined {
  noteForeign(encoding, part.extensions, place);
  if (typeof encoding.context.quirks.reasoningField !== 'string') {
    encoding.note('dropped', place, 'Chat Completions takes no reasoning back');
    return undefined;
  }
  for (const key of ['signature', 'encrypted'] as const) {
    if (part[key] !== undefined)
      encoding.note('dropped', `${place}.${key}`, 'signed reasoning goes to its issuer alone');
  }
  return part.text === '' ? undefined : part.text;
}
