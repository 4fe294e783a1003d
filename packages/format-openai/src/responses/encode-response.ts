import {
  asObject,
  type JsonObject,
  type JsonValue,
  type ModelResponse,
  type Part,
  restatedAnswer,
  type ServerContext,
} from '@signalbox/core';
import { isContentType } from './decode-input.ts';
import { itemFields, ownFields } from './extensions.ts';
import { encodeFinish, type ResponseState } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { jsonTemplate } from './json-template.ts';
import { keptItem } from './named-items.ts';
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
  const { usage: ownUsage, ...own } = ownFields(response.extensions);
  const output = encodeOutput(restatedAnswer(response, FORMAT_ID).parts, context.createId);
  keepItems(output, context);
  return responseObject(
    {
      id: response.id ?? `resp_${context.createId()}`,
      createdAt: response.createdAt ?? Math.floor(context.now() / 1000),
      model: response.model ?? context.model,
      state: { ...encodeFinish(response.finish, refused), output },
      usage: response.usage === undefined ? null : encodeUsage(response.usage, asObject(ownUsage)),
    },
    own,
  );
}

/** Hands over what the caller may name later, where somebody keeps it. */
export function keepItems(output: Iterable<JsonObject>, { keepItem }: ServerContext): void {
  if (keepItem === undefined) return;
  for (const item of output) {
    const kept = keptItem(item);
    if (kept !== undefined) keepItem(kept.id, kept.text);
  }
}

/** What a response says of itself beside its output, each value as JSON allows it in its place. */
interface ResponseValues {
  readonly id: JsonValue;
  readonly createdAt: JsonValue;
  readonly model: JsonValue;
  readonly state: JsonObject;
  readonly usage: JsonValue;
}

/** The object of a response: `own` are fields that came from a response of this format. */
function responseObject({ id, createdAt, model, state, usage }: ResponseValues, own: JsonObject): JsonObject {
  return {
    id,
    object: 'response',
    created_at: createdAt,
    background: false,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model,
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
    usage,
  };
}

/** A response without fields of its own, as most are. */
const plainResponse = jsonTemplate(8, (id, createdAt, model, status, error, incomplete_details, output, usage) =>
  responseObject({ id, createdAt, model, state: { status, error, incomplete_details, output: [output] }, usage }, {}),
);

/** Id, model and time of a response, which all its events share. */
export interface ResponseHead {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
}

/** The object of a response as JSON. `output`: its items, which are JSON already. */
export function responseJson(
  head: ResponseHead,
  state: ResponseState,
  output: readonly string[],
  { usage, extensions }: Pick<ModelResponse, 'usage' | 'extensions'> = {},
): string {
  const { usage: ownUsage, ...own } = ownFields(extensions);
  const items = output.join(',');
  const counts = usage === undefined ? null : encodeUsage(usage, asObject(ownUsage));
  if (Object.keys(own).length > 0) {
    const response = jsonTemplate(1, (hole) =>
      responseObject({ ...head, state: { ...state, output: [hole] }, usage: counts }, own),
    );
    return response(items);
  }
  return plainResponse(
    JSON.stringify(head.id),
    String(head.createdAt),
    JSON.stringify(head.model),
    JSON.stringify(state.status),
    JSON.stringify(state.error),
    JSON.stringify(state.incomplete_details),
    items,
    JSON.stringify(counts),
  );
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
