import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type NoteList,
  namedSchema,
  type OutputFormat,
} from '@signalbox/core';

/** What stands in for a JSON mode, which Anthropic has not. */
const JSON_INSTRUCTION = 'Answer with a single valid JSON value and nothing else: no explanation, no code fence.';

/** The wanted form of the answer: `output_config.format`, or an instruction for the system prompt. */
export function encodeOutput(
  output: OutputFormat | undefined,
  notes: NoteList,
): { readonly format?: JsonObject; readonly instruction?: string } {
  if (output === undefined) return {};
  if (output.type === 'json') {
    notes.approximated('output', 'Anthropic has no JSON mode: an instruction was added to the system prompt');
    return { instruction: JSON_INSTRUCTION };
  }
  if (output.strict !== undefined) {
    notes[output.strict ? 'mapped' : 'approximated']('output.strict', 'a schema is always strict at Anthropic');
  }
  const named = namedSchema(output, notes);
  const schema = closeObjects(named);
  if (schema !== named) {
    notes.approximated('output.schema', 'Anthropic wants additionalProperties: false on every object');
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
