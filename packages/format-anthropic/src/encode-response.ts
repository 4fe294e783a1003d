import { asObject, type JsonObject, type ModelResponse, restatedAnswer, type ServerContext } from '@signalbox/core';
import { ownFields } from './extensions.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { encodeAnswerBlock } from './response-block.ts';
import { encodeUsage } from './usage.ts';

/** An answer as Anthropic's message object. */
export function encodeResponse(response: ModelResponse, context: ServerContext): JsonObject {
  const content: JsonObject[] = [];
  for (const part of restatedAnswer(response, FORMAT_ID).parts) {
    const block = encodeAnswerBlock(part, context.createId);
    if (block !== undefined) content.push(block);
  }
  const { usage: ownUsage, stop_reason: ownReason, ...own } = ownFields(response.extensions) ?? {};
  const calledTool = response.parts.some((part) => part.type === 'tool-call');
  return {
    id: response.id ?? context.createId(),
    type: 'message',
    role: 'assistant',
    model: response.model ?? context.model,
    content,
    ...encodeFinish(response.finish, calledTool, ownReason),
    usage: encodeUsage(response.usage, asObject(ownUsage)),
    ...own,
  };
}
