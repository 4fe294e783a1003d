import { asArray, asNumber, asObject, type JsonObject, type JsonValue } from '@signalbox/core';

/** Where a value breaks a JSON Schema: a second reading of the rules, so that the sampler is not its own judge. */
export function violations(value: JsonValue | undefined, schema: JsonObject, root: JsonObject, path = '$'): string[] {
  const reference = schema.$ref;
  if (typeof reference === 'string') {
    const target = reference
      .slice(2)
      .split('/')
      .reduce<JsonValue | undefined>((inner, key) => asObject(inner)?.[key], root);
    return violations(value, asObject(target) ?? {}, root, path);
  }
  if (schema.const !== undefined)
    return JSON.stringify(schema.const) === JSON.stringify(value) ? [] : [`${path}: const`];
  if (schema.enum !== undefined) {
    const texts = asArray(schema.enum).map((one) => JSON.stringify(one));
    return texts.includes(JSON.stringify(value)) ? [] : [`${path}: enum`];
  }
  if (schema.anyOf !== undefined) {
    const some = asArray(schema.anyOf).some((one) => violations(value, asObject(one) ?? {}, root, path).length === 0);
    return some ? [] : [`${path}: anyOf`];
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (!types.some((type) => isOfType(value, String(type)))) return [`${path}: ${JSON.stringify(value)} is no ${types}`];
  return [...boundViolations(value, schema, path), ...innerViolations(value, schema, root, path)];
}

function isOfType(value: JsonValue | undefined, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return asObject(value) !== undefined;
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function boundViolations(value: JsonValue | undefined, schema: JsonObject, path: string): string[] {
  const size = typeof value === 'string' ? value.length : value;
  if (typeof size !== 'number') return [];
  const low = asNumber(typeof value === 'string' ? schema.minLength : schema.minimum) ?? Number.NEGATIVE_INFINITY;
  const high = asNumber(typeof value === 'string' ? schema.maxLength : schema.maximum) ?? Number.POSITIVE_INFINITY;
  const above = asNumber(schema.exclusiveMinimum) ?? Number.NEGATIVE_INFINITY;
  const step = asNumber(schema.multipleOf);
  return [
    ...(size >= low && size <= high && size > above ? [] : [`${path}: ${size} is out of bounds`]),
    ...(step !== undefined && size % step !== 0 ? [`${path}: ${size} is no multiple of ${step}`] : []),
  ];
}

function innerViolations(value: JsonValue | undefined, schema: JsonObject, root: JsonObject, path: string): string[] {
  if (Array.isArray(value)) {
    const few = value.length < (asNumber(schema.minItems) ?? 0) ? [`${path}: too few`] : [];
    const items = asObject(schema.items) ?? {};
    return [...few, ...value.flatMap((item, index) => violations(item, items, root, `${path}[${index}]`))];
  }
  const object = asObject(value);
  if (!object) return [];
  const properties = asObject(schema.properties) ?? {};
  const missing = asArray(schema.required).filter((key) => !Object.hasOwn(object, String(key)));
  return [
    ...missing.map((key) => `${path}: ${key} is missing`),
    ...Object.entries(object).flatMap(([key, inner]) =>
      Object.hasOwn(properties, key)
        ? violations(inner, asObject(properties[key]) ?? {}, root, `${path}.${key}`)
        : [`${path}: ${key} is unknown`],
    ),
  ];
}
