import { isJsonObject, type JsonObject, type Part, type ToolCallPart } from '@signalbox/core';
import { callArguments } from './call-arguments.ts';

/** Writes the message of an answer. Signatures and blocks of other formats have no place in it. */
export function encodeAnswerMessage(parts: readonly Part[]): JsonObject {
  const texts: string[] = [];
  const thinking: string[] = [];
  const images: string[] = [];
  const calls: ToolCallPart[] = [];
  for (const part of parts) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'reasoning') thinking.push(part.text);
    else if (part.type === 'tool-call') calls.push(part);
    else {
      const image = imageData(part);
      if (image !== undefined) images.push(image);
    }
  }
  return {
    role: 'assistant',
    content: texts.join(''),
    ...(thinking.join('') === '' ? {} : { thinking: thinking.join('') }),
    ...(images.length === 0 ? {} : { images }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(encodeAnswerCall) }),
  };
}

function encodeAnswerCall(part: ToolCallPart, index: number): JsonObject {
  return {
    ...(part.id === '' ? {} : { id: part.id }),
    function: { index, name: part.name, arguments: callArguments(part).input },
  };
}

/** The bytes of an image that a model made, in base64; undefined for every other part. */
function imageData(part: Part): string | undefined {
  const image: unknown = part.type === 'opaque' && part.format === 'canonical' ? part.value : part;
  if (!isJsonObject(image) || image.type !== 'image' || !isJsonObject(image.source)) return undefined;
  return typeof image.source.data === 'string' ? image.source.data : undefined;
}
