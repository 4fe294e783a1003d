import { isJsonObject, type JsonObject, type JsonValue, RouterError } from '@signalbox/core';

/** The error for a field of a caller's request that is not what it must be. */
export function invalidField(field: string, expectation: string): RouterError {
  return new RouterError({
    kind: 'invalid-request',
    message: `The field "${field}" ${expectation}.`,
    parameter: field,
  });
}

/** Name of a member for messages: `messages[0]` and `role` give `messages[0].role`. */
export function fieldName(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

/** A member that may be absent; `null` is absent. */
function member(object: JsonObject, key: string): JsonValue | undefined {
  return object[key] ?? undefined;
}

export function optionalString(object: JsonObject, key: string, place = ''): string | undefined {
  const value = member(object, key);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidField(fieldName(place, key), 'must be a string');
}

export function requiredString(object: JsonObject, key: string, place = ''): string {
  const value = optionalString(object, key, place);
  if (value === undefined) throw invalidField(fieldName(place, key), 'is missing: it must be a string');
  return value;
}

/** A string of at least one character. */
export function requiredName(object: JsonObject, key: string, place: string): string {
  const value = requiredString(object, key, place);
  if (value === '') throw invalidField(fieldName(place, key), 'must not be empty');
  return value;
}

export function optionalBoolean(object: JsonObject, key: string, place = ''): boolean | undefined {
  const value = member(object, key);
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidField(fieldName(place, key), 'must be true or false');
}

export function optionalNumber(object: JsonObject, key: string, place = ''): number | undefined {
  const value = member(object, key);
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalidField(fieldName(place, key), 'must be a number');
}

/** A whole number of at least `least`. */
export function optionalInteger(object: JsonObject, key: string, least: number, place = ''): number | undefined {
  const value = member(object, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw invalidField(fieldName(place, key), `must be a whole number of at least ${least}`);
}

export function optionalObject(object: JsonObject, key: string, place = ''): JsonObject | undefined {
  const value = member(object, key);
  if (value === undefined || isJsonObject(value)) return value;
  throw invalidField(fieldName(place, key), 'must be an object');
}

export function requiredObject(object: JsonObject, key: string, place = ''): JsonObject {
  const value = optionalObject(object, key, place);
  if (value === undefined) throw invalidField(fieldName(place, key), 'is missing: it must be an object');
  return value;
}

export function optionalArray(object: JsonObject, key: string, place = ''): readonly JsonValue[] | undefined {
  const value = member(object, key);
  if (value === undefined || Array.isArray(value)) return value;
  throw invalidField(fieldName(place, key), 'must be an array');
}

/** An array's entry that must be an object. */
export function objectAt(value: JsonValue | undefined, place: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalidField(place, 'must be an object');
}
