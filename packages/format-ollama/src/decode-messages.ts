import {
  type FieldReader,
  invalidField,
  isJsonObject,
  type JsonValue,
  type Message,
  type Part,
  type TextPart,
  type ToolCallPart,
} from '@signalbox/core';
import { type CallLedger, createCallLedger } from './call-id.ts';
import { readFields } from './field-reader.ts';
import { imageType } from './image-type.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Reads `messages`: leading system messages apart, neighbouring tool messages as the results of one user turn. */
export function decodeMessages(source: readonly JsonValue[]): { system: TextPart[]; messages: Message[] } {
  const system: TextPart[] = [];
  const messages: { role: Message['role']; parts: Part[]; extensions?: Message['extensions'] }[] = [];
  // The turn of tool results that the next one belongs to.
  let results: Part[] | undefined;
  const calls = createCallLedger();
  for (const [index, value] of source.entries()) {
    const path = `messages[${index}]`;
    if (!isJsonObject(value)) throw invalidField(path, 'an object');
    const fields = readFields(value, path);
    const role = fields.string('role');
    if (role === 'tool') {
      const result = decodeResult(fields, path, calls);
      if (results === undefined) {
        results = [];
        messages.push({ role: 'user', parts: results });
      }
      results.push(result);
    } else if (role === 'system' && messages.length === 0) {
      const text = fields.string('content') ?? '';
      const rest = fields.rest();
      system.push({ type: 'text', text, ...(rest === undefined ? {} : { extensions: { [OLLAMA_CHAT]: rest } }) });
    } else if (role === 'user' || role === 'assistant' || role === 'system') {
      const parts = decodeParts(fields, path, calls);
      const rest = fields.rest();
      results = undefined;
      messages.push(rest === undefined ? { role, parts } : { role, parts, extensions: { [OLLAMA_CHAT]: rest } });
    } else throw invalidField(`${path}.role`, '"system", "user", "assistant" or "tool"');
  }
  return { system, messages };
}

function decodeParts(fields: FieldReader, path: string, calls: CallLedger): Part[] {
  const parts: Part[] = [];
  const thinking = fields.string('thinking');
  if (thinking !== undefined && thinking !== '') parts.push({ type: 'reasoning', text: thinking });
  for (const image of decodeImages(fields, path)) parts.push(image);
  const content = fields.string('content');
  const toolCalls = fields.array('tool_calls') ?? [];
  if (content !== undefined && content !== '') parts.push({ type: 'text', text: content });
  for (const [index, call] of toolCalls.entries()) parts.push(decodeCall(call, `${path}.tool_calls[${index}]`, calls));
  return parts;
}

function decodeImages(fields: FieldReader, path: string): Extract<Part, { type: 'image' }>[] {
  return (fields.array('images') ?? []).map((image, index) => {
    if (typeof image !== 'string') throw invalidField(`${path}.images[${index}]`, 'a string in base64');
    return { type: 'image', source: { kind: 'base64', mediaType: imageType(image), data: image } };
  });
}

function decodeCall(value: JsonValue, path: string, calls: CallLedger): ToolCallPart {
  if (!isJsonObject(value)) throw invalidField(path, 'an object');
  const fields = readFields(value, path);
  const declaration = fields.object('function');
  if (declaration === undefined) throw invalidField(`${path}.function`, 'an object');
  const inner = readFields(declaration, `${path}.function`);
  const name = inner.string('name');
  if (name === undefined) throw invalidField(`${path}.function.name`, 'a string');
  const input = inner.value('arguments');
  const id = fields.string('id');
  return {
    type: 'tool-call',
    id: calls.call(name, id === '' ? undefined : id),
    name,
    arguments: input === undefined ? '' : typeof input === 'string' ? input : JSON.stringify(input),
  };
}

function decodeResult(fields: FieldReader, path: string, calls: CallLedger): Extract<Part, { type: 'tool-result' }> {
  const text = fields.string('content') ?? '';
  const images = decodeImages(fields, path);
  const written = fields.string('tool_name') ?? fields.string('name');
  const { id, name } = calls.result(written, fields.string('tool_call_id'));
  const rest = fields.rest();
  return {
    type: 'tool-result',
    callId: id,
    ...(name === undefined ? {} : { name }),
    content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...images],
    ...(rest === undefined ? {} : { extensions: { [OLLAMA_CHAT]: rest } }),
  };
}
