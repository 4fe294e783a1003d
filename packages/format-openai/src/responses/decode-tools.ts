import {
  asArray,
  asObject,
  asString,
  type CustomTool,
  type FunctionTool,
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
  requiredString,
} from '../shared/fields.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const FUNCTION = new Set(['type', 'name', 'description', 'parameters', 'strict', 'prompt_cache_breakpoint']);

const CUSTOM = new Set(['type', 'name', 'description', 'format', 'prompt_cache_breakpoint']);
const NAMESPACE = new Set(['type', 'name', 'tools']);

/**
 * Decodes `tools`. The tools of a namespace follow each other; the first one has the namespace's own fields. What is neither a function
 * nor a free-text tool (what the provider runs) stays as it came.
 */
export function decodeTools(list: readonly JsonValue[], where = 'tools'): Tool[] {
  return list.flatMap((entry, index) => {
    const place = `${where}[${index}]`;
    const tool = objectAt(entry, place);
    switch (requiredString(tool, 'type', place)) {
      case 'function':
        return [decodeFunction(tool, place)];
      case 'custom':
        return [decodeCustom(tool, place)];
      case 'namespace':
        return decodeNamespace(tool, place) ?? [{ type: 'opaque', format: FORMAT_ID, value: tool }];
      default:
        return [{ type: 'opaque', format: FORMAT_ID, value: tool, ...decodeMeaning(tool) }];
    }
  });
}

/** What a tool of the provider's means to other formats. */
function decodeMeaning(tool: JsonObject): Pick<OpaqueTool, 'webSearch' | 'runsCode'> {
  if (tool.type === 'code_interpreter') return { runsCode: true };
  if (!String(tool.type).startsWith('web_search')) return {};
  const filters = asObject(tool.filters);
  const webSearch = webSearchFrom({
    allowed: filters?.allowed_domains,
    blocked: filters?.blocked_domains,
    location: tool.user_location,
    contextSize: tool.search_context_size,
  });
  return { webSearch };
}

function decodeFunction(tool: JsonObject, place: string): FunctionTool {
  const parameters = optionalObject(tool, 'parameters', place);
  const strict = optionalBoolean(tool, 'strict', place);
  return {
    type: 'function',
    ...decodeNames(tool, place),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...decodeCache(tool),
    ...asExtensions(unknownFields(tool, FUNCTION)),
  };
}

function decodeCustom(tool: JsonObject, place: string): CustomTool {
  const format = optionalObject(tool, 'format', place);
  const grammar = decodeGrammar(format);
  const rest = unknownFields(tool, CUSTOM);
  // Plain text is what there is without a format; a format that nobody knows goes along as it is.
  const unknownFormat = format !== undefined && format.type !== 'text' && grammar.grammar === undefined;
  return {
    type: 'custom',
    ...decodeNames(tool, place),
    ...grammar,
    ...decodeCache(tool),
    ...asExtensions(unknownFormat ? { ...rest, format } : rest),
  };
}

function decodeNames(tool: JsonObject, place: string) {
  const description = optionalString(tool, 'description', place);
  return { name: requiredName(tool, 'name', place), ...(description === undefined ? {} : { description }) };
}

/** The tools of a namespace; undefined where it holds others than functions and free-text tools, or none. */
function decodeNamespace(group: JsonObject, place: string): Tool[] | undefined {
  const namespace = requiredName(group, 'name', place);
  const tools = decodeTools(asArray(group.tools), `${place}.tools`);
  const [first] = tools;
  const known = tools.filter((tool) => tool.type !== 'opaque');
  if (first === undefined || known.length < tools.length) return undefined;
  return known.map((tool, index) => {
    const own = {
      ...ownFields(tool.extensions),
      ...(index === 0 ? { group: unknownFields(group, NAMESPACE) ?? {} } : {}),
    };
    return { ...tool, namespace, ...asExtensions(own) };
  });
}

/** Decodes `tool_choice`. */
export function decodeToolChoice(value: JsonValue): ToolChoice {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
  const choice = asObject(value);
  if (choice === undefined) {
    throw invalidField('tool_choice', 'must be "auto", "none", "required" or an object that names a tool');
  }
  if (choice.type === 'function' || choice.type === 'custom') {
    return { type: 'tool', name: requiredName(choice, 'name', 'tool_choice') };
  }
  return decodeAllowed(choice) ?? { type: 'opaque', format: FORMAT_ID, value: choice };
}

/** A choice among some functions; undefined where it is something else or names other tools as well. */
function decodeAllowed(choice: JsonObject): ToolChoice | undefined {
  if (choice.type !== 'allowed_tools' || (choice.mode !== 'auto' && choice.mode !== 'required')) return undefined;
  const names: string[] = [];
  for (const entry of asArray(choice.tools)) {
    const tool = asObject(entry);
    const name = tool?.type === 'function' || tool?.type === 'custom' ? asString(tool.name) : undefined;
    if (name === undefined) return undefined;
    names.push(name);
  }
  return { type: 'allowed', mode: choice.mode, names };
}
