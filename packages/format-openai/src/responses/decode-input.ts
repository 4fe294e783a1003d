import {
  asString,
  formKey,
  type JsonObject,
  type JsonValue,
  type Message,
  type Part,
  type TextPart,
  type Tool,
  type ToolCallPart,
  type ToolResultPart,
} from '@signalbox/core';
import { invalidField, objectAt, optionalArray, requiredName, requiredString } from '../shared/fields.ts';
import { type ContentPart, decodeContent, decodeOutput } from './decode-content.ts';
import { decodeTools } from './decode-tools.ts';
import { asExtensions, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { callFields, decodeReasoning, fieldsOf, messageFields, opaquePart } from './item-fields.ts';
import { responsesIssuer } from './reasoning-issuer.ts';

const RESULT = new Set(['type', 'call_id', 'output']);
/** Items that the caller adds, not the model. All that end in `_output` are the caller's too. */
const CALLERS = new Set([
  'item_reference',
  'configuration_update',
  'compaction',
  'compaction_trigger',
  'mcp_approval_response',
]);

/** The input of a request: what stands before the first turn is `system`, the rest are turns. */
export interface DecodedInput {
  /** Tools that items bring along. */
  readonly tools: readonly Tool[];
  readonly system: readonly TextPart[];
  readonly messages: readonly Message[];
}

/**
 * Decodes `input`. Consecutive items of the model's become one assistant message, consecutive results one user message. Items
 * without a canonical word are opaque parts. Those that stand among leading system messages say behind how many of them
 * (`leading`), so that these can stay the system prompt.
 */
export function decodeInput(input: JsonValue | undefined): DecodedInput {
  if (typeof input === 'string') {
    return { tools: [], system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: input }] }] };
  }
  if (!Array.isArray(input)) throw invalidField('input', 'must be a string or an array of items');
  const tools: Tool[] = [];
  const system: TextPart[] = [];
  const messages: Message[] = [];
  let turn: { readonly role: Message['role']; readonly parts: Part[] } | undefined;
  let leadingSystem = 0;
  let turned = false;
  // Messages of nothing but opaque items before the first turn, and how many system messages stand before each.
  let early: { readonly place: number; readonly before: number }[] = [];

  function add(role: Message['role'], part: Part): void {
    if (turn?.role === role) turn.parts.push(part);
    else {
      turn = { role, parts: [part] };
      messages.push(turn);
    }
  }

  function addOpaque(item: JsonObject, role: Message['role']): void {
    const count = messages.length;
    const restated = item.type === 'additional_tools' ? ({ restated: true } as const) : {};
    add(role, { ...opaquePart(item), ...restated });
    if (!turned && messages.length > count) early.push({ place: count, before: leadingSystem });
  }

  function addSystem(item: JsonObject, parts: readonly ContentPart[]): void {
    turn = undefined;
    const role = item.role === 'developer' ? { role: 'developer' } : {};
    const [first, ...rest] = parts.filter((part) => part.type === 'text');
    if (turned || first === undefined || rest.length + 1 !== parts.length) {
      turned = true;
      messages.push({ role: 'system', parts, ...asExtensions({ ...role, ...messageFields(item) }) });
      return;
    }
    for (const { place, before } of early) {
      const message = messages[place];
      if (message !== undefined) messages[place] = { ...message, ...asExtensions({ leading: before }) };
    }
    early = [];
    leadingSystem += 1;
    const own = { ...ownFields(first.extensions), message: { role: 'system', ...role, ...messageFields(item) } };
    system.push({ ...first, ...asExtensions(own) }, ...rest);
  }

  function addMessage(item: JsonObject, place: string): void {
    const role = item.role;
    if (role !== 'user' && role !== 'assistant' && role !== 'system' && role !== 'developer') {
      throw invalidField(`${place}.role`, 'must be "user", "assistant", "system" or "developer"');
    }
    const parts = decodeContent(item.content, `${place}.content`);
    const [first, ...rest] = parts;
    // A message without content, or with content that could be taken for an item of its own, stays as it came.
    if (first === undefined || parts.some((part) => part.type === 'opaque' && !isContentType(part.value.type))) {
      turned = true;
      addOpaque(item, role === 'assistant' ? 'assistant' : 'user');
    } else if (role === 'user') {
      turned = true;
      turn = undefined;
      messages.push({ role, parts, ...asExtensions(messageFields(item)) });
    } else if (role === 'assistant') {
      turned = true;
      add(role, markFirst(first, item));
      for (const part of rest) add(role, part);
    } else addSystem(item, parts);
  }

  for (const [index, entry] of input.entries()) {
    const place = `input[${index}]`;
    const item = objectAt(entry, place);
    const type = asString(item.type) ?? (item.role === undefined ? requiredString(item, 'type', place) : 'message');
    switch (type) {
      case 'message':
        addMessage(item, place);
        break;
      case 'reasoning':
        turned = true;
        add('assistant', decodeReasoning(item, responsesIssuer()));
        break;
      case 'function_call':
      case 'custom_tool_call':
        turned = true;
        add('assistant', decodeCall(item, type, place));
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        turned = true;
        add('user', decodeResult(item, type, place));
        break;
      case 'additional_tools':
        tools.push(...additionalTools(item, place));
        addOpaque(item, 'user');
        break;
      default:
        addOpaque(item, CALLERS.has(type) || type.endsWith('_output') ? 'user' : 'assistant');
    }
  }
  return { tools, system, messages };
}

/** Tools that Codex brings as an item of the input: others find them among the tools, OpenAI where they stood. */
function additionalTools(item: JsonObject, place: string): Tool[] {
  return decodeTools(optionalArray(item, 'tools', place) ?? [], `${place}.tools`)
    .filter((tool) => tool.type !== 'opaque')
    .map((tool) => ({ ...tool, ...asExtensions({ ...ownFields(tool.extensions), additional: true }) }));
}

/** Whether a type names a piece of content; all others are items. */
export function isContentType(type: unknown): boolean {
  return typeof type === 'string' && /^(input|output)_/.test(type);
}

/** The part that begins an item says so, with the item's own fields. */
function markFirst(part: ContentPart, item: JsonObject): ContentPart {
  if (part.type === 'opaque') return part;
  const fields = messageFields(item);
  if (part.extensions === undefined && Object.keys(fields).length === 0) {
    return { ...part, extensions: { [formKey(FORMAT_ID)]: { item: fields } } };
  }
  return { ...part, ...asExtensions({ ...ownFields(part.extensions), item: fields }) };
}

function decodeCall(item: JsonObject, type: string, place: string): ToolCallPart {
  const id = requiredName(item, 'call_id', place);
  const name = requiredName(item, 'name', place);
  if (type === 'custom_tool_call') {
    const text = requiredString(item, 'input', place);
    return { type: 'tool-call', id, name, arguments: text, kind: 'custom', ...callFields(item) };
  }
  const text = requiredString(item, 'arguments', place);
  return { type: 'tool-call', id, name, arguments: text, ...callFields(item) };
}

function decodeResult(item: JsonObject, type: string, place: string): ToolResultPart {
  return {
    type: 'tool-result',
    callId: requiredName(item, 'call_id', place),
    content: decodeOutput(item.output ?? undefined, `${place}.output`),
    ...(type === 'custom_tool_call_output' ? { kind: 'custom' } : {}),
    ...asExtensions(fieldsOf(item, RESULT)),
  };
}
