import {
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
import { WEB_SEARCH } from './decode-tools.ts';
import { encodeCache } from './encode-content.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** `tools`, `tool_choice` and `parallel_tool_calls`. */
export function encodeTools(encoding: Encoding, request: ModelRequest): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  const encoded: { name: string | undefined; value: JsonObject }[] = [];
  let search: JsonObject | undefined;
  for (const [index, tool] of (tools ?? []).entries()) {
    const place = `tools[${index}]`;
    if (tool.type === 'custom') encoded.push({ name: tool.name, value: encodeCustom(encoding, tool, place) });
    else if (tool.type === 'function') encoded.push({ name: tool.name, value: encodeFunction(encoding, tool, place) });
    else if (tool.format === FORMAT_ID && tool.value.type !== WEB_SEARCH) {
      encoded.push({ name: undefined, value: tool.value });
    } else if (tool.webSearch !== undefined) search = encodeWebSearch(encoding, tool, tool.webSearch, place) ?? search;
    else encoding.note('dropped', place, `a tool that only ${tool.format} knows`);
  }
  if (tools !== undefined && tools.length > 0 && encoded.length === 0) {
    // What remains would speak of tools that are gone, which is an error.
    if (toolChoice !== undefined) encoding.note('dropped', 'toolChoice', 'no tool is left');
    if (parallelToolCalls !== undefined) encoding.note('dropped', 'parallelToolCalls', 'no tool is left');
    return search === undefined ? {} : { web_search_options: search };
  }
  const choice = toolChoice === undefined ? undefined : encodeChoice(encoding, toolChoice, tools ?? []);
  const offered =
    choice?.offer === undefined ? encoded : encoded.filter(({ name }) => name !== undefined && choice.offer?.has(name));
  const parallel = encoding.context.quirks.parallelToolCalls !== false;
  if (parallelToolCalls !== undefined && !parallel) {
    encoding.note('dropped', 'parallelToolCalls', 'the endpoint has no such switch');
  }
  return {
    ...(search === undefined ? {} : { web_search_options: search }),
    ...(offered.length === 0 ? {} : { tools: offered.map(({ value }) => value) }),
    ...(choice?.value === undefined ? {} : { tool_choice: choice.value }),
    ...(parallelToolCalls === undefined || !parallel ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeFunction(encoding: Encoding, tool: FunctionTool, place: string): JsonObject {
  noteForeign(encoding, tool.extensions, place);
  const { function: ofFunction, ...ofTool } = ownFields(tool.extensions);
  const takesStrict = encoding.context.quirks.strictTools !== false;
  if (tool.strict === true && !takesStrict)
    encoding.note('dropped', `${place}.strict`, 'the endpoint has no strict tools');
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description === undefined ? {} : { description: tool.description }),
      ...(tool.parameters === undefined ? {} : { parameters: functionSchema(tool.parameters) }),
      ...(tool.strict === undefined || !takesStrict ? {} : { strict: tool.strict }),
      ...(ofFunction as JsonObject | undefined),
    },
    ...encodeCache(encoding, tool.cache, place),
    ...ofTool,
  };
}

/**
 * `web_search_options`: OpenAI's models whose names say that they search take them, and whole endpoints under the quirk. Undefined elsewhere,
 * which is noted.
 */
function encodeWebSearch(
  encoding: Encoding,
  tool: OpaqueTool,
  search: WebSearch,
  place: string,
): JsonObject | undefined {
  const { quirks, model } = encoding.context;
  if (tool.format === FORMAT_ID) {
    const { type: _type, ...options } = tool.value;
    return options;
  }
  if (quirks.webSearchOptions !== true && !/(?:^|-)search(?:-|$)/.test(model)) {
    encoding.note('dropped', place, `${model} can't search the web through Chat Completions`);
    return undefined;
  }
  const { location, contextSize } = search;
  noteWebSearch(search, ['location', 'contextSize'], place, 'web_search_options', reportOf(encoding));
  return {
    ...(contextSize === undefined ? {} : { search_context_size: contextSize }),
    ...(location === undefined ? {} : { user_location: { type: 'approximate', approximate: { ...location } } }),
  };
}

function encodeCustom(encoding: Encoding, tool: CustomTool, place: string): JsonObject {
  noteForeign(encoding, tool.extensions, place);
  const { custom: ofCustom, ...ofTool } = ownFields(tool.extensions);
  return {
    type: 'custom',
    custom: {
      name: tool.name,
      ...(tool.description === undefined ? {} : { description: tool.description }),
      ...(tool.grammar === undefined ? {} : { format: { type: 'grammar', grammar: tool.grammar } }),
      ...(ofCustom as JsonObject | undefined),
    },
    ...encodeCache(encoding, tool.cache, place),
    ...ofTool,
  };
}

interface EncodedChoice {
  readonly value?: JsonValue | undefined;
  /** The tools to offer, where the choice is made by offering fewer. */
  readonly offer?: ReadonlySet<string> | undefined;
}

/** A tool as a choice names it. */
function namedTool(name: string, tools: readonly Tool[]): JsonObject {
  const found = tools.find((tool) => tool.type !== 'opaque' && tool.name === name);
  return found?.type === 'custom' ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}

function encodeChoice(encoding: Encoding, choice: ToolChoice, tools: readonly Tool[]): EncodedChoice {
  if (serverToolChoice(choice, tools) !== undefined) {
    encoding.note('dropped', 'toolChoice', 'it names a tool that is no function');
    return {};
  }
  const { quirks } = encoding.context;
  const required = typeof quirks.requiredToolChoice === 'string' ? quirks.requiredToolChoice : 'required';
  const noteUnforced = () => {
    if (required === 'auto') encoding.note('approximated', 'toolChoice', "the endpoint can't force a tool call");
  };
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { value: choice.type };
    case 'required':
      noteUnforced();
      return { value: required };
    case 'tool':
      if (quirks.namedToolChoice === false) {
        // Where no tool can be named, offering only that one forces it.
        if (required === 'auto') noteUnforced();
        else encoding.note('mapped', 'toolChoice', 'only the tool that is wanted is offered');
        return { value: required, offer: new Set([choice.name]) };
      }
      return { value: namedTool(choice.name, tools) };
    case 'allowed':
      if (quirks.allowedTools === false) {
        encoding.note('approximated', 'toolChoice', 'only the allowed tools are offered');
        if (choice.mode === 'required') noteUnforced();
        return { value: choice.mode === 'required' ? required : 'auto', offer: new Set(choice.names) };
      }
      return {
        value: {
          type: 'allowed_tools',
          allowed_tools: {
            mode: choice.mode,
            tools: choice.names.map((name) => namedTool(name, tools)),
          },
        },
      };
    case 'opaque':
      if (choice.format === FORMAT_ID) return { value: choice.value };
      encoding.note('dropped', 'toolChoice', `a choice that only ${choice.format} knows`);
      return {};
  }
}
