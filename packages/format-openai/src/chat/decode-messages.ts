import {
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  type Message,
  type Part,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from '@signalbox/core';
import {
  fieldName,
  invalidField,
  objectAt,
  optionalArray,
  optionalString,
  requiredName,
  requiredString,
} from '../shared/fields.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { decodeContent, decodeTextContent } from './decode-content.ts';
import { asExtensions, asRequestExtensions } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const SYSTEM = new Set(['role', 'content', 'name']);
const USER = new Set(['role', 'content', 'name', 'tool_calls']);
const ASSISTANT = new Set([
  'role',
  'content',
  'name',
  'refusal',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
]);
const TOOL = new Set(['role', 'content', 'name', 'tool_call_id']);
const CALL = new Set(['id', 'type', 'index', 'function', 'custom']);
const KNOWN_CALLS = new Set(['function', 'custom', '']);

/** The messages of a request: what stands before the first turn is `system`, the rest are turns. */
export interface DecodedMessages {
  readonly system: readonly TextPart[];
  readonly messages: readonly Message[];
}

/** Decodes `messages`. Consecutive tool messages become the results of one user message. */
export function decodeMessages(list: readonly JsonValue[]): DecodedMessages {
  const system: TextPart[] = [];
  const messages: Message[] = [];
  let results: Part[] | undefined;
  // The legacy form has no ids: its result belongs to the call before it.
  let legacyCallId = '';
  for (const [index, entry] of list.entries()) {
    const place = `messages[${index}]`;
    const message = objectAt(entry, place);
    const role = message.role;
    if (role === 'tool' || role === 'function') {
      const result = decodeToolMessage(message, place, role === 'function' ? legacyCallId : undefined);
      if (results === undefined) {
        results = [result];
        messages.push({ role: 'user', parts: results });
      } else results.push(result);
      continue;
    }
    results = undefined;
    if (role === 'system' || role === 'developer') {
      if (messages.length === 0) system.push(...decodeLeadingSystem(message, place, system.length === 0));
      else messages.push(decodeLaterSystem(message, place));
    } else if (role === 'user') {
      messages.push({
        role,
        parts: decodeContent(message.content, `${place}.content`),
        ...shared(message, USER, place),
      });
    } else if (role === 'assistant') {
      legacyCallId = `call_${index}`;
      messages.push({
        role,
        parts: decodeAssistant(message, place, legacyCallId),
        ...shared(message, ASSISTANT, place),
      });
    } else {
      throw invalidField(`${place}.role`, 'must be "system", "developer", "user", "assistant" or "tool"');
    }
  }
  return { system, messages };
}

function shared(message: JsonObject, known: ReadonlySet<string>, place: string) {
  const name = optionalString(message, 'name', place);
  return { ...(name === undefined ? {} : { name }), ...asExtensions(unknownFields(message, known)) };
}

/** How a system message was written, where that is more than a plain text under the role `system`. */
function systemForm(message: JsonObject): JsonObject {
  const name = asString(message.name);
  return {
    ...(message.role === 'developer' ? { role: 'developer' } : {}),
    ...(name === undefined ? {} : { name }),
    ...unknownFields(message, SYSTEM),
  };
}

/** The first part of a system message carries what tells that message from the one before. */
function decodeLeadingSystem(message: JsonObject, place: string, first: boolean): TextPart[] {
  const parts = decodeTextContent(message.content, `${place}.content`);
  const form = systemForm(message);
  const [head, ...rest] = parts;
  if (head === undefined || (first && Object.keys(form).length === 0)) return parts;
  const own = { ...head.extensions?.[FORMAT_ID], message: form };
  return [{ ...head, ...asRequestExtensions(own) }, ...rest];
}

function decodeLaterSystem(message: JsonObject, place: string): Message {
  const { name, ...form } = systemForm(message);
  return {
    role: 'system',
    parts: decodeTextContent(message.content, `${place}.content`),
    ...(typeof name === 'string' ? { name } : {}),
    ...asRequestExtensions(Object.keys(form).length === 0 ? undefined : form),
  };
}

/** An assistant's turn in the order in which it came about: reasoning, text, refusal, tool calls. */
function decodeAssistant(message: JsonObject, place: string, legacyCallId: string): Part[] {
  const parts: Part[] = [];
  const reasoning = asString(message.reasoning_content) ?? asString(message.reasoning);
  if (reasoning !== undefined && reasoning !== '') parts.push({ type: 'reasoning', text: reasoning });
  const content = message.content ?? undefined;
  if (content !== undefined && content !== '') {
    for (const part of decodeContent(content, `${place}.content`)) parts.push(part);
  }
  const refusal = optionalString(message, 'refusal', place);
  if (refusal !== undefined && refusal !== '') parts.push({ type: 'text', text: refusal, refusal: true });
  for (const [index, call] of (optionalArray(message, 'tool_calls', place) ?? []).entries()) {
    const callPlace = `${place}.tool_calls[${index}]`;
    parts.push(decodeCall(objectAt(call, callPlace), callPlace));
  }
  const legacy = asObject(message.function_call);
  if (legacy !== undefined) {
    const name = requiredName(legacy, 'name', `${place}.function_call`);
    parts.push({ type: 'tool-call', id: legacyCallId, name, arguments: callArguments(legacy.arguments, place) });
  }
  if (parts.length === 0 && content === '') parts.push({ type: 'text', text: '' });
  return parts;
}

function decodeCall(call: JsonObject, place: string): ToolCallPart {
  const id = requiredString(call, 'id', place);
  const signature = asString(asObject(asObject(call.extra_content)?.google)?.thought_signature);
  const rest = {
    // Callers have it from us, or from Google's own endpoint for this format.
    ...(signature === undefined ? {} : { signature: { issuer: 'google', value: signature } }),
    ...asRequestExtensions(ownCallFields(call)),
  };
  const custom = asObject(call.custom);
  if (custom !== undefined) {
    const name = requiredName(custom, 'name', `${place}.custom`);
    return { type: 'tool-call', id, name, arguments: asString(custom.input) ?? '', kind: 'custom', ...rest };
  }
  const called = asObject(call.function);
  if (called === undefined) throw invalidField(fieldName(place, 'function'), 'is missing: it must be an object');
  const name = requiredName(called, 'name', `${place}.function`);
  return { type: 'tool-call', id, name, arguments: callArguments(called.arguments, `${place}.function`), ...rest };
}

/** What only this format has of a call; its type too, where it is an endpoint's own (Moonshot's `builtin_function`). */
function ownCallFields(call: JsonObject): JsonObject | undefined {
  const fields = unknownFields(call, CALL);
  const { type } = call;
  return typeof type !== 'string' || KNOWN_CALLS.has(type) ? fields : { ...fields, type };
}

/** Arguments as text. Some clients send the object itself. */
function callArguments(value: JsonValue | undefined, place: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  throw invalidField(`${place}.arguments`, 'must be a string of JSON');
}

function decodeToolMessage(message: JsonObject, place: string, legacyCallId: string | undefined): ToolResultPart {
  const callId = legacyCallId ?? requiredString(message, 'tool_call_id', place);
  const name = optionalString(message, 'name', place);
  const content = decodeContent(message.content ?? '', `${place}.content`).map((part, index) => {
    if (part.type === 'text' || part.type === 'image' || part.type === 'document' || part.type === 'opaque')
      return part;
    throw invalidField(`${place}.content[${index}].type`, 'can not stand in a tool message');
  });
  return {
    type: 'tool-result',
    callId,
    content,
    ...(name === undefined ? {} : { name }),
    ...asExtensions(unknownFields(message, TOOL)),
  };
}
