import { RouterError } from './errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Makes the error for a field that is not what it should be. */
export type FieldFault = (field: string, expected: string) => Error;

/** The error for a field of a caller's request that is not what it should be. */
export function invalidField(field: string, expected: string): RouterError {
  return new RouterError({
    kind: 'invalid-request',
    message: `The field "${field}" must be ${expected}.`,
    parameter: field,
  });
}

/** What a format allows beside one name for each field. Made once per format: a reader is made for every object. */
export interface FieldLeniency {
  /** A field's other name, looked for where it is absent under the first (`snake_case` at Google's). */
  readonly otherName?: ((name: string) => string) | undefined;
  /** One object may stand where a list of them is due. */
  readonly objectAsList?: boolean | undefined;
}

/** Reads the fields of an object, remembers which were read, and gives the rest. `null` counts as absent. */
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

const STRICT: FieldLeniency = {};

/** Starts reading an object; `path` is where it stands in the body, `''` for the body itself. Reading throws what `fault` makes. */
export function createFieldReader(
  source: JsonObject,
  path: string,
  fault: FieldFault,
  leniency: FieldLeniency = STRICT,
): FieldReader {
  return new Fields(source, path, fault, leniency);
}

/** A class, because a long conversation has thousands of objects, and eight closures for each of them cost more than parsing them did. */
class Fields implements FieldReader {
  readonly path: string;
  readonly #source: JsonObject;
  readonly #fault: FieldFault;
  readonly #leniency: FieldLeniency;
  readonly #seen: string[] = [];
  /** How many fields there are, counted when one is looked for in vain. */
  #count = -1;

  constructor(source: JsonObject, path: string, fault: FieldFault, leniency: FieldLeniency) {
    this.path = path;
    this.#source = source;
    this.#fault = fault;
    this.#leniency = leniency;
  }

  value(name: string): JsonValue | undefined {
    let key = name;
    let found = this.#source[key];
    if (found === undefined && this.#leniency.otherName !== undefined && !this.#isAllRead()) {
      key = this.#leniency.otherName(name);
      if (key !== name) found = this.#source[key];
    }
    if (found === undefined) return undefined;
    if (!this.#seen.includes(key)) this.#seen.push(key);
    return found ?? undefined;
  }

  /** Whether every field was read: most names that are asked for are of fields that are not there, under neither name. */
  #isAllRead(): boolean {
    if (this.#count < 0) this.#count = Object.keys(this.#source).length;
    return this.#seen.length === this.#count;
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
    if (this.#leniency.objectAsList === true && isJsonObject(found)) return [found];
    throw this.#wrong(name, 'an array');
  }

  rest(): JsonObject | undefined {
    const source = this.#source;
    const keys = Object.keys(source);
    if (keys.length === this.#seen.length) return undefined;
    let left: [string, JsonValue][] | undefined;
    for (const key of keys) {
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
