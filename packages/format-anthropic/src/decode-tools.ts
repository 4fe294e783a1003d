import {
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type OpaqueTool,
  type Tool,
  type ToolChoice,
  webSearchFrom,
} from '@signalbox/core';
import { decodeCacheControl } from './cache-mark.ts';
import { asExtensions, leftovers } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { invalid } from './validate.ts';

const TOOL = new Set(['name', 'description', 'input_schema', 'strict', 'cache_control']);
const CHOICE = new Set(['type', 'name', 'disable_parallel_tool_use']);

type Draft = { -readonly [Key in keyof ModelRequest]: ModelRequest[Key] };

/** Reads `tools` into the request. Throws RouterError `invalid-request`. */
export function decodeTools(body: JsonObject, request: Draft): void {
  if (body.tools === undefined || body.tools === null) return;
  if (!Array.isArray(body.tools)) throw invalid('tools', 'must be a list of tools');
  request.tools = body.tools.map((tool, index) => decodeTool(tool, `tools.${index}`));
}

function decodeTool(value: JsonValue, path: string): Tool {
  if (!isJsonObject(value)) throw invalid(path, 'must be an object');
  const { type, name } = value;
  if (type !== undefined && type !== null && type !== 'custom') {
    return { type: 'opaque', format: FORMAT_ID, value, ...decodeMeaning(value) };
  }
  if (typeof name !== 'string' || name === '') throw invalid(`${path}.name`, 'must be a string');
  const description = asString(value.description);
  const parameters = asObject(value.input_schema);
  if (parameters === undefined) throw invalid(`${path}.input_schema`, 'must be a JSON Schema object');
  const cache = decodeCacheControl(value.cache_control);
  let fields = leftovers(value, TOOL);
  if (cache === undefined && value.cache_control !== undefined && value.cache_control !== null) {
    fields = { ...fields, cache_control: value.cache_control };
  }
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
    ...(typeof value.strict === 'boolean' ? { strict: value.strict } : {}),
    ...(cache === undefined ? {} : { cache }),
    ...asExtensions(fields),
  };
}

/** What a tool of the provider's means to other formats. */
function decodeMeaning(tool: JsonObject): Pick<OpaqueTool, 'webSearch' | 'runsCode'> {
  if (String(tool.type).startsWith('code_execution_')) return { runsCode: true };
  if (!String(tool.type).startsWith('web_search_')) return {};
  const webSearch = webSearchFrom({
    allowed: tool.allowed_domains,
    blocked: tool.blocked_domains,
    location: tool.user_location,
    maxUses: tool.max_uses,
  });
  return { webSearch };
}

/** Reads `tool_choice` into the request. Throws RouterError `invalid-request`. */
export function decodeToolChoice(body: JsonObject, request: Draft): void {
  const { tool_choice: value } = body;
  if (value === undefined || value === null) return;
  if (!isJsonObject(value) || typeof value.type !== 'string') {
    throw invalid('tool_choice', 'must be an object with a "type"');
  }
  const choice = leftovers(value, CHOICE) === undefined ? knownChoice(value) : undefined;
  if (choice === undefined) {
    request.toolChoice = { type: 'opaque', format: FORMAT_ID, value };
    return;
  }
  request.toolChoice = choice;
  if (typeof value.disable_parallel_tool_use === 'boolean') {
    request.parallelToolCalls = !value.disable_parallel_tool_use;
  }
}

function knownChoice(value: JsonObject): ToolChoice | undefined {
  switch (value.type) {
    case 'auto':
    case 'none':
      return { type: value.type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      if (typeof value.name !== 'string') throw invalid('tool_choice.name', 'must be a string');
      return { type: 'tool', name: value.name };
    default:
      return undefined;
  }
}
