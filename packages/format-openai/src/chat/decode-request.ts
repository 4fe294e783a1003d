import {
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type OutputFormat,
  type OutputModality,
  type ReasoningRequest,
  requestObject,
  type Sampling,
  type Tool,
  type ToolChoice,
} from '@signalbox/core';
import { EFFORTS } from '../shared/efforts.ts';
import {
  invalidField,
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredObject,
} from '../shared/fields.ts';
import { present } from '../shared/present.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { decodeMessages } from './decode-messages.ts';
import {
  decodeFunctionChoice,
  decodeFunctions,
  decodeToolChoice,
  decodeTools,
  decodeWebSearch,
} from './decode-tools.ts';
import { asRequestExtensions } from './extensions.ts';

const SAMPLING: readonly (readonly [keyof Sampling, string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['minP', 'min_p'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['seed', 'seed'],
];

const KNOWN = new Set([
  ...SAMPLING.map(([, key]) => key),
  ...['model', 'messages', 'tools', 'functions', 'tool_choice', 'function_call', 'parallel_tool_calls'],
  ...[
    'response_format',
    'max_completion_tokens',
    'max_tokens',
    'stop',
    'n',
    'logprobs',
    'top_logprobs',
    'service_tier',
  ],
  ...['user', 'prompt_cache_key', 'verbosity', 'stream', 'stream_options', 'web_search_options'],
  // Kept where the canonical form can't say them.
  ...['reasoning_effort', 'safety_identifier', 'modalities'],
]);

/**
 * A Chat Completions request as a ModelRequest. Fields without a canonical word are kept under
 * `extensions['openai-chat']`. Throws RouterError `invalid-request` that names the field.
 */
export function decodeRequest(given: unknown): ModelRequest {
  const body = requestObject(given);
  const list = optionalArray(body, 'messages');
  if (list === undefined) throw invalidField('messages', 'is missing: it must be an array of messages');
  if (list.length === 0) throw invalidField('messages', 'must hold at least one message');
  const { streamUsage, streamOptions } = decodeStreamOptions(body);
  const { reasoning, knowsEffort } = decodeReasoning(body);
  const user = optionalString(body, 'user');
  const safety = optionalString(body, 'safety_identifier');
  // Both name the end user. Where they differ, the older one is the canonical form's and the newer goes along as it is.
  const isOneUser = user === undefined || user === safety;
  const modalities = decodeModalities(body);
  const output = decodeOutput(body);
  const unknown = {
    ...unknownFields(body, KNOWN),
    ...(knowsEffort ? {} : { reasoning_effort: body.reasoning_effort }),
    ...(isOneUser || safety === undefined ? {} : { safety_identifier: safety }),
    ...(modalities === undefined && Array.isArray(body.modalities) ? { modalities: body.modalities } : {}),
    ...streamOptions,
  };
  return present<ModelRequest>({
    model: optionalString(body, 'model'),
    ...decodeMessages(list),
    tools: decodeAllTools(body),
    toolChoice: decodeChoice(body),
    parallelToolCalls: optionalBoolean(body, 'parallel_tool_calls'),
    output,
    verbosity: optionalString(body, 'verbosity'),
    outputModalities: modalities,
    reasoning,
    sampling: decodeSampling(body),
    maxOutputTokens: optionalInteger(body, 'max_completion_tokens', 1) ?? optionalInteger(body, 'max_tokens', 1),
    stopSequences: decodeStop(body),
    logprobs: decodeLogprobs(body),
    candidateCount: optionalInteger(body, 'n', 1),
    userId: user ?? safety,
    promptCacheKey: optionalString(body, 'prompt_cache_key'),
    serviceTier: optionalString(body, 'service_tier'),
    stream: optionalBoolean(body, 'stream'),
    streamUsage,
    // Empty, it still says whose words these are: JSON mode is then asked for as it stands.
    ...asRequestExtensions(Object.keys(unknown).length === 0 && output?.type !== 'json' ? undefined : unknown),
  });
}

/** Tools, or the legacy functions; a search in the web stands apart from them here. */
function decodeAllTools(body: JsonObject): readonly Tool[] | undefined {
  const tools = optionalArray(body, 'tools');
  const functions = optionalArray(body, 'functions');
  const search = optionalObject(body, 'web_search_options');
  const listed =
    tools !== undefined ? decodeTools(tools) : functions === undefined ? undefined : decodeFunctions(functions);
  return search === undefined ? listed : [...(listed ?? []), decodeWebSearch(search)];
}

const MODALITIES: readonly JsonValue[] = ['text', 'image', 'audio'] satisfies OutputModality[];

/** What the answer may hold; undefined where that is text alone, or something that is not known here. */
function decodeModalities(body: JsonObject): readonly OutputModality[] | undefined {
  const listed = optionalArray(body, 'modalities');
  if (listed === undefined || listed.length === 0 || listed.every((kind) => kind === 'text')) return undefined;
  return listed.every((kind) => MODALITIES.includes(kind)) ? (listed as OutputModality[]) : undefined;
}

function decodeStreamOptions(body: JsonObject) {
  const options = optionalObject(body, 'stream_options');
  if (options === undefined) return {};
  const streamUsage = optionalBoolean(options, 'include_usage', 'stream_options');
  const rest = unknownFields(options, new Set(['include_usage']));
  return { streamUsage, streamOptions: rest === undefined ? undefined : { stream_options: rest } };
}

/** `reasoning_effort`; a word that the canonical form doesn't know stays an extension. */
function decodeReasoning(body: JsonObject): { reasoning?: ReasoningRequest; knowsEffort: boolean } {
  const word = optionalString(body, 'reasoning_effort');
  const effort = EFFORTS.find((known) => known === word);
  return effort === undefined ? { knowsEffort: word === undefined } : { reasoning: { effort }, knowsEffort: true };
}

function decodeChoice(body: JsonObject): ToolChoice | undefined {
  const choice = body.tool_choice ?? undefined;
  if (choice !== undefined) return decodeToolChoice(choice);
  const legacy = body.function_call ?? undefined;
  return legacy === undefined ? undefined : decodeFunctionChoice(legacy);
}

function decodeOutput(body: JsonObject): OutputFormat | undefined {
  const format = optionalObject(body, 'response_format');
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') {
    throw invalidField('response_format.type', 'must be "text", "json_object" or "json_schema"');
  }
  const place = 'response_format.json_schema';
  const definition = requiredObject(format, 'json_schema', 'response_format');
  return present({
    type: 'json-schema' as const,
    schema: optionalObject(definition, 'schema', place) ?? {},
    name: optionalString(definition, 'name', place),
    description: optionalString(definition, 'description', place),
    strict: optionalBoolean(definition, 'strict', place),
  });
}

function decodeSampling(body: JsonObject): Sampling | undefined {
  let sampling: { -readonly [Key in keyof Sampling]: Sampling[Key] } | undefined;
  for (const [name, key] of SAMPLING) {
    const value = optionalNumber(body, key);
    if (value === undefined) continue;
    sampling ??= {};
    sampling[name] = value;
  }
  return sampling;
}

function decodeStop(body: JsonObject): readonly string[] | undefined {
  const stop = body.stop ?? undefined;
  if (stop === undefined) return undefined;
  const list = typeof stop === 'string' ? [stop] : stop;
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  throw invalidField('stop', 'must be a string or an array of strings');
}

function decodeLogprobs(body: JsonObject): ModelRequest['logprobs'] {
  const alternatives = optionalInteger(body, 'top_logprobs', 0);
  return optionalBoolean(body, 'logprobs') === true ? { alternatives: alternatives ?? 0 } : undefined;
}
