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
  return new Fields(source, path);
}

/** A class, because a long conversation has thousands of objects, and seven closures for each of them cost more than parsing them did. */
class Fields implements FieldReader {
  readonly #source: JsonObject;
  readonly #path: string;
  readonly #seen: string[] = [];

  constructor(source: JsonObject, path: string) {
    this.#source = source;
    this.#path = path;
  }

  value(name: string): JsonValue | undefined {
    const found = this.#source[name];
    if (found === undefined) return undefined;
    this.#seen.push(name);
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
    return invalidField(this.#path === '' ? name : `${this.#path}.${name}`, expected);
  }
}
