import {
  asArray,
  type JsonObject,
  type NoteList,
  type Part,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from '@signalbox/core';
import type { VersionRules } from './api-version.ts';
import { encodeCacheControl } from './cache-mark.ts';
import { ownCitations } from './citations.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID, REASONING_ISSUER } from './format-id.ts';
import { encodeDocumentSource, encodeImageSource } from './media-source.ts';
import { customToolInput, toolInput } from './tool-arguments.ts';
import { safeToolCallId } from './tool-call-id.ts';

/** Where a block is to stand. */
export interface BlockPlace {
  readonly role: 'user' | 'assistant' | 'system';
  readonly rules: VersionRules;
}

/** A part as a content block of a request; `undefined` where nothing of it can be sent, which is noted. */
export function encodeBlock(part: Part, turn: BlockPlace, field: string, notes: NoteList): JsonObject | undefined {
  const { role, rules } = turn;
  switch (part.type) {
    case 'text':
      return withoutRefusedCitations(encodeText(part, field, notes), turn, field, notes);
    case 'image': {
      const source = role === 'assistant' ? undefined : encodeImageSource(part.source);
      if (source === undefined) return placeholder('image', role, field, notes);
      if (part.detail !== undefined && part.detail !== 'auto') {
        notes.dropped(`${field}.detail`, 'Anthropic has no level of detail');
      }
      return finish({ type: 'image', source }, part, field, notes);
    }
    case 'document': {
      const taken = role !== 'assistant' || rules.assistantDocuments;
      const source = taken ? encodeDocumentSource(part.source) : undefined;
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
      return encodeToolResult(part, turn, field, notes);
    case 'reasoning':
      return encodeReasoningPart(part, field, notes);
    case 'opaque':
      if (part.format === FORMAT_ID) return part.value;
      if (part.restated !== true) notes.dropped(field, `a part that only ${part.format} knows`);
      return undefined;
  }
}

/** A text part as a block; `undefined` for empty text, which Anthropic refuses. */
export function encodeText(part: TextPart, field: string, notes: NoteList): JsonObject | undefined {
  const own = ownFields(part.extensions);
  // A system block of another type than text was decoded as a text part that carries the whole block.
  if (typeof own?.type === 'string') return own;
  if (part.text === '') {
    if (part.cache !== undefined) notes.dropped(`${field}.cache`, 'it stood on an empty text');
    notes.foreign(field, part.extensions);
    return undefined;
  }
  if (part.refusal === true) notes.approximated(`${field}.refusal`, 'a refusal is plain text in a conversation');
  const block = finish({ type: 'text', text: part.text }, part, field, notes);
  const citations = ownCitations(block.citations);
  if (citations.length === asArray(block.citations).length) return block;
  const { citations: _citations, ...plain } = block;
  return citations.length === 0 ? plain : { ...plain, citations };
}

/** Citations on a user's text, which the newer API version refuses. */
function withoutRefusedCitations(
  block: JsonObject | undefined,
  { role, rules }: BlockPlace,
  field: string,
  notes: NoteList,
): JsonObject | undefined {
  if (block?.citations === undefined || role !== 'user' || rules.userCitations) return block;
  const { citations: _citations, ...rest } = block;
  notes.dropped(
    `${field}.extensions.${FORMAT_ID}.citations`,
    'the API version takes no citations in a turn of the user',
  );
  return rest;
}

function encodeToolCall(part: ToolCallPart, field: string, notes: NoteList): JsonObject {
  const id = requestId(part.id, `${field}.id`, notes);
  if (part.signature !== undefined) {
    notes.approximated(`${field}.signature`, `left out: only ${part.signature.issuer} can read it`);
  }
  if (part.kind === 'custom') {
    notes.approximated(field, 'a free-text tool call became one string argument "input"');
    const input = customToolInput(part.arguments);
    return finish({ type: 'tool_use', id, name: part.name, input }, part, field, notes);
  }
  const { input, wrapped } = toolInput(part.arguments);
  if (wrapped) notes.approximated(`${field}.arguments`, 'not a JSON object: sent as {"__raw": text}');
  return finish({ type: 'tool_use', id, name: part.name, input }, part, field, notes);
}

function encodeToolResult(part: ToolResultPart, turn: BlockPlace, field: string, notes: NoteList): JsonObject {
  const id = requestId(part.callId, `${field}.callId`, notes);
  const content = resultContent(part, turn, field, notes);
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

function resultContent(
  part: ToolResultPart,
  turn: BlockPlace,
  field: string,
  notes: NoteList,
): string | JsonObject[] | undefined {
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
    const block = encodeBlock(piece, { ...turn, role: 'user' }, `${field}.content[${index}]`, notes);
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function encodeReasoningPart(part: ReasoningPart, field: string, notes: NoteList): JsonObject | undefined {
  if (part.encrypted?.issuer === REASONING_ISSUER) {
    return finish({ type: 'redacted_thinking', data: part.encrypted.value }, part, field, notes);
  }
  if (part.signature?.issuer === REASONING_ISSUER) {
    const block = { type: 'thinking', thinking: part.text, signature: part.signature.value };
    return finish(block, part, field, notes);
  }
  const issuer = part.signature?.issuer ?? part.encrypted?.issuer;
  const reason = issuer === undefined ? 'reasoning without a signature' : `reasoning signed by ${issuer}`;
  notes.dropped(field, `${reason}: Anthropic takes only its own`);
  return undefined;
}

function requestId(id: string, field: string, notes: NoteList): string {
  const safe = safeToolCallId(id);
  if (safe !== id) notes.mapped(field, `"${id}" became "${safe}": Anthropic takes letters, digits, _ and -`);
  return safe;
}

function placeholder(kind: string, role: string, field: string, notes: NoteList): JsonObject {
  const where = role === 'assistant' ? ' in a turn of the assistant' : '';
  notes.dropped(field, `Anthropic can't take this ${kind}${where}; a line of text stands in its place`);
  return { type: 'text', text: `[${kind} left out]` };
}

/** Adds the cache mark and this format's own fields, and reports those of others. */
function finish(
  block: JsonObject,
  part: Exclude<Part, { type: 'opaque' }>,
  field: string,
  notes: NoteList,
): JsonObject {
  if (part.cache !== undefined) {
    // Thinking blocks can't be cached by themselves.
    if (part.type === 'reasoning') notes.dropped(`${field}.cache`, 'thinking takes no cache mark');
    else block.cache_control = encodeCacheControl(part.cache, `${field}.cache`, notes);
  }
  notes.foreign(field, part.extensions);
  const own = ownFields(part.extensions);
  return own === undefined ? block : { ...block, ...own };
}
