import { isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';
import { invalidField } from './invalid-request.ts';

/** Reads the fields of an object, remembers which were read, and gives the rest. `null` counts as absent. */
export interface FieldReader {
  value(name: string): JsonValue | undefined;
  string(name: string): string | undefined;
  number(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  object(name: string): JsonObject | undefined;
  array(name: string): readonly JsonValue[] | undefined;
  /** What nobody asked for; `undefined` when nothing is left. */
  rest(): JsonObject | undefined;
}

/** Starts reading an object; `path` is where it stands in the body. Throws RouterError `invalid-request`. */
export function readFields(source: JsonObject, path: string): FieldReader {
  const seen = new Set<string>();

  function value(name: string): JsonValue | undefined {
    seen.add(name);
    return source[name] ?? undefined;
  }

  function checked<Type extends JsonValue>(
    name: string,
    expected: string,
    accepts: (candidate: JsonValue) => candidate is Type,
  ): Type | undefined {
    const found = value(name);
    if (found === undefined || accepts(found)) return found;
    throw invalidField(path === '' ? name : `${path}.${name}`, expected);
  }

  return {
    value,
    string: (name) => checked(name, 'a string', (found) => typeof found === 'string'),
    number: (name) => checked(name, 'a number', (found) => typeof found === 'number'),
    boolean: (name) => checked(name, 'true or false', (found) => typeof found === 'boolean'),
    object: (name) => checked(name, 'an object', isJsonObject),
    array: (name) => checked(name, 'an array', (found): found is JsonValue[] => Array.isArray(found)),
    rest() {
      const left = Object.entries(source).filter(
        ([key, found]) => !seen.has(key) && found !== undefined && found !== null,
      );
      return left.length === 0 ? undefined : Object.fromEntries(left);
    },
  };
}
