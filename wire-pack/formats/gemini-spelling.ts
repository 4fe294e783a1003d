import {
  asArray,
  asObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../packages/core/src/index.ts';

// Spellings of one thing that Google's API takes or gives. Each function returns the one in which bodies are compared.

/** Members whose names are the caller's own: below them nothing is respelled. */
const OWN_NAMES = new Set(['args', 'response', '$defs', 'labels', 'parametersJsonSchema', 'responseJsonSchema']);

/** Names in camelCase; names of properties and arguments stay. */
export function camelCased(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(camelCased);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const written = name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
      if (member === undefined || OWN_NAMES.has(written)) return [written, member];
      if (written !== 'properties' || !isJsonObject(member)) return [written, camelCased(member)];
      const properties = Object.entries(member).map(([key, one]) => [key, one === undefined ? one : camelCased(one)]);
      return [written, Object.fromEntries(properties) as JsonObject];
    }),
  );
}

/** An object stands for the list of it. */
function listOf(value: JsonValue | undefined): JsonObject[] {
  return (isJsonObject(value) ? [value] : asArray(value)).filter(isJsonObject);
}

export function comparableInstruction(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return value;
  const texts = asArray(asObject(value)?.parts ?? listOf(asObject(value)?.parts)).map((part) =>
    typeof part === 'string' ? part : (asObject(part)?.text ?? ''),
  );
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** Turns of one role in a row are one, responses of functions first; turns and texts without content go. */
export function comparableContents(value: JsonValue): JsonValue {
  const merged: { role: string; parts: JsonObject[] }[] = [];
  for (const content of listOf(value)) {
    const { role: word, parts: list, ...fields } = content;
    const role = word === 'model' ? 'model' : 'user';
    const parts = listOf(list).filter((part) => JSON.stringify(part) !== '{"text":""}');
    const before = merged.at(-1);
    if (parts.length === 0) continue;
    if (before?.role === role && Object.keys(fields).length === 0) before.parts.push(...parts);
    else merged.push({ role, parts, ...fields });
  }
  return merged.map(({ parts, ...turn }) => ({
    ...turn,
    parts: [
      ...parts.filter((part) => part.functionResponse !== undefined),
      ...parts.filter((part) => part.functionResponse === undefined),
    ].map(comparablePart),
  }));
}

/** Google's word for a call that it did not make itself; what we put on such calls says no more. */
const SENTINEL = 'skip_thought_signature_validator';

function comparablePart(part: JsonObject): JsonObject {
  if (part.thoughtSignature === SENTINEL) {
    const { thoughtSignature: _sentinel, ...rest } = part;
    return comparablePart(rest);
  }
  const response = asObject(part.functionResponse);
  const output = asObject(response?.response)?.output;
  // A text that holds an object is that object.
  const object = typeof output === 'string' && output.startsWith('{') ? parseJson(output) : undefined;
  return isJsonObject(object) ? { ...part, functionResponse: { ...response, response: object } } : part;
}

/** Functions on one side, what Google runs itself on the other. */
export function comparableTools(value: JsonValue): JsonValue | undefined {
  const tools = listOf(value);
  const functions = tools.flatMap((tool) => {
    return listOf(tool.functionDeclarations).map(({ parameters, parametersJsonSchema, ...declaration }) => {
      const schema = jsonSchema(parametersJsonSchema ?? parameters);
      return { ...declaration, ...(saysNothing(schema) ? {} : { schema }) };
    });
  });
  const others = tools.flatMap(({ functionDeclarations: _functions, ...rest }) => {
    return Object.entries(rest).map(([kind, settings]) => ({ [kind]: settings }));
  });
  return functions.length + others.length === 0 ? undefined : { functions, others };
}

/** An object schema without properties says what no schema says. */
function saysNothing(schema: JsonValue | undefined): boolean {
  const { type = 'object', properties, additionalProperties, required: _required, ...rest } = asObject(schema) ?? {};
  const named = isJsonObject(properties) && Object.keys(properties).length > 0;
  const open = additionalProperties !== undefined && additionalProperties !== false;
  return type === 'object' && !named && !open && Object.keys(rest).every((key) => key === '$schema');
}

const MODES = ['AUTO', 'AUTO', 'ANY', 'NONE', 'VALIDATED'];

/** The whole request: its choice of functions in capitals, and none where it is AUTO or there are no functions. */
export function comparableToolConfig(value: JsonValue): JsonValue {
  const { toolConfig, ...body } = asObject(value) ?? {};
  const { functionCallingConfig, ...rest } = asObject(toolConfig) ?? {};
  const calling = asObject(functionCallingConfig) ?? {};
  const { mode } = calling;
  const word = typeof mode === 'number' ? MODES[mode] : String(mode ?? 'AUTO').toUpperCase();
  const hasFunctions = listOf(body.tools).some((tool) => listOf(tool.functionDeclarations).length > 0);
  const says = hasFunctions && word !== 'AUTO';
  const config = { ...rest, ...(says ? { functionCallingConfig: { ...calling, mode: word } } : {}) };
  return Object.keys(config).length === 0 ? body : { ...body, toolConfig: config };
}

/** Schemas as JSON Schema; what only says the default goes. */
export function comparableConfig(value: JsonValue): JsonValue {
  const { responseSchema, responseJsonSchema, responseModalities, responseMimeType, thinkingConfig, ...rest } =
    asObject(value) ?? {};
  const { thinkingLevel, includeThoughts, ...thinking } = asObject(thinkingConfig) ?? {};
  const level = typeof thinkingLevel === 'string' ? thinkingLevel.toUpperCase() : thinkingLevel;
  const schema = jsonSchema(responseJsonSchema ?? responseSchema);
  const config = {
    ...thinking,
    ...(includeThoughts === true ? { includeThoughts } : {}),
    ...(level === undefined ? {} : { thinkingLevel: level }),
  };
  const mimeType = responseMimeType ?? (schema === undefined ? undefined : 'application/json');
  return {
    ...rest,
    ...(responseModalities === undefined || JSON.stringify(responseModalities) === '["TEXT"]'
      ? {}
      : { responseModalities }),
    ...(mimeType === undefined || mimeType === 'text/plain' ? {} : { responseMimeType: mimeType }),
    ...(schema === undefined ? {} : { schema }),
    ...(Object.keys(config).length === 0 ? {} : { thinkingConfig: config }),
  };
}

const TYPES = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

/** JSON Schema of a schema in Google's own words (`STRING`, `nullable`, counts as texts); the order of properties says nothing. */
function jsonSchema(schema: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(schema)) return schema.map((one) => jsonSchema(one) ?? null);
  if (!isJsonObject(schema)) return schema;
  const { type, nullable, propertyOrdering: _order, properties, items, anyOf, ...rest } = schema;
  const name = typeof type === 'number' ? TYPES[type] : typeof type === 'string' ? type.toLowerCase() : type;
  const normal: JsonObject = {};
  for (const [key, value] of Object.entries(rest)) normal[key] = COUNTS.has(key) ? Number(value) : value;
  if (name !== undefined) normal.type = nullable === true && typeof name === 'string' ? [name, 'null'] : name;
  // What may be null is no value of the list in Google's words, and has to be one in JSON Schema.
  if (nullable === true && Array.isArray(rest.enum) && !rest.enum.includes(null)) normal.enum = [...rest.enum, null];
  if (isJsonObject(properties)) {
    normal.properties = Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, jsonSchema(one)]));
  }
  if (items !== undefined) normal.items = jsonSchema(items);
  if (anyOf !== undefined) normal.anyOf = jsonSchema(anyOf);
  return normal;
}

