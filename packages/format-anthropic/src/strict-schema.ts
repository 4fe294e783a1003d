import { isJsonObject, type JsonObject, type JsonValue, type NoteList } from '@signalbox/core';

/**
 * A JSON Schema as Anthropic keeps to it, in an answer and in a strict tool: every object is closed, and bounds, which it answers with 400, stand in
 * descriptions. Its own SDKs do the same (platform.claude.com/docs/en/build-with-claude/structured-outputs). The same value where nothing had to
 * change; what did is noted under `field`.
 */
export function strictSchema(schema: JsonObject, field: string, notes: NoteList): JsonObject {
  const closed = rewrite(schema, closeObject);
  if (closed !== schema) notes.approximated(field, 'Anthropic wants additionalProperties: false on every object');
  const unbounded = rewrite(closed, sayBounds);
  if (unbounded !== closed) {
    notes.approximated(field, 'Anthropic takes no bounds of numbers, texts and lists: descriptions say them');
  }
  return unbounded;
}

function closeObject(schema: JsonObject): JsonObject {
  const isObject = schema.type === 'object' || schema.properties !== undefined;
  return isObject && schema.additionalProperties !== false ? { ...schema, additionalProperties: false } : schema;
}

const BOUNDS = new Set([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems'],
]);

function sayBounds(schema: JsonObject): JsonObject {
  const bounds = Object.entries(schema).filter(([key, value]) => isBound(key, value));
  if (bounds.length === 0) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !isBound(key, value));
  const said = `(${bounds.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')})`;
  const { description } = schema;
  return {
    ...Object.fromEntries(kept),
    description: typeof description === 'string' && description !== '' ? `${description} ${said}` : said,
  };
}

function isBound(key: string, value: JsonValue | undefined): boolean {
  // A list may be said to have something in it, and no more.
  return BOUNDS.has(key) && !(key === 'minItems' && (value === 0 || value === 1));
}

const LISTS = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems']);
const MAPS = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
const SCHEMAS = new Set(['items', 'not', 'if', 'then', 'else']);

/** The schema with each schema inside it, and itself last, changed; the same value where nothing had to. */
function rewrite(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  let copy: JsonObject | undefined;
  for (const [key, value] of Object.entries(schema)) {
    const written = rewriteMember(key, value, change);
    if (written === value) continue;
    copy ??= { ...schema };
    copy[key] = written;
  }
  return change(copy ?? schema);
}

function rewriteMember(
  key: string,
  value: JsonValue | undefined,
  change: (schema: JsonObject) => JsonObject,
): JsonValue | undefined {
  if (SCHEMAS.has(key) && isJsonObject(value)) return rewrite(value, change);
  if (LISTS.has(key) && Array.isArray(value)) {
    const written = value.map((one) => (isJsonObject(one) ? rewrite(one, change) : one));
    return written.some((one, index) => one !== value[index]) ? written : value;
  }
  if (MAPS.has(key) && isJsonObject(value)) {
    const written = Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, isJsonObject(one) ? rewrite(one, change) : one]),
    );
    return Object.keys(value).some((name) => written[name] !== value[name]) ? written : value;
  }
  return value;
}
