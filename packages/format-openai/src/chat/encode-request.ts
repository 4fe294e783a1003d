import {
  asObject,
  type EncodeContext,
  type EncodedRequest,
  entryOf,
  type JsonObject,
  leastOutput,
  type ModelRequest,
  type OutputFormat,
  pairToolResults,
  plainTools,
  restatedRequest,
  type Sampling,
} from '@signalbox/core';
import { FORMAT_ID as RESPONSES_FORMAT_ID } from '../responses/format-id.ts';
import { reportOf } from '../shared/effort-of.ts';
import { fittingIdentifier } from '../shared/identifier.ts';
import { sayJson } from '../shared/say-json.ts';
import { withSharedFields } from '../shared/shared-fields.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeTools } from './encode-tools.ts';
import { isOwn, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { createEncoding, type Encoding, noteForeign } from './notes.ts';
import { withoutRefusedFields } from './refused-fields.ts';

/** Path of Chat Completions below an endpoint's base. */
export const CHAT_PATH = '/chat/completions';

/** Sampling fields: the name on the wire, the value that changes nothing, and the quirk without which it is unknown there. */
const SAMPLING: readonly {
  readonly name: keyof Sampling;
  readonly field: string;
  readonly neutral?: number;
  readonly quirk?: string;
}[] = [
  { name: 'temperature', field: 'temperature', neutral: 1 },
  { name: 'topP', field: 'top_p', neutral: 1 },
  { name: 'topK', field: 'top_k', quirk: 'topK' },
  { name: 'minP', field: 'min_p', quirk: 'minP' },
  { name: 'frequencyPenalty', field: 'frequency_penalty', neutral: 0 },
  { name: 'presencePenalty', field: 'presence_penalty', neutral: 0 },
];

/** Other formats' words for this one's tiers. */
const SERVICE_TIERS: Readonly<Record<string, string>> = { standard: 'default', standard_only: 'default' };

/** Members of the prompt cache's options that the Responses API alone has. */
const RESPONSES_CACHE_OPTIONS = ['prewarm', 'comparison_response_id'];

/** A ModelRequest as a Chat Completions request. What can't be said in it is in the notes. */
export function encodeRequest(asked: ModelRequest, context: EncodeContext): EncodedRequest {
  const encoding = createEncoding(asked, context);
  const wanted = withSharedFields(asked, RESPONSES_FORMAT_ID, FORMAT_ID, encoding.note, RESPONSES_CACHE_OPTIONS);
  const report = reportOf(encoding);
  const paired = pairToolResults(restatedRequest(wanted, FORMAT_ID, report), FORMAT_ID, report);
  const kinds = { custom: context.quirks.customTools !== false, nameLength: 64, ownNames: ownToolNames(paired) };
  const plain = plainTools(paired, kinds, report);
  const how = { schemaless: context.quirks.jsonSchema === false, own: isOwn(asked.extensions) };
  const request = context.quirks.jsonObject === false ? plain : sayJson(encoding, plain, how);
  noteForeign(encoding, request.extensions, '');
  const { stream_options: streamOptions, ...extensionFields } = ownFields(request.extensions);
  const said: JsonObject = {
    model: context.model,
    messages: encodeMessages(encoding, request),
    ...encodeTools(encoding, request),
    ...encodeOutput(encoding, request.output),
    ...(request.verbosity === undefined ? {} : { verbosity: request.verbosity }),
    ...encodeModalities(encoding, request),
    ...encodeReasoning(encoding, request.reasoning),
    ...encodeSampling(encoding, request),
    ...encodeLimits(encoding, request),
    ...encodeIdentity(encoding, request),
    ...encodeStream(encoding, streamOptions as JsonObject | undefined),
    ...extensionFields,
  };
  const permitted = withoutRefusedFields(encoding, said);
  const body = { ...permitted, ...request.providerOptions?.[context.provider] };
  const cutAt = (request.stopSequences ?? []).slice(Array.isArray(permitted.stop) ? permitted.stop.length : 0);
  return { path: CHAT_PATH, headers: {}, body, notes: encoding.notes, ...(cutAt.length === 0 ? {} : { cutAt }) };
}

function encodeOutput(encoding: Encoding, output: OutputFormat | undefined): JsonObject {
  if (output === undefined) return {};
  if (output.type === 'json') {
    if (encoding.context.quirks.jsonObject !== false) return { response_format: { type: 'json_object' } };
    // The schema that every object fits says the same.
    encoding.note('mapped', 'output', 'JSON becomes a schema for any object');
    return { response_format: { type: 'json_schema', json_schema: { name: 'response', schema: { type: 'object' } } } };
  }
  if (encoding.context.quirks.jsonSchema === false) {
    return { response_format: { type: 'json_object' } };
  }
  const { schema, name, description, strict } = output;
  return {
    response_format: {
      type: 'json_schema',
      json_schema: {
        // The name is required here and other formats have none.
        name: name ?? 'response',
        schema,
        ...(description === undefined ? {} : { description }),
        ...(strict === undefined ? {} : { strict }),
      },
    },
  };
}

/** Names of functions that an endpoint has of its own, which its callers offer under a type of its own (Moonshot's `$web_search`). */
function ownToolNames({ tools = [] }: ModelRequest): ReadonlySet<string> {
  const names = tools.map((tool) => {
    return tool.type === 'opaque' && tool.format === FORMAT_ID ? asObject(tool.value.function)?.name : undefined;
  });
  return new Set(names.filter((name) => typeof name === 'string'));
}

/** What the answer may hold. OpenAI wants to know the voice and the form of sound; in streams it knows one form alone. */
function encodeModalities(encoding: Encoding, { outputModalities, extensions }: ModelRequest): JsonObject {
  if (outputModalities === undefined) return {};
  // Google takes sound alone, OpenAI sound beside text; endpoints with models that only draw take pictures alone (OpenRouter).
  const alone = outputModalities.includes('audio') ? ['text'] : [];
  const modalities = [...new Set([...alone, ...outputModalities])];
  if (!outputModalities.includes('audio') || ownFields(extensions).audio !== undefined) return { modalities };
  const format = encoding.context.stream ? 'pcm16' : 'wav';
  encoding.note('approximated', 'outputModalities', `asked for as ${format} in the voice "alloy": one has to be named`);
  return { modalities, audio: { voice: 'alloy', format } };
}

function encodeSampling(encoding: Encoding, request: ModelRequest): JsonObject {
  const { capabilities, quirks } = encoding.context;
  const takes = capabilities?.temperature !== false;
  const body: JsonObject = {};
  for (const { name, field, neutral, quirk } of SAMPLING) {
    const value = request.sampling?.[name];
    if (value === undefined) continue;
    if (quirk !== undefined && quirks[quirk] !== true) {
      encoding.note('dropped', `sampling.${name}`, 'the endpoint has no such parameter');
    } else if (takes) body[field] = value;
    else if (value !== neutral) encoding.note('dropped', `sampling.${name}`, 'the model takes no sampling parameters');
  }
  if (request.sampling?.seed !== undefined) body[seedField(encoding)] = request.sampling.seed;
  if (request.logprobs !== undefined) {
    if (takes) {
      body.logprobs = true;
      if (request.logprobs.alternatives > 0) body.top_logprobs = request.logprobs.alternatives;
    } else encoding.note('dropped', 'logprobs', 'the model takes no sampling parameters');
  }
  return body;
}

/** Mistral spells it `random_seed`. */
function seedField(encoding: Encoding): string {
  const field = encoding.context.quirks.seedField;
  return typeof field === 'string' ? field : 'seed';
}

function encodeLimits(encoding: Encoding, request: ModelRequest): JsonObject {
  const { quirks } = encoding.context;
  const body: JsonObject = {};
  if (request.maxOutputTokens !== undefined) {
    const field = typeof quirks.maxTokensField === 'string' ? quirks.maxTokensField : 'max_completion_tokens';
    body[field] = leastOutput(request.maxOutputTokens, reportOf(encoding));
  }
  const stops = encodeStop(encoding, request.stopSequences ?? []);
  if (stops.length > 0) body.stop = stops;
  if (request.candidateCount !== undefined) body.n = request.candidateCount;
  if (request.serviceTier !== undefined) {
    const tier = entryOf(SERVICE_TIERS, request.serviceTier) ?? request.serviceTier;
    if (tier !== request.serviceTier) encoding.note('mapped', 'serviceTier', `${request.serviceTier} is ${tier} here`);
    body.service_tier = tier;
  }
  return body;
}

function encodeStop(encoding: Encoding, stops: readonly string[]): string[] {
  const { capabilities, quirks } = encoding.context;
  if (stops.length === 0) return [];
  // Models without sampling parameters refuse `stop` too: "Unsupported parameter: 'stop' is not supported with this model".
  if (capabilities?.temperature === false && quirks.stopWithoutSampling !== true) {
    encoding.note(
      'approximated',
      'stopSequences',
      'the model takes no stop sequences: the answer is cut where one comes',
    );
    return [];
  }
  const most = typeof quirks.maxStopSequences === 'number' ? quirks.maxStopSequences : 4;
  for (let index = most; index < stops.length; index += 1) {
    const reason = `the endpoint takes ${most} at most: the answer is cut where this one comes`;
    encoding.note('approximated', `stopSequences[${index}]`, reason);
  }
  return stops.slice(0, most);
}

/** Who asks, and for which conversation. OpenAI refuses identifiers of more than 64 characters. */
function encodeIdentity(encoding: Encoding, request: ModelRequest): JsonObject {
  const { quirks } = encoding.context;
  const most = typeof quirks.maxIdentifierLength === 'number' ? quirks.maxIdentifierLength : 64;
  const { userId, promptCacheKey } = request;
  const body: JsonObject = {};
  if (userId !== undefined) {
    // A caller who named two identifiers keeps both: the newer one is among the extensions.
    const both = ownFields(request.extensions).safety_identifier !== undefined;
    const field = typeof quirks.userField === 'string' ? quirks.userField : 'safety_identifier';
    body[both ? 'user' : field] = fittingIdentifier(encoding, userId, most, 'userId');
  }
  if (promptCacheKey === undefined) return body;
  if (quirks.promptCacheKey === false) {
    encoding.note('approximated', 'promptCacheKey', 'left out: the endpoint has no such field');
  } else body.prompt_cache_key = fittingIdentifier(encoding, promptCacheKey, most, 'promptCacheKey');
  return body;
}

/** Usage is always asked for: without it a stream can't be accounted. */
function encodeStream(encoding: Encoding, options: JsonObject | undefined): JsonObject {
  const { stream, quirks } = encoding.context;
  if (!stream) return {};
  if (quirks.streamUsage === false)
    return { stream: true, ...(options === undefined ? {} : { stream_options: options }) };
  return { stream: true, stream_options: { ...options, include_usage: true } };
}
