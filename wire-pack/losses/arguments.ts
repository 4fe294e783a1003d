import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, parseJson, type ToolCallPart } from '../../packages/core/src/index.ts';

type Call = Pick<ToolCallPart, 'arguments' | 'kind'>;

/** Whether two calls say the same: as JSON values, the text of a free-text tool as it is or under `input`. */
export function sameArguments(before: Call, after: Call): boolean {
  if (before.kind === 'custom') {
    const wrapped = parseJson(after.arguments);
    return after.arguments === before.arguments || (isJsonObject(wrapped) && wrapped.input === before.arguments);
  }
  return isDeepStrictEqual(argumentValue(before.arguments), argumentValue(after.arguments));
}

/** No text means no arguments; what is no JSON object travels under `__raw` in formats that take objects only. */
function argumentValue(text: string): unknown {
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (isJsonObject(value) && typeof value.__raw === 'string' && Object.keys(value).length === 1) {
    return parseJson(value.__raw) ?? value.__raw;
  }
  return value ?? text;
}
