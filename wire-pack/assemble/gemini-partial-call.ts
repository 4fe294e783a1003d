import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../packages/core/src/index.ts';

/** Adds a piece of a call's arguments (Vertex `streamFunctionCallArguments`) to the call before it; false where it is no such piece. */
export function addToPartialCall(last: JsonObject | undefined, part: JsonObject): boolean {
  const before = asObject(last?.functionCall);
  const piece = asObject(part.functionCall);
  if (before?.willContinue !== true || piece === undefined) return startPartialCall(piece);
  addArguments(before, piece);
  if (piece.willContinue !== true) delete before.willContinue;
  return true;
}

/** The head of a call that goes on: its arguments begin empty. */
function startPartialCall(piece: JsonObject | undefined): false {
  if (piece?.willContinue === true && piece.args === undefined) addArguments(piece, piece);
  return false;
}

function addArguments(call: JsonObject, piece: JsonObject): void {
  const input = asObject(call.args) ?? {};
  call.args = input;
  for (const value of asArray(piece.partialArgs)) {
    const { jsonPath, stringValue, numberValue, boolValue, nullValue } = asObject(value) ?? {};
    const path = (asString(jsonPath) ?? '$').match(/[^.[\]$]+/g) ?? [];
    const found = stringValue ?? numberValue ?? boolValue;
    setAt(input, path, found === undefined && nullValue !== undefined ? null : found);
  }
  delete call.partialArgs;
}

/** Texts at one place are appended. */
function setAt(root: JsonObject, path: readonly string[], value: JsonValue | undefined): void {
  let target = root as Record<string, JsonValue | undefined>;
  for (const [index, key] of path.entries()) {
    if (index === path.length - 1) {
      const before = target[key];
      target[key] = typeof before === 'string' && typeof value === 'string' ? before + value : value;
      return;
    }
    target[key] ??= /^\d+$/.test(path[index + 1] ?? '') ? [] : {};
    target = target[key] as Record<string, JsonValue | undefined>;
  }
}
