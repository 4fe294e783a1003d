import type { JsonObject, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '@signalbox/core';
import { encodeCacheControl } from './cache-mark.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID, REASONING_ISSUER } from './format-id.ts';
import { encodeDocumentSource, encodeImageSource } from './media-source.ts';
import type { Notes } from './notes.ts';
import { customToolInput, toolInput } from './tool-arguments.ts';
import { safeToolCallId } from './tool-call-id.ts';

/** A part as a content block of a request; `undefined` where nothing of it can be sent, which is noted. */
export function encodeBlock(
  part: Part,
  role: 'user' | 'assistant' | 'system',
  field: string,
  notes: Notes,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part, field, notes);
    case 'image': {
      const source = role === 'assistant' ? undefined : encodeImageSource(part.source);
      if (source === undefined) return placeholder('image', role, field, notes);
      if (part.detail !== undefined && part.detail !== 'auto') {
        notes.add(`${field}.detail`, 'dropped', 'Anthropic has no level of detail');
      }
      return finish({ type: 'image', source }, part, field, notes);
    }
    case 'document': {
      const source = encodeDocumentSource(part.source);
      if (source === undefined) return placeholder('document', role, field, notes);
      const { title, context } = part;
      return finish(
        {
          type: 'document',
          source,
          ...(title === undefined ? {} : { title }),
          ...(context === undefined ? {} : { context }),
        },
        part,
        field,
        notes,
      );
    }
    case 'audio':
    case 'video':
      return placeholder(part.type, role, field, notes);
    case 'tool-call':
      return encodeToolCall(part, field, notes);
    case 'tool-result':
      return encodeToolResult(part, field, notes);
    case 'reasoning':
      return encodeReasoningPart(part, field, notes);
    case 'opaque':
      if (part.format === FORMAT_ID) return part.value;
      notes.add(field, 'dropped', `a part that only ${part.format} knows`);
      return undefined;
  }
}

/** A text part as a block; `undefined` for empty text, which Anthropic refuses. */
export function encodeText(part: TextPart, field: string, notes: Notes): JsonObject | undefined {
  const own = ownFields(part.extensions);
  // A system block of another type than text was decoded as a text part that carries the whole block.
  if (typeof own?.type === 'string') return own;
  if (part.text === '') {
    if (part.cache !== undefined) notes.add(`${field}.cache`, 'dropped', 'it stood on an empty text');
    notes.foreign(field, part.extensions);
    return undefined;
  }
  if (part.refusal === true) notes.add(`${field}.refusal`, 'approximated', 'a refusal is plain text in a conversation');
  return finish({ type: 'text', text: part.text }, part, field, notes);
}

function encodeToolCall(part: ToolCallPart, field: string, notes: Notes): JsonObject {
  const id = requestId(part.id, `${field}.id`, notes);
  if (part.signature !== undefined) {
    notes.add(`${field}.signature`, 'dropped', `only ${part.signature.issuer} can read it`);
  }
  if (part.kind === 'custom') {
    notes.add(field, 'approximated', 'a free-text tool call became one string argument "input"');
    const input = customToolInput(part.arguments);
    return finish({ type: 'tool_use', id, name: part.name, input }, part, field, notes);
  }
  const { input, wrapped } = toolInput(part.arguments);
  if (wrapped) notes.add(`${field}.arguments`, 'approximated', 'not a JSON object: sent as {"__raw": text}');
  return finish({ type: 'tool_use', id, name: part.name, input }, part, field, notes);
}

function encodeToolResult(part: ToolResultPart, field: string, notes: Notes): JsonObject {
  const id = requestId(part.callId, `${field}.callId`, notes);
  const content = resultContent(part, field, notes);
  return finish(
    {
      type: 'tool_result',
      tool_use_id: id,
      ...(content === undefined ? {} : { content }),
      ...(part.isError === undefined ? {} : { is_error: part.isError }),
    },
    part,
    field,
    notes,
  );
}

function resultContent(part: ToolResultPart, field: string, notes: Notes): string | JsonObject[] | undefined {
  const [first] = part.content;
  if (first === undefined) return undefined;
  if (
    part.content.length === 1 &&
    first.type === 'text' &&
    first.cache === undefined &&
    first.extensions === undefined
  ) {
    return first.text;
  }
  const blocks: JsonObject[] = [];
  for (const [index, piece] of part.content.entries()) {
    const block = encodeBlock(piece, 'user', `${field}.content[${index}]`, notes);
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function encodeReasoningPart(part: ReasoningPart, field: string, notes: Notes): JsonObject | undefined {
  if (part.encrypted?.issuer === REASONING_ISSUER) {
    return finish({ type: 'redacted_thinking', data: part.encrypted.value }, part, field, notes);
  }
  if (part.signature?.issuer === REASONING_ISSUER) {
    const block = { type: 'thinking', thinking: part.text, signature: part.signature.value };
    return finish(block, part, field, notes);
  }
  const issuer = part.signature?.issuer ?? part.encrypted?.issuer;
  const reason = issuer === undefined ? 'reasoning without a signature' : `reasoning signed by ${issuer}`;
  notes.add(field, 'dropped', `${reason}: Anthropic takes only its own`);
  return undefined;
}

function requestId(id: string, field: string, notes: Notes): string {
  const safe = safeToolCallId(id);
  if (safe !== id) notes.add(field, 'mapped', `"${id}" became "${safe}": Anthropic takes letters, digits, _ and -`);
  return safe;
}

function placeholder(kind: string, role: string, field: string, notes: Notes): JsonObject {
  const where = role === 'assistant' ? ' in a turn of the assistant' : '';
  notes.add(field, 'dropped', `Anthropic can't take this ${kind}${where}; a line of text stands in its place`);
  return { type: 'text', text: `[${kind} left out]` };
}

/** Adds the cache mark and this format's own fields, and reports those of others. */
function finish(block: JsonObject, part: Exclude<Part, { type: 'opaque' }>, field: string, notes: Notes): JsonObject {
  if (part.cache !== undefined) {
    // Thinking blocks can't be cached by themselves.
    if (part.type === 'reasoning') notes.add(`${field}.cache`, 'dropped', 'thinking takes no cache mark');
    else block.cache_control = encodeCacheControl(part.cache, `${field}.cache`, notes);
  }
  notes.foreign(field, part.extensions);
  const own = ownFields(part.extensions);
  return own === undefined ? block : { ...block, ...own };
}