const FINISHES = ['FINISH_REASON_UNSPECIFIED', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'OTHER'];

/** A candidate: index 0 and the role `model` are said, enums are words, texts that say nothing go. */
export function comparableCandidate(value: JsonValue): JsonValue {
  const { content, finishReason, ...rest } = asObject(value) ?? {};
  const { parts, role = 'model', ...fields } = asObject(content) ?? {};
  const word = typeof finishReason === 'number' ? FINISHES[finishReason] : finishReason;
  return {
    index: 0,
    ...rest,
    ...(word === undefined ? {} : { finishReason: word }),
    content: { role, ...fields, parts: comparableAnswerParts(listOf(parts)) },
  };
}

/** Texts without content and signature go; a signature in a part of its own stands behind the text it signs. */
function comparableAnswerParts(parts: readonly JsonObject[]): JsonValue[] {
  const list: JsonObject[] = [];
  for (const { thought, ...part } of parts) {
    const shown: JsonObject = thought === true ? { ...part, thought } : part;
    const { thoughtSignature, ...rest } = shown;
    // A signature alone is that of a text with nothing in it.
    const { text, ...more } = Object.keys(rest).every((key) => key === 'thought') ? { ...rest, text: '' } : rest;
    if (typeof text !== 'string' || more.functionCall !== undefined) {
      list.push(shown);
      continue;
    }
    if (text !== '') list.push({ ...more, text });
    if (thoughtSignature !== undefined) list.push({ ...more, text: '', thoughtSignature });
  }
  return list;
}
