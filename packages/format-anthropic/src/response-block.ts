import type { JsonObject, OpaquePart, Part, ReasoningPart, ToolCallPart } from '@signalbox/core';
import { encodeCitations } from './citations.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID, REASONING_ISSUER } from './format-id.ts';
import { customToolInput, toolInput } from './tool-arguments.ts';
import { safeToolCallId } from './tool-call-id.ts';

/** A part of an answer as a content block for a caller; `undefined` where there is nothing that the format can show. */
export function encodeAnswerBlock(part: Part, createId: () => string): JsonObject | undefined {
  switch (part.type) {
    case 'text': {
      const own = ownFields(part.extensions);
      if (part.text === '' && own === undefined) return undefined;
      const cited = part.citations === undefined ? {} : { citations: encodeCitations(part.citations) };
      return { type: 'text', text: part.text, ...cited, ...own };
    }
    case 'tool-call':
      return toolUse(part, createId);
    case 'reasoning':
      return thinking(part);
    case 'opaque':
      return opaqueBlock(part);
    case 'tool-result':
      return undefined;
    default:
      return mediaPlaceholder(part.type);
  }
}

/** A tool call's id for a caller: one that Anthropic's clients may send back. */
export function answerCallId(id: string, createId: () => string): string {
  return safeToolCallId(id === '' ? createId() : id);
}

/** A part that only some format knows, as a block. */
export function opaqueBlock(part: OpaquePart): JsonObject | undefined {
  if (part.format === FORMAT_ID) return part.value;
  // Media of a model's travel as opaque parts of the format `canonical`.
  if (part.format === 'canonical' && typeof part.value.type === 'string') return mediaPlaceholder(part.value.type);
  return undefined;
}

function mediaPlaceholder(kind: string): JsonObject {
  return { type: 'text', text: `[${kind} left out]` };
}

function toolUse(part: ToolCallPart, createId: () => string): JsonObject {
  return {
    type: 'tool_use',
    id: answerCallId(part.id, createId),
    name: part.name,
    input: part.kind === 'custom' ? customToolInput(part.arguments) : toolInput(part.arguments).input,
    ...ownFields(part.extensions),
  };
}

function thinking(part: ReasoningPart): JsonObject | undefined {
  if (part.encrypted?.issuer === REASONING_ISSUER) return { type: 'redacted_thinking', data: part.encrypted.value };
  const signature = part.signature?.issuer === REASONING_ISSUER ? part.signature.value : '';
  if (part.text === '' && signature === '') return undefined;
  return { type: 'thinking', thinking: part.text, signature };
}
