import { isJsonObject, type JsonObject, type JsonValue, type OutputFormat } from '@signalbox/core';
import type { Notes } from './notes.ts';

/** What stands in for a JSON mode, which Anthropic has not. */
const JSON_INSTRUCTION = 'Answer with a single valid JSON value and nothing else: no explanation, no code fence.';

/** The wanted form of the answer: `output_config.format`, or an instruction for the system prompt. */
export function encodeOutput(
  output: OutputFormat | undefined,
  notes: Notes,
): { readonly format?: JsonObject; readonly instruction?: string } {
  if (output === undefined) return {};
  if (output.type === 'json') {
    notes.add('output', 'approximated', 'Anthropic has no JSON mode: an instruction was added to the system prompt');
    return { instruction: JSON_INSTRUCTION };
  }
  for (const key of ['name', 'description'] as const) {
    if (output[key] !== undefined) notes.add(`output.${key}`, 'dropped', 'a schema has no such field at Anthropic');
  }
  if (output.strict !== undefined) {
    notes.add('output.strict', output.strict ? 'mapped' : 'approximated', 'a schema is always strict at Anthropic');
  }
  const schema = closeObjects(output.schema);
  if (schema !== output.schema) {
    notes.add('output.schema', 'approximated', 'Anthropic wants additionalProperties: false on every object');
  }
  return { format: { type: 'json_schema', schema: schema as JsonObject } };
}

const LISTS = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems']);
const MAPS = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
const SCHEMAS = new Set(['items', 'not', 'if', 'then', 'else']);

/** The schema with `additionalProperties: false` on every object; the same value where nothing had to change. */
function closeObjects(schema: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(schema)) return schema;
  let copy: JsonObject | undefined;
  const set = (key: string, value: JsonValue | undefined) => {
    copy ??= { ...schema };
    copy[key] = value;
  };
  for (const [key, value] of Object.entries(schema)) {
    const closed = closeMember(key, value);
    if (closed !== value) set(key, closed);
  }
  const isObject = schema.type === 'object' || schema.properties !== undefined;
  if (isObject && schema.additionalProperties !== false) set('additionalProperties', false);
  return copy ?? schema;
}

function closeMember(key: string, value: JsonValue | undefined): JsonValue | undefined {
  if (SCHEMAS.has(key)) return closeObjects(value);
  if (LISTS.has(key) && Array.isArray(value)) {
    const closed = value.map((one) => closeObjects(one) ?? null);
    return closed.some((one, index) => one !== value[index]) ? closed : value;
  }
  if (MAPS.has(key) && isJsonObject(value)) {
    const closed = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closeObjects(one)]));
    return Object.keys(value).some((name) => closed[name] !== value[name]) ? closed : value;
  }
  return value;
}
