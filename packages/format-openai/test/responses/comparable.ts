import { isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';

/** Members of a response that say nothing when they have these values. */
const DEFAULTS: Readonly<Record<string, string>> = {
  background: 'false',
  metadata: '{}',
  parallel_tool_calls: 'true',
  store: 'false',
  text: '{"format":{"type":"text"}}',
  tool_choice: '"auto"',
  truncation: '"disabled"',
  status: '"completed"',
};

/**
 * A response in one spelling, for comparing what came with what goes out. What this hides is documented (README, "Canonical form
 * and back").
 */
export function comparableResponse(body: JsonObject): unknown {
  const { output_text: _text, usage, ...rest } = body;
  const plain = Object.entries(rest).filter(([key, value]) => DEFAULTS[key] !== JSON.stringify(value));
  const output = Array.isArray(body.output) ? body.output.map(comparableOutput) : body.output;
  // DeepSeek writes `complete`.
  const status = body.status === 'complete' ? undefined : body.status;
  return strip({
    ...Object.fromEntries(plain),
    output,
    status: status === 'completed' ? undefined : status,
    usage: withoutZeros(usage),
  });
}

function comparableOutput(item: JsonValue): unknown {
  if (!isJsonObject(item)) return item;
  if (item.type === 'reasoning' || item.type === 'message' || item.type === 'function_call') {
    // Bedrock gives calls no id: ours is made up.
    const { status, id, ...fields } = item;
    const rest = id === 'fc_made' ? fields : { id, ...fields };
    const known = status === 'incomplete' ? { ...rest, status } : rest;
    return item.arguments === '' ? { ...known, arguments: '{}' } : known;
  }
  return { opaque: item };
}

/** Figures that are zero are as good as absent. */
function withoutZeros(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, withoutZeros(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== 0 && entry !== undefined));
}

/** `null` and empty lists mean the same as absent members. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, key === 'parameters' || key === 'schema' ? entry : strip(entry)] as const)
    .filter(([, entry]) => entry !== null && entry !== undefined && !(Array.isArray(entry) && entry.length === 0));
  return Object.fromEntries(entries);
}

/** A request in one spelling. */
export function comparableRequest(body: JsonObject): unknown {
  const { user, stream, text, instructions, input, ...rest } = body;
  const { format, ...textRest } = isJsonObject(text) ? text : {};
  const plainText = isJsonObject(format) && format.type === 'text' ? textRest : { format, ...textRest };
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return strip({
    ...rest,
    safety_identifier: body.safety_identifier ?? user,
    stream: stream === true ? true : undefined,
    instructions: instructions === '' ? undefined : instructions,
    text: Object.keys(strip(plainText) as object).length === 0 ? undefined : plainText,
    input: Array.isArray(items) ? items.map(comparableItem) : items,
  });
}

function comparableItem(item: JsonValue): unknown {
  if (!isJsonObject(item)) return item;
  const { type, status, ...rest } = item;
  const kind = type ?? 'message';
  if (kind === 'function_call_output' || kind === 'custom_tool_call_output') {
    return { ...rest, kind, output: comparableContent(item.output) };
  }
  if (kind === 'message')
    return { ...rest, kind, status: incomplete(status), content: comparableContent(item.content) };
  if (kind === 'reasoning' || kind === 'function_call' || kind === 'custom_tool_call') {
    return { ...rest, kind, status: incomplete(status) };
  }
  return { opaque: item };
}

function incomplete(status: JsonValue | undefined): JsonValue | undefined {
  return status === 'incomplete' ? status : undefined;
}

/** A string and the list of one plain text are the same. */
function comparableContent(content: JsonValue | undefined): unknown {
  const list = typeof content === 'string' ? [{ text: content }] : content;
  if (!Array.isArray(list)) return list;
  return list.map((part) => {
    if (!isJsonObject(part) || typeof part.text !== 'string') return part;
    return { ...part, type: 'text' };
  });
}
