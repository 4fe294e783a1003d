import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  type Tool,
  type ToolChoice,
} from '@signalbox/core';
import { decodeCache } from '../shared/cache-mark.ts';
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
import { asExtensions } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const FUNCTION = new Set(['type', 'name', 'description', 'parameters', 'strict', 'prompt_cache_breakpoint']);

/** Decodes `tools`. What is not a function (server tools, free-text tools, namespaces) stays as it came. */
export function decodeTools(list: readonly JsonValue[]): Tool[] {
  return list.map((entry, index) => {
    const place = `tools[${index}]`;
    const tool = objectAt(entry, place);
    if (requiredString(tool, 'type', place) !== 'function') return { type: 'opaque', format: FORMAT_ID, value: tool };
    const description = optionalString(tool, 'description', place);
    const parameters = optionalObject(tool, 'parameters', place);
    const strict = optionalBoolean(tool, 'strict', place);
    return {
      type: 'function',
      name: requiredName(tool, 'name', place),
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(strict === undefined ? {} : { strict }),
      ...decodeCache(tool),
      ...asExtensions(unknownFields(tool, FUNCTION)),
    };
  });
}

/** Decodes `tool_choice`. */
export function decodeToolChoice(value: JsonValue): ToolChoice {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
  const choice = asObject(value);
  if (choice === undefined) {
    throw invalidField('tool_choice', 'must be "auto", "none", "required" or an object that names a tool');
  }
  if (choice.type === 'function') return { type: 'tool', name: requiredName(choice, 'name', 'tool_choice') };
  return decodeAllowed(choice) ?? { type: 'opaque', format: FORMAT_ID, value: choice };
}

/** A choice among some functions; undefined where it is something else or names other tools as well. */
function decodeAllowed(choice: JsonObject): ToolChoice | undefined {
  if (choice.type !== 'allowed_tools' || (choice.mode !== 'auto' && choice.mode !== 'required')) return undefined;
  const names: string[] = [];
  for (const entry of asArray(choice.tools)) {
    const tool = asObject(entry);
    const name = tool?.type === 'function' ? asString(tool.name) : undefined;
    if (name === undefined) return undefined;
    names.push(name);
  }
  return { type: 'allowed', mode: choice.mode, names };
}
