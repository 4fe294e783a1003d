import {
  asString,
  type FunctionTool,
  fieldPath,
  invalidField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type OpaqueTool,
  type Tool,
  type ToolChoice,
  webSearchFrom,
} from '@signalbox/core';
import { readFields } from './field-reader.ts';
import { GEMINI } from './gemini-id.ts';
import { readSchema } from './open-api-schema.ts';

/** The names behind the integers of `enum-encoding=int` (FunctionCallingConfig.Mode). */
const NUMBERED_MODES = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'];

/** Reads `tools`: each function is a tool of its own, what Google runs itself stays as it came. */
export function decodeTools(tools: readonly JsonValue[]): Tool[] {
  return tools.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (!isJsonObject(tool)) throw invalidField(path, 'an object');
    const fields = readFields(tool, path, invalidField);
    const declarations = fields.array('functionDeclarations') ?? [];
    const read: Tool[] = declarations.map((one, at) =>
      decodeFunction(one, `${fieldPath(path, 'functionDeclarations')}[${at}]`),
    );
    const rest = fields.rest();
    return rest === undefined
      ? read
      : [...read, { type: 'opaque', format: GEMINI, value: rest, ...decodeMeaning(rest) }];
  });
}

/** What a tool of Google's means to other formats. */
function decodeMeaning(tool: JsonObject): Pick<OpaqueTool, 'webSearch' | 'runsCode'> {
  // A tool object may hold several at once: others would lose the rest of them.
  if (Object.keys(tool).length > 1) return {};
  if (isJsonObject(tool.codeExecution)) return { runsCode: true };
  const search = tool.googleSearch ?? tool.googleSearchRetrieval;
  if (!isJsonObject(search)) return {};
  return { webSearch: webSearchFrom({ blocked: search.excludeDomains }) };
}

function decodeFunction(declaration: JsonValue, path: string): FunctionTool {
  if (!isJsonObject(declaration)) throw invalidField(path, 'an object');
  const fields = readFields(declaration, path, invalidField);
  const name = fields.string('name');
  if (name === undefined || name === '') throw invalidField(fieldPath(path, 'name'), 'a name');
  const description = fields.string('description');
  const parameters = readSchema(fields.object('parametersJsonSchema'), fields.object('parameters'));
  const rest = fields.rest();
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(rest === undefined ? {} : { extensions: { [GEMINI]: rest } }),
  };
}

/** What `toolConfig` says: the choice, and what of it only Google knows. */
export function decodeToolConfig(config: JsonObject): {
  readonly choice: ToolChoice | undefined;
  readonly rest: JsonObject | undefined;
} {
  const fields = readFields(config, 'toolConfig', invalidField);
  const calling = fields.object('functionCallingConfig');
  return { choice: calling === undefined ? undefined : decodeChoice(calling), rest: fields.rest() };
}

function decodeChoice(config: JsonObject): ToolChoice | undefined {
  const fields = readFields(config, 'toolConfig.functionCallingConfig', invalidField);
  const written = fields.value('mode');
  const mode = (typeof written === 'number' ? NUMBERED_MODES[written] : asString(written))?.toUpperCase();
  const names = (fields.array('allowedFunctionNames') ?? []).filter((name) => typeof name === 'string');
  if (fields.rest() !== undefined) return { type: 'opaque', format: GEMINI, value: config };
  const [first] = names;
  switch (mode) {
    case undefined:
    case 'MODE_UNSPECIFIED':
    case 'AUTO':
      return { type: 'auto' };
    case 'NONE':
      return { type: 'none' };
    case 'ANY':
      if (first === undefined) return { type: 'required' };
      return names.length === 1 ? { type: 'tool', name: first } : { type: 'allowed', mode: 'required', names };
    case 'VALIDATED':
      if (first !== undefined) return { type: 'allowed', mode: 'auto', names };
      return { type: 'opaque', format: GEMINI, value: config };
    default:
      throw invalidField('toolConfig.functionCallingConfig.mode', 'AUTO, ANY, NONE or VALIDATED');
  }
}
