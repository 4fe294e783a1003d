import {
  invalidField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type OutputFormat,
  requestObject,
  type Tool,
} from '@signalbox/core';
import { decodeMessages } from './decode-messages.ts';
import { decodeOptions } from './decode-options.ts';
import { readFields } from './field-reader.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

type Draft = { -readonly [Key in keyof ModelRequest]: ModelRequest[Key] };

/**
 * Reads the body of `/api/chat`. Fields that only Ollama has (`keep_alive`, `options.num_ctx`, ...) are kept under the
 * extension `ollama-chat`, which is there even when empty: it says whose rules the caller goes by. Throws RouterError
 * `invalid-request` with the field's name.
 */
export function decodeRequest(given: unknown): ModelRequest {
  const body = requestObject(given);
  const fields = readFields(body, '');
  const model = fields.string('model');
  if (model === undefined || model === '') throw invalidField('model', 'the name of a model');
  const { system, messages } = decodeMessages(fields.array('messages') ?? []);
  const request: Draft = { model, system, messages, stream: fields.boolean('stream') ?? true };
  const tools = (fields.array('tools') ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`));
  if (tools.length > 0) request.tools = tools;
  const output = decodeFormat(fields.value('format'));
  if (output !== undefined) request.output = output;
  const own: JsonObject = {};
  const options = fields.object('options');
  if (options !== undefined) {
    const decoded = decodeOptions(options);
    Object.assign(request, decoded.fields);
    if (decoded.rest !== undefined) own.options = decoded.rest;
  }
  const think = fields.value('think');
  if (think !== undefined) {
    request.reasoning = decodeThink(think);
  }
  const alternatives = fields.number('top_logprobs');
  if (fields.boolean('logprobs') === true) request.logprobs = { alternatives: alternatives ?? 0 };
  request.extensions = { [OLLAMA_CHAT]: { ...own, ...fields.rest() } };
  return request;
}

function decodeTool(tool: JsonValue, path: string): Tool {
  if (!isJsonObject(tool)) throw invalidField(path, 'an object');
  const fields = readFields(tool, path);
  const declaration = fields.object('function');
  const type = fields.string('type') ?? 'function';
  if (declaration === undefined || type !== 'function') return { type: 'opaque', format: OLLAMA_CHAT, value: tool };
  const inner = readFields(declaration, `${path}.function`);
  const name = inner.string('name');
  if (name === undefined || name === '') throw invalidField(`${path}.function.name`, 'a name');
  const description = inner.string('description');
  const parameters = inner.object('parameters');
  const innerRest = inner.rest();
  const rest = { ...fields.rest(), ...(innerRest === undefined ? {} : { function: innerRest }) };
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { [OLLAMA_CHAT]: rest } }),
  };
}

/** `"json"`, a schema, or `""` for none. */
function decodeFormat(format: JsonValue | undefined): OutputFormat | undefined {
  if (format === undefined || format === '') return undefined;
  if (format === 'json') return { type: 'json' };
  if (isJsonObject(format)) return { type: 'json-schema', schema: format };
  throw invalidField('format', '"json" or a JSON schema');
}

function decodeThink(think: JsonValue): ModelRequest['reasoning'] {
  if (typeof think === 'boolean') return { mode: think ? 'on' : 'off' };
  if (think === 'low' || think === 'medium' || think === 'high' || think === 'max')
    return { mode: 'on', effort: think };
  throw invalidField('think', 'true, false, "low", "medium", "high" or "max"');
}
