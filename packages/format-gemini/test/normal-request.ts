import { asArray, asObject, isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';

/**
 * What a request may differ in after it was decoded and encoded: the spelling of names and enum values, Google's own schemas as
 * JSON Schema, what only says the default, and which parts, turns and tools stand together.
 */
export function normalRequest(body: JsonObject): unknown {
  const {
    model: _inPath,
    systemInstruction,
    contents,
    tools,
    toolConfig,
    generationConfig,
    serviceTier,
    ...rest
  } = camelCase(body, '') as JsonObject;
  return prune({
    ...rest,
    system: systemTexts(systemInstruction),
    turns: turns(list(contents)),
    tools: normalTools(list(tools)),
    toolConfig: normalToolConfig(toolConfig, list(tools)),
    generationConfig: normalConfig(asObject(generationConfig) ?? {}),
    serviceTier: typeof serviceTier === 'string' ? serviceTier.toLowerCase() : serviceTier,
  });
}

/** Objects whose keys are the caller's own. */
const FOREIGN = new Set([
  'args',
  'response',
  'properties',
  '$defs',
  'labels',
  'parametersJsonSchema',
  'responseJsonSchema',
]);

function camelCase(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((one) => camelCase(one, key) ?? null);
  if (!isJsonObject(value)) return value;
  const own = FOREIGN.has(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const written =
        own || name.startsWith('$') ? name : name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
      if (own && (key === 'args' || key === 'response')) return [name, member];
      return [
        written,
        camelCase(member, own && key !== 'parametersJsonSchema' && key !== 'responseJsonSchema' ? '' : written),
      ];
    }),
  );
}

/** Google takes an object where a list of them is due. */
function list(value: JsonValue | undefined): JsonObject[] {
  return (isJsonObject(value) ? [value] : asArray(value)).filter(isJsonObject);
}

function systemTexts(instruction: JsonValue | undefined): JsonValue | undefined {
  if (typeof instruction === 'string') return instruction;
  if (instruction === undefined) return undefined;
  return list(asObject(instruction)?.parts)
    .map((part) => part.text)
    .join('\n\n');
}

/** Turns of one role in a row are one, responses of functions first; empty texts and empty turns go. */
function turns(contents: readonly JsonObject[]): unknown[] {
  const merged: { role: string; parts: JsonObject[] }[] = [];
  for (const content of contents) {
    const role = content.role === 'model' ? 'model' : 'user';
    const parts = list(content.parts).filter((part) => JSON.stringify(part) !== '{"text":""}');
    const before = merged.at(-1);
    if (parts.length === 0) continue;
    if (before?.role === role) before.parts.push(...parts);
    else merged.push({ role, parts });
  }
  return merged.map(({ role, parts }) => ({
    role,
    parts: [
      ...parts.filter((part) => part.functionResponse !== undefined),
      ...parts.filter((part) => part.functionResponse === undefined),
    ].map(normalPart),
  }));
}

function normalPart(part: JsonObject): unknown {
  if (part.thoughtSignature === SENTINEL) return normalPart({ ...part, thoughtSignature: undefined });
  const response = asObject(part.functionResponse);
  const output = asObject(response?.response)?.output;
  if (typeof output !== 'string' || !output.startsWith('{')) return part;
  return { ...part, functionResponse: { ...response, response: JSON.parse(output) as JsonValue } };
}

const SENTINEL = 'skip_thought_signature_validator';

/** Functions on one side, what Google runs itself on the other. */
function normalTools(tools: readonly JsonObject[]): unknown {
  return {
    functions: tools.flatMap((tool) =>
      list(tool.functionDeclarations).map(({ parameters, parametersJsonSchema, ...declaration }) => {
        const schema = plainTypes(parametersJsonSchema) ?? normalSchema(parameters);
        return { ...declaration, schema: JSON.stringify(schema) === '{"type":"object"}' ? undefined : schema };
      }),
    ),
    others: tools.map(({ functionDeclarations: _functions, ...others }) => others).filter(hasMembers),
  };
}

function normalToolConfig(config: JsonValue | undefined, tools: readonly JsonObject[]): unknown {
  const { functionCallingConfig, ...rest } = asObject(config) ?? {};
  const { mode, ...calling } = asObject(functionCallingConfig) ?? {};
  const word =
    typeof mode === 'number'
      ? ['AUTO', 'AUTO', 'ANY', 'NONE', 'VALIDATED'][mode]
      : String(mode ?? 'AUTO').toUpperCase();
  const hasFunctions = tools.some((tool) => tool.functionDeclarations !== undefined);
  return {
    ...rest,
    calling: hasFunctions ? { ...calling, mode: functionCallingConfig === undefined ? undefined : word } : undefined,
  };
}

function normalConfig(config: JsonObject): unknown {
  const { responseSchema, responseJsonSchema, responseModalities, responseMimeType, thinkingConfig, ...rest } = config;
  const { thinkingLevel, includeThoughts, ...thinking } = asObject(thinkingConfig) ?? {};
  const schema = plainTypes(responseJsonSchema) ?? normalSchema(responseSchema);
  const textOnly = JSON.stringify(responseModalities) === '["TEXT"]';
  return {
    ...rest,
    responseModalities: textOnly ? undefined : responseModalities,
    responseMimeType:
      responseMimeType === 'text/plain' ? undefined : (responseMimeType ?? (schema && 'application/json')),
    schema,
    thinking: {
      ...thinking,
      includeThoughts: includeThoughts === false ? undefined : includeThoughts,
      thinkingLevel: typeof thinkingLevel === 'string' ? thinkingLevel.toUpperCase() : thinkingLevel,
    },
  };
}

const TYPES = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** JSON Schema of a schema in Google's own words. */
function normalSchema(schema: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(schema)) return schema.map((one) => normalSchema(one) ?? null);
  if (!isJsonObject(schema)) return schema;
  const { type, nullable, propertyOrdering: _order, properties, items, anyOf, ...rest } = schema;
  const name = typeof type === 'number' ? TYPES[type] : typeof type === 'string' ? type.toLowerCase() : type;
  const normal: JsonObject = { ...rest };
  if (name !== undefined) normal.type = nullable === true && typeof name === 'string' ? [name, 'null'] : name;
  if (isJsonObject(properties))
    normal.properties = Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, normalSchema(one)]));
  if (items !== undefined) normal.items = normalSchema(items);
  if (anyOf !== undefined) normal.anyOf = normalSchema(anyOf);
  return normal;
}

/** JSON Schema with types that some clients write in upper case. */
function plainTypes(schema: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(schema)) return schema.map((one) => plainTypes(one) ?? null);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : plainTypes(value),
    ]),
  );
}

function hasMembers(value: JsonObject): boolean {
  return Object.keys(value).length > 0;
}

/** Without what says nothing: undefined, null, empty objects and lists. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const members = Object.entries(value)
    .map(([key, member]) => [key, key === 'args' || key === 'response' ? member : prune(member)] as const)
    .filter(([, member]) => member !== undefined && JSON.stringify(member) !== '{}' && JSON.stringify(member) !== '[]');
  return Object.fromEntries(members);
}
