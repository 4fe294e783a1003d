import {
  asObject,
  asString,
  type Extensions,
  type FieldFault,
  type FieldReader,
  fieldPath,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Part,
  type ReasoningSignature,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from '@signalbox/core';
import type { CallLedger } from './call-id.ts';
import { readFields } from './field-reader.ts';
import { GEMINI, GOOGLE } from './gemini-id.ts';
import { readFileData, readInlineData } from './media.ts';

/** Where parts stand, and what is known of the calls before them. */
export interface PartContext {
  readonly fault: FieldFault;
  readonly calls: CallLedger;
}

/** Reads one part of a Content. What the canonical form has no word for becomes an opaque part, signature included. */
export function decodePart(value: JsonValue, path: string, context: PartContext): Part {
  if (!isJsonObject(value)) throw context.fault(path, 'an object');
  const fields = readFields(value, path, context.fault);
  // Most parts of a long conversation are a text, a call or a response and nothing else: no other name has to be looked for.
  if (Object.keys(value).length === 1) {
    if (typeof value.text === 'string') return { type: 'text', text: value.text };
    const call = value.functionCall === undefined ? undefined : fields.object('functionCall');
    if (call !== undefined) return readCall(call, fields, context);
    const { functionResponse } = value;
    if (isJsonObject(functionResponse)) return readResponse(functionResponse, `${path}.functionResponse`, context);
  }
  const text = fields.string('text');
  if (value.thought === true && (text !== undefined || holdsOnly(value, SIGNED_THOUGHT))) {
    fields.value('thought');
    const part: Part = { type: 'reasoning', text: text ?? '' };
    return withRest({ ...part, ...signed(fields) }, fields.rest());
  }
  if (text !== undefined) {
    fields.value('thought');
    // A signature on a text is a field of Google's own: it goes back on the same part, even on an empty one.
    const part: TextPart = { type: 'text', text };
    return withRest(part, fields.rest());
  }
  const inline = fields.object('inlineData');
  if (inline !== undefined)
    return withRest(readInlineData(readFields(inline, fieldPath(path, 'inlineData'), context.fault)), fields.rest());
  const file = fields.object('fileData');
  if (file !== undefined)
    return withRest(readFileData(readFields(file, fieldPath(path, 'fileData'), context.fault)), fields.rest());
  const call = fields.object('functionCall');
  if (call !== undefined) return readCall(call, fields, context);
  const response = fields.object('functionResponse');
  if (response !== undefined)
    return withRest(readResponse(response, fieldPath(path, 'functionResponse'), context), fields.rest());
  const rest = fields.rest();
  if (rest === undefined)
    throw context.fault(path, 'a part with text, inlineData, fileData, functionCall or functionResponse');
  if (holdsOnly(value, SIGNATURE)) return withRest({ type: 'text', text: '' }, rest);
  return { type: 'opaque', format: GEMINI, value };
}

const SIGNATURE = ['thoughtSignature', 'thought_signature'];
const SIGNED_THOUGHT = ['thought', ...SIGNATURE];

function holdsOnly(value: JsonObject, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function signed(fields: FieldReader): { signature?: ReasoningSignature } {
  const signature = fields.string('thoughtSignature');
  return signature === undefined ? {} : { signature: { issuer: GOOGLE, value: signature } };
}

function withRest<One extends Part>(part: One, rest: JsonObject | undefined): One {
  if (rest === undefined) return part;
  const before = 'extensions' in part ? part.extensions?.[GEMINI] : undefined;
  // Both spellings exist; what reads extensions should know one.
  const { thought_signature: snake, ...others } = rest;
  const own = snake === undefined ? others : { ...others, thoughtSignature: snake };
  const extensions: Extensions = { [GEMINI]: { ...before, ...own } };
  return { ...part, extensions };
}

function readCall(call: JsonObject, part: FieldReader, context: PartContext): ToolCallPart {
  const fields = readFields(call, fieldPath(part.path, 'functionCall'), context.fault);
  const name = fields.string('name');
  if (name === undefined) throw context.fault(fieldPath(fields.path, 'name'), 'a string');
  const input = fields.object('args');
  const id = context.calls.call(name, fields.string('id'));
  const result: ToolCallPart = {
    type: 'tool-call',
    id,
    name,
    arguments: input === undefined ? '' : JSON.stringify(input),
    ...signed(part),
  };
  return withRest(withRest(result, inside('functionCall', fields.rest())), part.rest());
}

function readResponse(response: JsonObject, path: string, context: PartContext): ToolResultPart {
  const fields = readFields(response, path, context.fault);
  const name = fields.string('name');
  if (name === undefined) throw context.fault(fieldPath(path, 'name'), 'a string');
  const answer = fields.object('response') ?? {};
  const callId = context.calls.response(name, fields.string('id'));
  const media = (fields.array('parts') ?? []).map((part, index) =>
    decodePart(part, `${path}.parts[${index}]`, context),
  );
  const { text, isError } = media.length > 0 && Object.keys(answer).length === 0 ? NOTHING : responseText(answer);
  const content: ToolResultPart['content'][number][] = text === undefined ? [] : [{ type: 'text', text }];
  for (const [index, part] of media.entries()) {
    if (part.type === 'image' || part.type === 'document' || part.type === 'text') content.push(part);
    else content.push({ type: 'opaque', format: GEMINI, value: asObject(fields.array('parts')?.[index]) ?? {} });
  }
  const result: ToolResultPart = { type: 'tool-result', callId, name, content, ...(isError ? { isError } : {}) };
  return withRest(result, inside('functionResponse', fields.rest()));
}

/** The rest of an object inside a part, at its place in the part. */
function inside(field: string, rest: JsonObject | undefined): JsonObject | undefined {
  return rest === undefined ? undefined : { [field]: rest };
}

interface ResponseText {
  readonly text: string | undefined;
  readonly isError: boolean;
}

/** A response that is all files. */
const NOTHING: ResponseText = { text: undefined, isError: false };

/**
 * A function's response as text: the value of `output` or `error` where it is the only key (Google's convention), else the
 * object as JSON.
 */
function responseText(response: JsonObject): ResponseText {
  if (Object.keys(response).length === 1) {
    const output = asString(response.output);
    if (output !== undefined) return { text: output, isError: false };
    const error = response.error;
    if (error !== undefined && error !== null) {
      return { text: typeof error === 'string' ? error : JSON.stringify(error), isError: true };
    }
  }
  return { text: JSON.stringify(response), isError: false };
}
