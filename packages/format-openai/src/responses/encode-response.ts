import {
  asObject,
  type JsonObject,
  type ModelResponse,
  type Part,
  restatedAnswer,
  type ServerContext,
} from '@signalbox/core';
import { isContentType } from './decode-input.ts';
import { itemFields, ownFields } from './extensions.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import {
  answerReasoning,
  callItem,
  callItemId,
  imageItem,
  messageItem,
  opaqueItem,
  ownId,
  showsReasoning,
  textEntry,
} from './output-items.ts';
import { encodeUsage } from './usage.ts';

/** A response as the Responses API gives it. What the caller asked for is not echoed: fields say the default or `null`. */
export function encodeResponse(response: ModelResponse, context: ServerContext): JsonObject {
  const refused = response.parts.some((part) => part.type === 'text' && part.refusal === true);
  return responseObject(
    response,
    {
      ...encodeFinish(response.finish, refused),
      output: encodeOutput(restatedAnswer(response, FORMAT_ID).parts, context.createId),
    },
    context,
  );
}

/** The object of a response with its state: status and output. */
export function responseObject(
  response: Omit<ModelResponse, 'parts' | 'finish'>,
  state: JsonObject,
  context: ServerContext,
): JsonObject {
  const { usage: ownUsage, ...own } = ownFields(response.extensions);
  return {
    id: response.id ?? `resp_${context.createId()}`,
    object: 'response',
    created_at: response.createdAt ?? Math.floor(context.now() / 1000),
    background: false,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model: response.model ?? context.model,
    parallel_tool_calls: true,
    previous_response_id: null,
    store: false,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    ...own,
    ...state,
    usage: response.usage === undefined ? null : encodeUsage(response.usage, asObject(ownUsage)),
  };
}

/** Parts as output items. Texts that stand together are one message, unless they came from several. */
function encodeOutput(parts: readonly Part[], createId: () => string): JsonObject[] {
  const output: JsonObject[] = [];
  let content: JsonObject[] | undefined;

  function addContent(entry: JsonObject, mark: JsonObject | undefined, id: string | undefined): void {
    if (content === undefined || mark !== undefined) {
      content = [];
      output.push({ ...messageItem(id ?? `msg_${createId()}`, mark, []), content });
    }
    content.push(entry);
  }

  for (const part of parts) {
    if (part.type === 'text') {
      addContent(textEntry(part), itemFields(part.extensions), ownId(part.extensions));
      continue;
    }
    if (part.type === 'opaque' && isContentType(part.value.type)) {
      addContent(part.value, undefined, undefined);
      continue;
    }
    const item = encodeItem(part, createId);
    if (item === undefined) continue;
    content = undefined;
    output.push(item);
  }
  return output;
}

function encodeItem(part: Part, createId: () => string): JsonObject | undefined {
  switch (part.type) {
    case 'tool-call':
      return callItem(callItemId(part, createId), part);
    case 'reasoning':
      return showsReasoning(part) ? answerReasoning(ownId(part.extensions) ?? `rs_${createId()}`, part) : undefined;
    case 'opaque':
      return opaqueItem(part, createId);
    case 'image':
      return imageItem(part, createId);
    default:
      return undefined;
  }
}
