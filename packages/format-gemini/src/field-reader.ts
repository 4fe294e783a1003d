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
  const seen = new Set<string>();

  function value(name: string): JsonValue | undefined {
    const key = Object.hasOwn(source, name) ? name : snakeCase(name);
    if (!Object.hasOwn(source, key)) return undefined;
    seen.add(key);
    return source[key] ?? undefined;
  }

  function checked<Type extends JsonValue>(
    name: string,
    expected: string,
    accepts: (candidate: JsonValue) => candidate is Type,
  ): Type | undefined {
    const found = value(name);
    if (found === undefined || accepts(found)) return found;
    throw fault(fieldPath(path, name), expected);
  }

  return {
    path,
    value,
    string: (name) => checked(name, 'a string', (found) => typeof found === 'string'),
    number: (name) => checked(name, 'a number', (found) => typeof found === 'number'),
    boolean: (name) => checked(name, 'true or false', (found) => typeof found === 'boolean'),
    object: (name) => checked(name, 'an object', isJsonObject),
    array(name) {
      const found = value(name);
      // Google's parser takes a single object where a list of them is due.
      if (isJsonObject(found)) return [found];
      if (found === undefined || Array.isArray(found)) return found;
      throw fault(fieldPath(path, name), 'an array');
    },
    rest() {
      const left = Object.entries(source).filter(
        ([key, found]) => !seen.has(key) && found !== undefined && found !== null,
      );
      return left.length === 0 ? undefined : Object.fromEntries(left);
    },
  };
}

/** The path of a field: `contents[0].role`. */
export function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
