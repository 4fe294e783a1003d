import {
  asNumber,
  asObject,
  asString,
  entryOf,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type OutputFormat,
  type ReasoningEffort,
  type ReasoningRequest,
} from '@signalbox/core';
import { leftovers } from './extensions.ts';
import { invalid } from './validate.ts';

const THINKING = new Set(['type', 'budget_tokens', 'display']);
const FORMAT = new Set(['type', 'schema']);
const CONFIG = new Set(['effort', 'format']);
const MODES: Readonly<Record<string, ReasoningRequest['mode']>> = {
  enabled: 'on',
  adaptive: 'adaptive',
  disabled: 'off',
};
const DISPLAYS: Readonly<Record<string, ReasoningRequest['display']>> = { omitted: 'omitted', summarized: 'summary' };
const EFFORTS: ReadonlySet<string> = new Set<ReasoningEffort>(['low', 'medium', 'high', 'xhigh', 'max']);

type Draft = { -readonly [Key in keyof ModelRequest]: ModelRequest[Key] };

/** Reads `thinking` into the request; a form that the canonical words don't cover is kept whole beside its nearest. */
export function decodeThinking(body: JsonObject, request: Draft, extensions: JsonObject): void {
  const { thinking: value } = body;
  if (value === undefined || value === null) return;
  if (!isJsonObject(value) || typeof value.type !== 'string') {
    throw invalid('thinking', 'must be an object with a "type"');
  }
  const mode = entryOf(MODES, value.type);
  const budgetTokens = asNumber(value.budget_tokens);
  const shown = asString(value.display);
  const display = shown === undefined ? undefined : entryOf(DISPLAYS, shown);
  if (
    mode === undefined ||
    (shown !== undefined && display === undefined) ||
    leftovers(value, THINKING) !== undefined
  ) {
    extensions.thinking = value;
  }
  request.reasoning = {
    mode: mode ?? 'on',
    ...(budgetTokens === undefined ? {} : { budgetTokens }),
    ...(display === undefined ? {} : { display }),
  };
}

/** Reads `output_config` and its predecessor `output_format` into the request. */
export function decodeOutputConfig(body: JsonObject, request: Draft, extensions: JsonObject): void {
  const rest: JsonObject = {};
  const { output_config: value, output_format: oldFormat } = body;
  if (value !== undefined && value !== null) {
    if (!isJsonObject(value)) throw invalid('output_config', 'must be an object');
    Object.assign(rest, leftovers(value, CONFIG));
    decodeEffort(value.effort, request, rest, extensions);
  }
  const format = asObject(value)?.format ?? oldFormat;
  if (format !== undefined && format !== null) {
    const output = decodeFormat(format);
    if (output === undefined) rest.format = format;
    else request.output = output;
  }
  if (Object.keys(rest).length > 0) extensions.output_config = rest;
}

function decodeEffort(effort: JsonValue | undefined, request: Draft, rest: JsonObject, extensions: JsonObject): void {
  if (effort === undefined || effort === null) return;
  if (typeof effort !== 'string' || !EFFORTS.has(effort)) {
    rest.effort = effort;
    return;
  }
  // An effort alone does not turn thinking on here, as it does in other formats: the null says so on the way out.
  if (request.reasoning === undefined) extensions.thinking = null;
  request.reasoning = { ...request.reasoning, effort: effort as ReasoningEffort };
}

function decodeFormat(format: JsonValue): OutputFormat | undefined {
  if (!isJsonObject(format) || format.type !== 'json_schema' || leftovers(format, FORMAT) !== undefined)
    return undefined;
  const schema = asObject(format.schema);
  return schema === undefined ? undefined : { type: 'json-schema', schema };
}
