import {
  asObject,
  type CustomTool,
  type FunctionTool,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  noteWebSearch,
  type OpaqueTool,
  serverToolChoice,
  type Tool,
  type ToolChoice,
  type WebSearch,
} from '@signalbox/core';
import { reportOf } from '../shared/effort-of.ts';
import { functionSchema } from '../shared/function-schema.ts';
import { encodeCache } from './encode-content.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** `tools`, `tool_choice` and `parallel_tool_calls`. */
export function encodeTools(encoding: Encoding, request: ModelRequest): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const encoded: JsonObject[] = [];
  let group: { readonly name: string; readonly tools: JsonObject[] } | undefined;
  for (const [index, tool] of tools.entries()) {
    const place = `tools[${index}]`;
    if (tool.type === 'opaque') {
      group = undefined;
      if (tool.format === FORMAT_ID) encoded.push(tool.value);
      else if (tool.webSearch !== undefined && encoding.context.capabilities?.webSearch !== false) {
        encoded.push(encodeWebSearch(encoding, tool.webSearch, place));
      } else if (tool.runsCode === true) {
        const reason = "sent as OpenAI's code interpreter: containers and their files are each provider's own";
        encoding.note('approximated', place, reason);
        encoded.push({ type: 'code_interpreter', container: { type: 'auto' } });
      } else encoding.note('dropped', place, `a tool that only ${tool.format} knows`);
      continue;
    }
    // The item that brought them says them again.
    if (ownFields(tool.extensions).additional === true) continue;
    const written =
      tool.type === 'function' ? encodeFunction(encoding, tool, place) : encodeCustom(encoding, tool, place);
    const fields = asObject(ownFields(tool.extensions).group);
    if (tool.namespace === undefined) {
      group = undefined;
      encoded.push(written);
    } else if (group?.name === tool.namespace && fields === undefined) group.tools.push(written);
    else {
      group = { name: tool.namespace, tools: [written] };
      encoded.push({ type: 'namespace', name: tool.namespace, ...fields, tools: group.tools });
    }
  }
  const left = encoded.length > 0 || tools.some((tool) => ownFieldsOf(tool).additional === true);
  if (tools.length > 0 && !left) {
    // What remains would speak of tools that are gone, which is an error.
    if (toolChoice !== undefined) encoding.note('dropped', 'toolChoice', 'no tool is left');
    if (parallelToolCalls !== undefined) encoding.note('dropped', 'parallelToolCalls', 'no tool is left');
    return {};
  }
  const choice = toolChoice === undefined ? undefined : encodeChoice(encoding, toolChoice, tools);
  return {
    ...(encoded.length === 0 ? {} : { tools: encoded }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeWebSearch(encoding: Encoding, search: WebSearch, place: string): JsonObject {
  const { allowedDomains, location, contextSize } = search;
  noteWebSearch(
    search,
    ['allowedDomains', 'location', 'contextSize'],
    place,
    "OpenAI's web search",
    reportOf(encoding),
  );
  return {
    type: 'web_search',
    ...(allowedDomains === undefined ? {} : { filters: { allowed_domains: [...allowedDomains] } }),
    ...(location === undefined ? {} : { user_location: { type: 'approximate', ...location } }),
    ...(contextSize === undefined ? {} : { search_context_size: contextSize }),
  };
}

function encodeFunction(encoding: Encoding, tool: FunctionTool, place: string): JsonObject {
  noteForeign(encoding, tool.extensions, place);
  // Left out, `strict` means true here and false everywhere else.
  const strict = tool.strict ?? (encoding.own ? undefined : false);
  const parameters = encoding.own ? tool.parameters : functionSchema(tool.parameters ?? {});
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...encodeCache(encoding, tool.cache, place),
    ...toolFields(tool),
  };
}

function encodeCustom(encoding: Encoding, tool: CustomTool, place: string): JsonObject {
  noteForeign(encoding, tool.extensions, place);
  return {
    type: 'custom',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(tool.grammar === undefined ? {} : { format: { type: 'grammar', ...tool.grammar } }),
    ...encodeCache(encoding, tool.cache, place),
    ...toolFields(tool),
  };
}

/** A tool's own fields, without those that say where it stood. */
function toolFields(tool: FunctionTool | CustomTool): JsonObject {
  const { group: _group, additional: _additional, ...fields } = ownFields(tool.extensions);
  return fields;
}

function ownFieldsOf(tool: Tool) {
  return tool.type === 'opaque' ? {} : ownFields(tool.extensions);
}

function encodeChoice(encoding: Encoding, choice: ToolChoice, tools: readonly Tool[]): JsonValue | undefined {
  const server = serverToolChoice(choice, tools);
  if (server !== undefined) return encodeServerChoice(encoding, server);
  const named = (name: string) => ({ type: typeOf(name, tools), name });
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return named(choice.name);
    case 'allowed':
      return {
        type: 'allowed_tools',
        mode: choice.mode,
        tools: choice.names.map(named),
      };
    case 'opaque':
      if (choice.format === FORMAT_ID) return choice.value;
      encoding.note('dropped', 'toolChoice', `a choice that only ${choice.format} knows`);
      return undefined;
  }
}

/** A tool of the provider's is chosen by its type. */
function encodeServerChoice(encoding: Encoding, tool: OpaqueTool): JsonObject | undefined {
  if (tool.webSearch !== undefined && encoding.context.capabilities?.webSearch !== false) return { type: 'web_search' };
  if (tool.runsCode === true) return { type: 'code_interpreter' };
  encoding.note('dropped', 'toolChoice', `it names a tool that only ${tool.format} knows`);
  return undefined;
}

function typeOf(name: string, tools: readonly Tool[]): 'function' | 'custom' {
  const found = tools.find((tool) => tool.type !== 'opaque' && tool.name === name);
  return found?.type === 'custom' ? 'custom' : 'function';
}
