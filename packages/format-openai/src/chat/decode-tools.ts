import {
  asArray,
  asObject,
  asString,
  type CustomTool,
  type JsonObject,
  type JsonValue,
  type OpaqueTool,
  type Tool,
  type ToolChoice,
  webSearchFrom,
} from '@signalbox/core';
import { decodeCache } from '../shared/cache-mark.ts';
import { decodeGrammar } from '../shared/custom-tool.ts';
import {
  invalidField,
  objectAt,
  optionalBoolean,
  optionalObject,
  optionalString,
  requiredName,
} from '../shared/fields.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const CUSTOM = new Set(['name', 'description', 'format']);
const TOOL = new Set(['type', 'function', 'custom', 'cache_control', 'prompt_cache_breakpoint']);
/** The type of the tool that stands for `web_search_options`. */
export const WEB_SEARCH = 'web_search_options';
const FUNCTION = new Set(['name', 'description', 'parameters', 'strict']);

/** Decodes `tools`. What is not a function stays as it came. */
export function decodeTools(list: readonly JsonValue[]): Tool[] {
  return list.map((entry, index) => {
    const place = `tools[${index}]`;
    const tool = objectAt(entry, place);
    const definition = asObject(tool.function);
    // Mistral's clients leave the type out.
    if (definition !== undefined && (tool.type === 'function' || (tool.type ?? undefined) === undefined)) {
      return decodeFunction(definition, tool, `${place}.function`);
    }
    if (tool.type === 'function') throw invalidField(`${place}.function`, 'is missing: it must be an object');
    const custom = tool.type === 'custom' ? asObject(tool.custom) : undefined;
    if (custom !== undefined) return decodeCustom(custom, tool, `${place}.custom`);
    if (typeof tool.type !== 'string') throw invalidField(`${place}.type`, 'must be a string');
    return { type: 'opaque', format: FORMAT_ID, value: tool };
  });
}

/** The tool that `web_search_options` asks for, with the options as they came. */
export function decodeWebSearch(options: JsonObject): OpaqueTool {
  const location = asObject(options.user_location);
  const webSearch = webSearchFrom({
    location: location?.approximate ?? location,
    contextSize: options.search_context_size,
  });
  return { type: 'opaque', format: FORMAT_ID, value: { ...options, type: WEB_SEARCH }, webSearch };
}

/** Decodes the legacy `functions`. */
export function decodeFunctions(list: readonly JsonValue[]): Tool[] {
  return list.map((entry, index) => {
    const place = `functions[${index}]`;
    return decodeFunction(objectAt(entry, place), {}, place);
  });
}

function decodeFunction(definition: JsonObject, tool: JsonObject, place: string): Tool {
  const description = optionalString(definition, 'description', place);
  const parameters = optionalObject(definition, 'parameters', place);
  const strict = optionalBoolean(definition, 'strict', place);
  const unknown = { ...unknownFields(tool, TOOL) };
  const unknownOfFunction = unknownFields(definition, FUNCTION);
  if (unknownOfFunction !== undefined) unknown.function = unknownOfFunction;
  return {
    type: 'function',
    name: requiredName(definition, 'name', place),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...decodeCache(tool),
    ...asExtensions(Object.keys(unknown).length === 0 ? undefined : unknown),
  };
}

function decodeCustom(definition: JsonObject, tool: JsonObject, place: string): CustomTool {
  const description = optionalString(definition, 'description', place);
  const format = optionalObject(definition, 'format', place);
  const grammar = decodeGrammar(format);
  const rest = unknownFields(definition, CUSTOM);
  // Plain text is what there is without a format; a format that nobody knows goes along as it is.
  const unknownFormat = format !== undefined && format.type !== 'text' && grammar.grammar === undefined;
  const ofCustom = unknownFormat ? { ...rest, format } : rest;
  const unknown = { ...unknownFields(tool, TOOL), ...(ofCustom === undefined ? {} : { custom: ofCustom }) };
  return {
    type: 'custom',
    name: requiredName(definition, 'name', place),
    ...(description === undefined ? {} : { description }),
    ...grammar,
    ...decodeCache(tool),
    ...asExtensions(Object.keys(unknown).length === 0 ? undefined : unknown),
  };
}

/** Decodes `tool_choice`. */
export function decodeToolChoice(value: JsonValue): ToolChoice {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
  // Mistral's word for `required`.
  if (value === 'any') return { type: 'required' };
  const choice = asObject(value);
  if (choice === undefined) {
    throw invalidField('tool_choice', 'must be "auto", "none", "required" or an object that names a tool');
  }
  if (choice.type === 'function' || (choice.type ?? undefined) === undefined) {
    const named = asObject(choice.function);
    if (named === undefined) throw invalidField('tool_choice.function', 'is missing: it must be an object');
    return { type: 'tool', name: requiredName(named, 'name', 'tool_choice.function') };
  }
  const custom = choice.type === 'custom' ? asObject(choice.custom) : undefined;
  if (custom !== undefined) return { type: 'tool', name: requiredName(custom, 'name', 'tool_choice.custom') };
  return decodeAllowed(choice) ?? { type: 'opaque', format: FORMAT_ID, value: choice };
}

/** Decodes the legacy `function_call`. */
export function decodeFunctionChoice(value: JsonValue): ToolChoice {
  if (value === 'auto' || value === 'none') return { type: value };
  const choice = asObject(value);
  if (choice === undefined) throw invalidField('function_call', 'must be "auto", "none" or an object with a name');
  return { type: 'tool', name: requiredName(choice, 'name', 'function_call') };
}

/** A choice among some functions; undefined where it is something else or names other tools as well. */
function decodeAllowed(choice: JsonObject): ToolChoice | undefined {
  const allowed = choice.type === 'allowed_tools' ? asObject(choice.allowed_tools) : undefined;
  if (allowed === undefined || (allowed.mode !== 'auto' && allowed.mode !== 'required')) return undefined;
  const names: string[] = [];
  for (const tool of asArray(allowed.tools)) {
    const { function: called, custom } = asObject(tool) ?? {};
    const name = asString((asObject(called) ?? asObject(custom))?.name);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return { type: 'allowed', mode: allowed.mode, names };
}
