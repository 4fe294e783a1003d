import {
  asArray,
  asObject,
  asString,
  type FieldFault,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@signalbox/core';

/**
 * Puts the arguments of a call together that arrive in pieces (Vertex AI's `streamFunctionCallArguments`): each piece names
 * its place by JSON path, and a text may come in several.
 */
export interface PartialArguments {
  /** Takes the pieces of one chunk in. */
  add(pieces: unknown): void;
  /** The arguments' JSON text; `''` where none came. */
  text(): string;
}

type Container = JsonValue[] | JsonObject;
type Step = string | number;

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/gy;

export function createPartialArguments(fault: FieldFault): PartialArguments {
  const root = emptyObject();
  // The place whose text goes on with the next piece.
  let continues: string | undefined;

  function addPiece(piece: JsonObject): void {
    const path = asString(piece.jsonPath) ?? '';
    const steps = readSteps(path);
    const last = steps?.at(-1);
    if (steps === undefined || last === undefined)
      throw fault('functionCall.partialArgs.jsonPath', 'a path of arguments');
    const container = descend(root, steps, fault);
    const value = pieceValue(piece);
    const before = read(container, last);
    const goesOn = continues === path && typeof before === 'string' && typeof value === 'string';
    write(container, last, goesOn ? before + value : value, fault);
    continues = piece.willContinue === true ? path : undefined;
  }

  return {
    add(pieces) {
      for (const piece of asArray(pieces)) addPiece(asObject(piece) ?? {});
    },
    text: () => (Object.keys(root).length === 0 ? '' : JSON.stringify(root)),
  };
}

/** An object in which `__proto__` is a name like any other. */
function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

function readSteps(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (found === null) return undefined;
    const [, name, place, quoted] = found;
    if (place !== undefined) steps.push(Number(place));
    else steps.push(name ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  return steps;
}

function pieceValue(piece: JsonObject): JsonValue {
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? null;
}

function descend(root: JsonObject, steps: readonly Step[], fault: FieldFault): Container {
  let container: Container = root;
  for (const [at, step] of steps.slice(0, -1).entries()) {
    let inner: JsonValue | undefined = read(container, step);
    if (inner === undefined) {
      inner = typeof steps[at + 1] === 'number' ? [] : emptyObject();
      write(container, step, inner, fault);
    }
    if (!Array.isArray(inner) && !isJsonObject(inner))
      throw fault('functionCall.partialArgs.jsonPath', 'a path of objects');
    container = inner;
  }
  return container;
}

function read(container: Container, step: Step): JsonValue | undefined {
  if (Array.isArray(container)) return typeof step === 'number' ? container[step] : undefined;
  return container[String(step)];
}

function write(container: Container, step: Step, value: JsonValue, fault: FieldFault): void {
  if (!Array.isArray(container)) {
    container[String(step)] = value;
    return;
  }
  // Items come in order: a far index would make a list of nothing but holes.
  if (typeof step !== 'number' || step > container.length) throw fault('functionCall.partialArgs.jsonPath', 'in order');
  container[step] = value;
}
