import {
  asArray,
  asObject,
  asString,
  type ImagePart,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type ReasoningPart,
  readTokenLogprobs,
  type TextPart,
  type ToolCallPart,
} from '@signalbox/core';
import { inventCallId } from './call-id.ts';
import { imageType } from './image-type.ts';

/** What a message of an answer can hold. */
export type AnswerPart = ReasoningPart | TextPart | ToolCallPart | ImagePart;

/**
 * Reads the `message` of an answer, or of one line of it: thoughts, text, images, calls. `line` is the object it stands in, which
 * ids are made of where Ollama sent none; `callsBefore` counts the answer's calls so far.
 */
export function readMessage(line: JsonObject, callsBefore: number, provider: string): AnswerPart[] {
  const message = asObject(line.message);
  if (message === undefined) return [];
  const parts: AnswerPart[] = [];
  const thinking = asString(message.thinking) ?? '';
  const content = asString(message.content) ?? '';
  if (thinking !== '') parts.push({ type: 'reasoning', text: thinking });
  if (content !== '') {
    const logprobs = readTokenLogprobs(line.logprobs);
    parts.push({ type: 'text', text: content, ...(logprobs === undefined ? {} : { logprobs }) });
  }
  for (const image of asArray(message.images)) {
    if (typeof image !== 'string') continue;
    parts.push({ type: 'image', source: { kind: 'base64', mediaType: imageType(image), data: image } });
  }
  for (const [index, call] of asArray(message.tool_calls).entries()) {
    parts.push(readCall(call, line, callsBefore + index, provider));
  }
  return parts;
}

function readCall(value: JsonValue, line: JsonObject, ordinal: number, provider: string): ToolCallPart {
  const call = asObject(value);
  const declaration = asObject(call?.function);
  const name = asString(declaration?.name) ?? '';
  if (name === '') {
    throw new ProviderError({
      kind: 'invalid-response',
      message: `${provider} sent a tool call without the name of a tool.`,
      provider,
    });
  }
  const id = asString(call?.id) ?? '';
  const input = declaration?.arguments;
  return {
    type: 'tool-call',
    id: id === '' ? inventCallId(callScope(line), ordinal) : id,
    name,
    arguments: input === undefined || input === null ? '' : typeof input === 'string' ? input : JSON.stringify(input),
  };
}

/** What makes the ids of one answer's calls differ from those of the next turn: its time, or a digest of what it says. */
function callScope(line: JsonObject): string {
  const time = asString(line.created_at) ?? '';
  return time === '' ? digest(JSON.stringify(line)) : time;
}

/** FNV-1a, 32 bits: for telling texts apart, not for keeping secrets. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
