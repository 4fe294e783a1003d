import { isJsonObject, type JsonObject, parseJson, type ToolCallPart } from '@signalbox/core';

/** A call's arguments as the object that Ollama wants; `exact` is false where they had to be wrapped. */
export function callArguments(part: Pick<ToolCallPart, 'arguments' | 'kind'>): {
  readonly input: JsonObject;
  readonly exact: boolean;
} {
  if (part.kind === 'custom') return { input: { input: part.arguments }, exact: false };
  const parsed = part.arguments === '' ? {} : parseJson(part.arguments);
  if (isJsonObject(parsed)) return { input: parsed, exact: true };
  return parsed === null ? { input: {}, exact: true } : { input: { __raw: part.arguments }, exact: false };
}
