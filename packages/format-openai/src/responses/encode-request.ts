import {
  asArray,
  asObject,
  type EncodeContext,
  type EncodedRequest,
  entryOf,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type OutputFormat,
  pairToolResults,
  plainTools,
  type ReasoningRequest,
  restatedRequest,
  type Sampling,
} from '@signalbox/core';
import { FORMAT_ID as CHAT_FORMAT_ID } from '../chat/format-id.ts';
import { effortOf, reportOf } from '../shared/effort-of.ts';
import { fittingIdentifier } from '../shared/identifier.ts';
import { sayJson } from '../shared/say-json.ts';
import { withSharedFields } from '../shared/shared-fields.ts';
import { encodeInput } from './encode-input.ts';
import { encodeTools } from './encode-tools.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID, RESPONSES_PATH } from './format-id.ts';
import { createEncoding, type Encoding, noteForeign } from './notes.ts';
import { encryptedFor } from './reasoning-issuer.ts';

/** Sampling fields: the name on the wire (none: there is no such parameter) and the value that changes nothing. */
const SAMPLING: readonly { readonly name: keyof Sampling; readonly field?: string; readonly neutral?: number }[] = [
  { name: 'temperature', field: 'temperature', neutral: 1 },
  { name: 'topP', field: 'top_p', neutral: 1 },
  { name: 'topK' },
  { name: 'minP' },
  { name: 'frequencyPenalty', neutral: 0 },
  { name: 'presencePenalty', neutral: 0 },
  { name: 'seed' },
];

/** The endpoint refuses a smaller `max_output_tokens`. */
const LEAST_OUTPUT = 16;
/** The endpoint refuses longer identifiers. */
const LONGEST_IDENTIFIER = 64;
const LOGPROBS = 'message.output_text.logprobs';
const ENCRYPTED_REASONING = 'reasoning.encrypted_content';

/** Other formats' words for this one's tiers. */
const SERVICE_TIERS: Readonly<Record<string, string>> = { standard: 'default', standard_only: 'default' };

/**
 * A ModelRequest as a Responses request. What can't be said in it is in the notes. The provider is told to store nothing and to
 * hand its reasoning out encrypted, unless a caller of this same format wrote the request: then its own words stand.
 */
export function encodeRequest(asked: ModelRequest, context: EncodeContext): EncodedRequest {
  const encoding = createEncoding(asked, context);
  const wanted = withSharedFields(asked, CHAT_FORMAT_ID, FORMAT_ID, encoding.note);
  const report = reportOf(encoding);
  const paired = pairToolResults(restatedRequest(wanted, FORMAT_ID, report), FORMAT_ID, report);
  const plain = plainTools(paired, { custom: true, groups: true, nameLength: 64 }, report);
  const request = sayJson(encoding, plain, { schemaless: false, own: encoding.own });
  noteForeign(encoding, request.extensions, '');
  const { include, text, reasoning, stream_options: streamOptions, ...rest } = ownFields(request.extensions);
  const body: JsonObject = {
    model: context.model,
    ...encodeInput(encoding, request),
    ...encodeTools(encoding, request),
    ...joined('text', { ...encodeOutput(request.output), ...encodeVerbosity(request) }, asObject(text)),
    ...joined('reasoning', encodeReasoning(encoding, request.reasoning), asObject(reasoning)),
    ...encodeSampling(encoding, request),
    ...encodeLimits(encoding, request),
    ...encodeIdentity(encoding, request),
    ...encodeInclude(encoding, request, asArray(include)),
    ...(encoding.own ? {} : { store: false }),
    ...(context.stream ? { stream: true } : {}),
    ...(context.stream && streamOptions !== undefined ? { stream_options: streamOptions } : {}),
    ...rest,
    ...request.providerOptions?.[context.provider],
  };
  const cutAt = request.stopSequences ?? [];
  return {
    path: RESPONSES_PATH,
    headers: {},
    body,
    notes: encoding.notes,
    ...(cutAt.length === 0 ? {} : { cutAt }),
  };
}

/** An object of canonical and of own fields, where there are any. */
function joined(key: string, canonical: JsonObject, own: JsonObject | undefined): JsonObject {
  const fields = { ...canonical, ...own };
  return Object.keys(fields).length === 0 ? {} : { [key]: fields };
}

function encodeVerbosity({ verbosity }: ModelRequest): JsonObject {
  return verbosity === undefined ? {} : { verbosity };
}

