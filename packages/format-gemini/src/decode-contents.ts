import {
  entryOf,
  invalidField,
  isJsonObject,
  type JsonValue,
  type Message,
  type Part,
  type TextPart,
} from '@signalbox/core';
import { createCallLedger } from './call-id.ts';
import { decodePart, type PartContext } from './decode-part.ts';
import { readFields } from './field-reader.ts';
import { GEMINI } from './gemini-id.ts';

/** Roles of Google's; older clients send function responses as `function`. */
const ROLES: Readonly<Record<string, Message['role']>> = { user: 'user', model: 'assistant', function: 'user' };

/** Reads `contents`. Calls without an id get one, and responses the id of the call they answer. */
export function decodeContents(contents: readonly JsonValue[]): Message[] {
  const context: PartContext = { fault: invalidField, calls: createCallLedger() };
  return contents.map((content, index) => {
    const path = `contents[${index}]`;
    if (!isJsonObject(content)) throw invalidField(path, 'an object');
    const fields = readFields(content, path, invalidField);
    const role = entryOf(ROLES, (fields.string('role') ?? 'user').toLowerCase());
    if (role === undefined) throw invalidField(`${path}.role`, '"user" or "model"');
    const parts = readParts(fields.array('parts') ?? [], `${path}.parts`, context);
    const rest = fields.rest();
    return { role, parts, ...(rest === undefined ? {} : { extensions: { [GEMINI]: rest } }) };
  });
}

function readParts(parts: readonly JsonValue[], path: string, context: PartContext): Part[] {
  return parts.map((part, index) => decodePart(part, `${path}[${index}]`, context));
}

/** Reads `systemInstruction`: a Content (or, as some clients send it, a text) whose parts are texts. */
export function decodeSystem(instruction: JsonValue | undefined): TextPart[] {
  if (instruction === undefined) return [];
  if (typeof instruction === 'string') return [{ type: 'text', text: instruction }];
  if (!isJsonObject(instruction)) throw invalidField('systemInstruction', 'an object with parts');
  const parts = readFields(instruction, 'systemInstruction', invalidField).array('parts') ?? [];
  return parts.map((part, index) => {
    const text = typeof part === 'string' ? part : isJsonObject(part) ? part.text : undefined;
    if (typeof text !== 'string') throw invalidField(`systemInstruction.parts[${index}].text`, 'a string');
    return { type: 'text', text };
  });
}
