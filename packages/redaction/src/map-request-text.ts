import type { ModelRequest } from '@signalbox/core';

/** Names of fields whose texts are no words: bytes, ids, proofs that must stay as they were issued. */
const NO_WORDS: ReadonlySet<string> = new Set([
  'type',
  'role',
  'id',
  'callId',
  'call_id',
  'tool_use_id',
  'fileId',
  'file_id',
  'data',
  'mediaType',
  'media_type',
  'signature',
  'encrypted',
  'encrypted_content',
  'format',
  'kind',
]);

/**
 * A request with each text of its system prompt, messages and tools put through `map`: what people and models wrote, results and arguments of tools, documents, and whatever
 * stands in fields that only one format has. The very same request where `map` changes nothing. Reasoning stays as it is: its issuer takes it back only so.
 */
export function mapRequestText(request: ModelRequest, map: (text: string) => string): ModelRequest {
  const system = mapped(request.system, map);
  const messages = mapped(request.messages, map);
  const tools = mapped(request.tools, map);
  if (system === request.system && messages === request.messages && tools === request.tools) return request;
  return { ...request, system, messages, ...(tools === undefined ? {} : { tools }) };
}

function mapped<Value>(value: Value, map: (text: string) => string): Value {
  if (typeof value === 'string') return map(value) as Value;
  if (Array.isArray(value)) {
    const items = value.map((one) => mapped(one, map));
    return items.some((one, index) => one !== value[index]) ? (items as Value) : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if ('type' in value && value.type === 'reasoning') return value;
  let changed: Record<string, unknown> | undefined;
  for (const [key, field] of Object.entries(value)) {
    if (NO_WORDS.has(key)) continue;
    const other = mapped(field, map);
    if (other === field) continue;
    changed ??= { ...(value as Record<string, unknown>) };
    changed[key] = other;
  }
  return (changed as Value | undefined) ?? value;
}