function encodeOutput(output: OutputFormat | undefined): JsonObject {
  if (output === undefined) return {};
  if (output.type === 'json') return { format: { type: 'json_object' } };
  const { schema, name, description, strict } = output;
  return {
    format: {
      type: 'json_schema',
      // The name is required here and other formats have none.
      name: name ?? 'response',
      schema,
      ...(description === undefined ? {} : { description }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

function encodeReasoning(encoding: Encoding, reasoning: ReasoningRequest | undefined): JsonObject {
  if (reasoning === undefined) return {};
  if (encoding.context.capabilities?.reasoning === false) {
    if (reasoning.mode !== 'off' && reasoning.effort !== 'none') {
      encoding.note('dropped', 'reasoning', 'the model does not reason');
    }
    return {};
  }
  const effort = effortOf(encoding, reasoning);
  if (reasoning.display === 'full' && !encoding.own) {
    encoding.note('approximated', 'reasoning.display', 'OpenAI shows summaries of its reasoning');
  }
  const summary = reasoning.display === 'full' ? 'detailed' : reasoning.display === 'summary' ? 'auto' : undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) };
}

function encodeSampling(encoding: Encoding, request: ModelRequest): JsonObject {
  const takes = encoding.context.capabilities?.temperature !== false;
  const body: JsonObject = {};
  for (const { name, field, neutral } of SAMPLING) {
    const value = request.sampling?.[name];
    if (value === undefined || (field === undefined && value === neutral)) continue;
    if (field === undefined) encoding.note('dropped', `sampling.${name}`, 'the Responses API has no such parameter');
    else if (takes) body[field] = value;
    else if (value !== neutral) encoding.note('dropped', `sampling.${name}`, 'the model takes no sampling parameters');
  }
  if (request.logprobs !== undefined) {
    if (!takes) encoding.note('dropped', 'logprobs', 'the model takes no sampling parameters');
    else if (request.logprobs.alternatives > 0) body.top_logprobs = request.logprobs.alternatives;
  }
  return body;
}

function encodeLimits(encoding: Encoding, request: ModelRequest): JsonObject {
  const body: JsonObject = {};
  const { maxOutputTokens, stopSequences, candidateCount, serviceTier } = request;
  if (maxOutputTokens !== undefined) {
    body.max_output_tokens = Math.max(LEAST_OUTPUT, maxOutputTokens);
    if (maxOutputTokens < LEAST_OUTPUT) {
      encoding.note(
        'approximated',
        'maxOutputTokens',
        `${maxOutputTokens} becomes ${LEAST_OUTPUT}, the least there is`,
      );
    }
  }
  if (stopSequences !== undefined && stopSequences.length > 0) {
    encoding.note(
      'approximated',
      'stopSequences',
      'the Responses API has no such parameter: the answer is cut where one comes',
    );
  }
  if (request.outputModalities?.some((kind) => kind !== 'text') === true) {
    encoding.note('dropped', 'outputModalities', 'the Responses API answers with text');
  }
  if (candidateCount !== undefined && candidateCount > 1) {
    encoding.note('dropped', 'candidateCount', 'the Responses API gives one answer');
  }
  if (serviceTier !== undefined) {
    const tier = entryOf(SERVICE_TIERS, serviceTier) ?? serviceTier;
    if (tier !== serviceTier) encoding.note('mapped', 'serviceTier', `${serviceTier} is ${tier} here`);
    body.service_tier = tier;
  }
  return body;
}

/** Who asks, and for which conversation. */
function encodeIdentity(encoding: Encoding, request: ModelRequest): JsonObject {
  const { userId, promptCacheKey } = request;
  const body: JsonObject = {};
  // A caller who named two identifiers keeps both: the newer one is among the extensions.
  const both = ownFields(request.extensions).safety_identifier !== undefined;
  if (userId !== undefined) {
    body[both ? 'user' : 'safety_identifier'] = fittingIdentifier(encoding, userId, LONGEST_IDENTIFIER, 'userId');
  }
  if (promptCacheKey !== undefined) {
    body.prompt_cache_key = fittingIdentifier(encoding, promptCacheKey, LONGEST_IDENTIFIER, 'promptCacheKey');
  }
  return body;
}

/** What the answer shall hold beside the usual. */
function encodeInclude(encoding: Encoding, request: ModelRequest, own: readonly JsonValue[]): JsonObject {
  const include = [...own];
  const ask = (what: string) => {
    if (!include.includes(what)) include.push(what);
  };
  if (request.logprobs !== undefined && encoding.context.capabilities?.temperature !== false) ask(LOGPROBS);
  if (!encoding.own && wantsEncryptedReasoning(encoding, request)) ask(ENCRYPTED_REASONING);
  return include.length === 0 ? {} : { include };
}

/** Models that don't reason refuse to encrypt. Where nobody knows, the request must give a sign that this one does. */
function wantsEncryptedReasoning(encoding: Encoding, request: ModelRequest): boolean {
  const { capabilities, quirks } = encoding.context;
  if (quirks.encryptedReasoning === false) return false;
  if (capabilities?.reasoning !== undefined) return capabilities.reasoning;
  if (request.reasoning !== undefined) return true;
  return request.messages.some(({ parts }) =>
    parts.some((part) => part.type === 'reasoning' && encryptedFor(part, encoding.context.provider) !== undefined),
  );
}
