import { isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';

/** Makes the error for a field that is not what it should be. */
export type FieldFault = (field: string, expected: string) => Error;

/**
 * Reads the fields of an object that may be written `camelCase` or `snake_case` (Google's servers take both), remembers
 * which were read, and gives the rest. `null` counts as absent, as in Google's JSON.
 */
export interface FieldReader {
  readonly path: string;
  value(name: string): JsonValue | undefined;
  string(name: string): string | undefined;
  number(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  object(name: string): JsonObject | undefined;
  array(name: string): readonly JsonValue[] | undefined;
  /** What nobody asked for, as it was written; `undefined` when nothing is left. */
  rest(): JsonObject | undefined;
}

const snakeNames = new Map<string, string>();

function snakeCase(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}

/** Starts reading an object; `path` is where it stands in the body, `''` for the body itself. */
export function readFields(source: JsonObject, path: string, fault: FieldFault): FieldReader {
  return new Fields(source, path, fault);
}

/** A class, because a long conversation has thousands of objects, and eight closures for each of them cost more than parsing them did. */
class Fields implements FieldReader {
  readonly path: string;
  readonly #source: JsonObject;
  readonly #fault: FieldFault;
  readonly #seen: string[] = [];

  constructor(source: JsonObject, path: string, fault: FieldFault) {
    this.path = path;
    this.#source = source;
    this.#fault = fault;
  }

  value(name: string): JsonValue | undefined {
    let key = name;
    let found = this.#source[key];
    if (found === undefined) {
      key = snakeCase(name);
      found = this.#source[key];
    }
    if (found === undefined) return undefined;
    this.#seen.push(key);
    return found ?? undefined;
  }

  string(name: string): string | undefined {
    const found = this.value(name);
    if (found === undefined || typeof found === 'string') return found;
    throw this.#wrong(name, 'a string');
  }

  number(name: string): number | undefined {
    const found = this.value(name);
    if (found === undefined || typeof found === 'number') return found;
    throw this.#wrong(name, 'a number');
  }

  boolean(name: string): boolean | undefined {
    const found = this.value(name);
    if (found === undefined || typeof found === 'boolean') return found;
    throw this.#wrong(name, 'true or false');
  }

  object(name: string): JsonObject | undefined {
    const found = this.value(name);
    if (found === undefined || isJsonObject(found)) return found;
    throw this.#wrong(name, 'an object');
  }

  array(name: string): readonly JsonValue[] | undefined {
    const found = this.value(name);
    if (found === undefined || Array.isArray(found)) return found;
    // Google's parser takes a single object where a list of them is due.
    if (isJsonObject(found)) return [found];
    throw this.#wrong(name, 'an array');
  }

  rest(): JsonObject | undefined {
    const source = this.#source;
    let left: [string, JsonValue][] | undefined;
    for (const key of Object.keys(source)) {
      const found = source[key];
      if (found === undefined || found === null || this.#seen.includes(key)) continue;
      left ??= [];
      left.push([key, found]);
    }
    return left === undefined ? undefined : Object.fromEntries(left);
  }

  #wrong(name: string, expected: string): Error {
    return this.#fault(fieldPath(this.path, name), expected);
  }
}

/** The path of a field: `contents[0].role`. */
export function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
