import { asObject, type JsonObject, parseJson } from '@signalbox/core';

/** The key under which text that is not a JSON object travels in a tool call's input. */
const RAW = '__raw';

/** A tool call's input. `wrapped`: the text was not a JSON object and stands under `__raw`. */
export interface ToolInput {
  readonly input: JsonObject;
  readonly wrapped: boolean;
}

/** The arguments' JSON text as an object; blank text means no arguments. */
export function toolInput(text: string): ToolInput {
  if (text.trim() === '') return { input: {}, wrapped: false };
  const parsed = asObject(parseJson(text));
  return parsed === undefined ? { input: { [RAW]: text }, wrapped: true } : { input: parsed, wrapped: false };
}

/** The input of a free-text tool, which Anthropic has not: one string argument. */
export function customToolInput(text: string): JsonObject {
  return { input: text };
}

/** An input as JSON text; what `toolInput` wrapped comes back as it was. */
export function toolArguments(input: unknown): string {
  const object = asObject(input);
  const raw = object?.[RAW];
  if (object !== undefined && typeof raw === 'string' && Object.keys(object).length === 1) return raw;
  return JSON.stringify(input ?? {});
}
