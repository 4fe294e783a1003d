import { asArray, asNumber, asObject, asString, type JsonObject, type JsonValue } from '@signalbox/core';
import type { SeededRandom } from './random.ts';

/** Below this depth only what is required is made, so that a schema that holds itself comes to an end. */
const FULL_DEPTH = 3;
/** A schema that requires itself without end is given up here. */
const LAST_DEPTH = 24;

interface SampleContext {
  readonly root: JsonObject;
  readonly random: SeededRandom;
}

/**
 * A value that is valid for a JSON Schema: objects, arrays, strings, numbers, integers, booleans, null, enum, const, `$ref`
 * within the document, anyOf, oneOf, allOf, nullable, bounds and the usual string formats. Not: `pattern`, `not`, conditions.
 */
export function sampleFromSchema(schema: JsonObject, random: SeededRandom): JsonValue {
  return sample(schema, 'value', 0, { root: schema, random });
}

function sample(written: JsonObject, name: string, depth: number, context: SampleContext): JsonValue {
  if (depth > LAST_DEPTH) return null;
  const schema = resolve(written, context.root);
  if (schema.const !== undefined) return schema.const;
  const choices = asArray(schema.enum);
  if (choices.length > 0) return choices[context.random.integer(0, choices.length - 1)] ?? null;
  const alternatives = [...asArray(schema.anyOf), ...asArray(schema.oneOf)];
  if (alternatives.length > 0) return sample(pickAlternative(alternatives, depth), name, depth + 1, context);
  switch (typeOf(schema, depth)) {
    case 'object':
      return sampleObject(schema, depth, context);
    case 'array':
      return sampleArray(schema, name, depth, context);
    case 'number':
    case 'integer':
      return sampleNumber(schema, context.random);
    case 'boolean':
      return context.random.integer(0, 1) === 1;
    case 'null':
      return null;
    default:
      return sampleString(schema, name);
  }
}

function sampleObject(schema: JsonObject, depth: number, context: SampleContext): JsonObject {
  const properties = asObject(schema.properties) ?? {};
  const required = new Set(asArray(schema.required).map(String));
  const result: JsonObject = {};
  for (const [key, property] of Object.entries(properties)) {
    if (depth >= FULL_DEPTH && !required.has(key)) continue;
    result[key] = sample(asObject(property) ?? {}, key, depth + 1, context);
  }
  for (const key of required) if (!(key in result)) result[key] = sample({}, key, depth + 1, context);
  return result;
}

function sampleArray(schema: JsonObject, name: string, depth: number, context: SampleContext): JsonValue[] {
  const prefix = asArray(schema.prefixItems).map((item) => asObject(item) ?? {});
  const least = asNumber(schema.minItems) ?? 0;
  const most = asNumber(schema.maxItems) ?? Number.POSITIVE_INFINITY;
  const length = Math.max(least, Math.min(most, prefix.length || (depth >= FULL_DEPTH ? 0 : 1)));
  const item = asObject(schema.items) ?? {};
  const items = Array.from({ length }, (_, index) =>
    sample(prefix[index] ?? item, length > 1 ? `${name} ${index + 1}` : name, depth + 1, context),
  );
  if (schema.uniqueItems !== true) return items;
  const choices = asArray(resolve(item, context.root).enum);
  return choices.length >= length && choices.length > 0 ? choices.slice(0, length) : items;
}

function sampleNumber(schema: JsonObject, random: SeededRandom): number {
  const whole = String(schema.type).toLowerCase().includes('integer') || asNumber(schema.multipleOf) !== undefined;
  const step = asNumber(schema.multipleOf) ?? (whole ? 1 : 0.5);
  const above = asNumber(schema.exclusiveMinimum);
  const below = asNumber(schema.exclusiveMaximum);
  const low = Math.max(asNumber(schema.minimum) ?? -Infinity, above === undefined ? -Infinity : above + step / 2);
  const high = Math.min(asNumber(schema.maximum) ?? Infinity, below === undefined ? Infinity : below - step / 2);
  const from = Number.isFinite(low) ? low : Number.isFinite(high) ? high - 100 : 1;
  const to = Number.isFinite(high) ? high : from + 100;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  if (first > last) return (from + to) / 2;
  return random.integer(first, Math.min(last, first + 1000)) * step;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT5M',
  email: 'simulated@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/simulated',
  uuid: '00000000-0000-4000-8000-000000000001',
};

function sampleString(schema: JsonObject, name: string): string {
  const formatted = FORMATS[asString(schema.format) ?? ''];
  if (formatted !== undefined) return formatted;
  const least = asNumber(schema.minLength) ?? 0;
  const most = asNumber(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  return `simulated ${name.replaceAll('_', ' ')}`.padEnd(least, '.').slice(0, most);
}

function typeOf(schema: JsonObject, depth: number): string {
  const written = schema.type;
  const types = (Array.isArray(written) ? written : [written]).map((type) => String(type ?? '').toLowerCase());
  if (depth >= FULL_DEPTH && (types.includes('null') || schema.nullable === true)) return 'null';
  const type = types.find((one) => one !== 'null' && one !== '');
  if (type !== undefined) return type;
  if (types.includes('null')) return 'null';
  if (schema.properties !== undefined) return 'object';
  return schema.items !== undefined ? 'array' : 'string';
}

/** Deep down the plainest alternative, so that a tree has leaves; else the first that isn't null. */
function pickAlternative(alternatives: readonly JsonValue[], depth: number): JsonObject {
  const objects = alternatives.map((one) => asObject(one) ?? {});
  const plain = (one: JsonObject) => one.$ref === undefined && one.properties === undefined && one.items === undefined;
  if (depth >= FULL_DEPTH) return objects.find((one) => one.type === 'null') ?? objects.find(plain) ?? objects[0] ?? {};
  return objects.find((one) => one.type !== 'null') ?? objects[0] ?? {};
}

/** Follows `$ref` and merges allOf, so that what follows sees one plain schema. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  let result = schema;
  for (let hops = 0; asString(result.$ref) !== undefined && hops < LAST_DEPTH; hops += 1) {
    const { $ref, ...beside } = result;
    result = { ...lookUp(root, String($ref)), ...beside };
  }
  const parts = asArray(result.allOf);
  if (parts.length === 0) return result;
  const { allOf: _, ...own } = result;
  return parts.map((part) => resolve(asObject(part) ?? {}, root)).reduce(merge, own);
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  return {
    ...left,
    ...right,
    properties: { ...asObject(left.properties), ...asObject(right.properties) },
    required: [...asArray(left.required), ...asArray(right.required)],
  };
}

function lookUp(root: JsonObject, reference: string): JsonObject {
  let value: JsonValue | undefined = root;
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(key)] : asObject(value)?.[key];
  }
  return asObject(value) ?? {};
}
