import {
  asArray,
  asNumber,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  parseJson,
  type WireFrame,
} from '../../packages/core/src/index.ts';

/** The message that a stream of Anthropic's builds, put together as its SDK does it and without our codec. */
export function assembleAnthropicMessage(frames: readonly WireFrame[]): JsonObject {
  let message: JsonObject = {};
  const content: JsonObject[] = [];
  const inputs = new Map<number, string>();
  for (const frame of frames) {
    const event = asObject(parseJson(frame.data));
    if (event?.type === 'message_stop') break;
    const index = asNumber(event?.index) ?? 0;
    if (event?.type === 'message_start') message = { ...asObject(event.message) };
    else if (event?.type === 'content_block_start') content[index] = { ...asObject(event.content_block) };
    else if (event?.type === 'content_block_delta') {
      const block = content[index] ?? { type: 'text', text: '' };
      content[index] = block;
      addDelta(block, asObject(event.delta) ?? {}, index, inputs);
    } else if (event?.type === 'message_delta') {
      const { type: _type, delta, usage, ...more } = event;
      message = { ...message, ...asObject(delta), ...more, usage: { ...asObject(message.usage), ...present(usage) } };
    }
  }
  for (const [index, text] of inputs) {
    const block = content[index];
    // An input that was cut off is no object: it goes into one as it is.
    if (block !== undefined) block.input = text.trim() === '' ? {} : (parseJson(text) ?? { __raw: text });
  }
  return { ...message, content };
}

function addDelta(block: JsonObject, delta: JsonObject, index: number, inputs: Map<number, string>): void {
  const append = (key: string, piece: JsonValue | undefined) => {
    block[key] = (asString(block[key]) ?? '') + (asString(piece) ?? '');
  };
  if (delta.type === 'text_delta') append('text', delta.text);
  else if (delta.type === 'thinking_delta') append('thinking', delta.thinking);
  else if (delta.type === 'signature_delta') append('signature', delta.signature);
  else if (delta.type === 'compaction_delta') append('content', delta.content);
  else if (delta.type === 'input_json_delta') inputs.set(index, (inputs.get(index) ?? '') + delta.partial_json);
  else if (delta.type === 'citations_delta') block.citations = [...asArray(block.citations), delta.citation ?? null];
  else for (const [key, piece] of Object.entries(delta)) if (key !== 'type') append(key, piece);
}

/** Later figures replace earlier ones; null says nothing. */
function present(usage: JsonValue | undefined): JsonObject {
  const entries = Object.entries(asObject(usage) ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}
