import { asNumber, entryOf, isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';

/** The names behind the integers of `enum-encoding=int` (google.ai.generativelanguage.v1beta Type). */
const NUMBERED_TYPES = [undefined, 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Keywords that Google writes as 64-bit integers, which its JSON shows as strings. */
const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

/** Keywords whose value holds schemas under names of the caller's. */
const BY_NAME = new Set(['properties', '$defs', 'definitions', 'patternProperties']);

/** Keywords whose value is a list of schemas. */
const IN_LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);

/** Keywords whose value is a schema. */
const ALONE = new Set(['items', 'additionalProperties', 'not']);
/** Keywords for which null is a value, and not an absent keyword. */
const NULL_IS_A_VALUE = new Set(['default', 'const', 'example']);

const SNAKE: Readonly<Record<string, string>> = {
  any_of: 'anyOf',
  min_items: 'minItems',
  max_items: 'maxItems',
  min_length: 'minLength',
  max_length: 'maxLength',
  min_properties: 'minProperties',
  max_properties: 'maxProperties',
  property_ordering: 'propertyOrdering',
  additional_properties: 'additionalProperties',
};

/**
 * The schema of a request that has two fields for it: JSON Schema, or Google's own.
 *
 * @example
 * ```ts
 * readSchema(undefined, { type: 'STRING', nullable: true }); // { type: ['string', 'null'] }
 * ```
 */
export function readSchema(jsonSchema: JsonObject | undefined, own: JsonObject | undefined): JsonObject | undefined {
  if (jsonSchema !== undefined) return withPlainTypes(jsonSchema);
  return own === undefined ? undefined : fromGoogle(own);
}

/** JSON Schema with its types as JSON Schema spells them: Gemini CLI writes `OBJECT` into `responseJsonSchema`. */
function withPlainTypes(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    result[key] = key === 'type' && value !== undefined ? typeName(value) : inner(key, value, withPlainTypes);
  }
  return result;
}

/** JSON Schema of a schema of Google's own: an OpenAPI 3.0 subset with types in upper case, `nullable`, `propertyOrdering`. */
function fromGoogle(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  let nullable = false;
  let ordering: readonly JsonValue[] | undefined;
  for (const [written, value] of Object.entries(schema)) {
    const key = entryOf(SNAKE, written) ?? written;
    if (value === undefined || (value === null && !NULL_IS_A_VALUE.has(key))) continue;
    if (key === 'nullable') nullable = value === true;
    else if (key === 'propertyOrdering') ordering = Array.isArray(value) ? value : undefined;
    else if (key === 'type') result.type = typeName(value);
    else if (COUNTS.has(key)) result[key] = asNumber(Number(value)) ?? value;
    else result[key] = inner(key, value, fromGoogle);
  }
  if (result.type === undefined) delete result.type;
  if (nullable) allowNull(result);
  if (ordering !== undefined && isJsonObject(result.properties))
    result.properties = ordered(result.properties, ordering);
  return result;
}

/** A keyword's value, with the schemas in it converted. */
function inner(
  key: string,
  value: JsonValue | undefined,
  convert: (schema: JsonObject) => JsonObject,
): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return value;
  const each = (one: JsonValue): JsonValue => (isJsonObject(one) ? convert(one) : one);
  if (!isJsonObject(value)) return IN_LISTS.has(key) ? value.map(each) : value;
  if (ALONE.has(key)) return convert(value);
  if (!BY_NAME.has(key)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, one === undefined ? undefined : each(one)]),
  );
}

function typeName(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'number') return NUMBERED_TYPES[value];
  if (typeof value === 'string') return value === 'TYPE_UNSPECIFIED' ? undefined : value.toLowerCase();
  if (Array.isArray(value)) return value.map((one) => typeName(one) ?? one);
  return value;
}

function allowNull(schema: JsonObject): void {
  if (typeof schema.type === 'string') schema.type = [schema.type, 'null'];
  else if (Array.isArray(schema.anyOf)) schema.anyOf = [...schema.anyOf, { type: 'null' }];
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
}

/** The order of the properties is the order in which the model writes them. */
function ordered(properties: JsonObject, ordering: readonly JsonValue[]): JsonObject {
  const names = ordering.filter((name): name is string => typeof name === 'string' && Object.hasOwn(properties, name));
  return { ...Object.fromEntries(names.map((name) => [name, properties[name]])), ...properties };
}
