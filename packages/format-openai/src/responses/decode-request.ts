import {
  type JsonObject,
  type ModelRequest,
  type OutputFormat,
  type ReasoningRequest,
  requestObject,
  type Sampling,
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
} from '../shared/fields.ts';
import { present } from '../shared/present.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { decodeInput } from './decode-input.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { requestExtensions } from './request-form.ts';

const KNOWN = new Set([
  ...['model', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'text', 'reasoning'],
  ...[
    'max_output_tokens',
    'temperature',
    'top_p',
    'top_logprobs',
    'user',
    'prompt_cache_key',
    'service_tier',
    'stream',
  ],
]);
const KNOWN_WITH_SAFETY = new Set([...KNOWN, 'safety_identifier']);
/** `include` asks for log probabilities with this word. */
const LOGPROBS = 'message.output_text.logprobs';
/** What stands in for an input that the provider already has. */
const INPUT_ELSEWHERE = ['previous_response_id', 'conversation', 'prompt'] as const;

/**
 * A Responses request as a ModelRequest. Fields without a canonical word are kept under `extensions['openai-responses']` (and what is
 * only form beside it), which
 * is there even if it is empty: it tells that the caller spoke this format, whose defaults (`store`, `strict`) are not those of
 * others. Throws RouterError `invalid-request` that names the field.
 */
export function decodeRequest(given: unknown): ModelRequest {
  const body = requestObject(given);
  const tools = optionalArray(body, 'tools');
  const instructions = optionalString(body, 'instructions');
  const input = decodeWholeInput(body);
  const user = optionalString(body, 'user');
  const safety = optionalString(body, 'safety_identifier');
  // Both name the end user. Where they differ, the older one is the canonical form's and the newer goes along as it is.
  const known = user === undefined || user === safety ? KNOWN_WITH_SAFETY : KNOWN;
  const text = decodeText(body);
  const reasoning = decodeReasoningRequest(body);
  const choice = body.tool_choice ?? undefined;
  return present<ModelRequest>({
    model: optionalString(body, 'model'),
    system:
      instructions === undefined || instructions === ''
        ? input.system
        : [{ type: 'text', text: instructions }, ...input.system],
    messages: input.messages,
    tools: tools === undefined && input.tools.length === 0 ? undefined : [...decodeTools(tools ?? []), ...input.tools],
    toolChoice: choice === undefined ? undefined : decodeToolChoice(choice),
    parallelToolCalls: optionalBoolean(body, 'parallel_tool_calls'),
    output: text.output,
    verbosity: text.verbosity,
    reasoning: reasoning.request,
    sampling: decodeSampling(body),
    maxOutputTokens: optionalInteger(body, 'max_output_tokens', 1),
    logprobs: decodeLogprobs(body),
    userId: user ?? safety,
    promptCacheKey: optionalString(body, 'prompt_cache_key'),
    serviceTier: optionalString(body, 'service_tier'),
    stream: optionalBoolean(body, 'stream'),
    extensions: requestExtensions({ ...unknownFields(body, known), ...text.rest, ...reasoning.rest }),
  });
}

function decodeWholeInput(body: JsonObject) {
  const input = body.input ?? undefined;
  if (input !== undefined) return decodeInput(input);
  if (INPUT_ELSEWHERE.some((key) => (body[key] ?? undefined) !== undefined))
    return { tools: [], system: [], messages: [] };
  throw invalidField('input', 'is missing: it must be a string or an array of items');
}

function decodeText(body: JsonObject): {
  output?: OutputFormat | undefined;
  verbosity?: string | undefined;
  rest: JsonObject;
} {
  const text = optionalObject(body, 'text');
  if (text === undefined) return { rest: {} };
  const verbosity = optionalString(text, 'verbosity', 'text');
  const rest = unknownFields(text, new Set(['format', 'verbosity']));
  const format = optionalObject(text, 'format', 'text');
  return { output: decodeFormat(format), verbosity, rest: rest === undefined ? {} : { text: rest } };
}

function decodeFormat(format: JsonObject | undefined): OutputFormat | undefined {
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json' };
  const place = 'text.format';
  if (format.type !== 'json_schema') {
    throw invalidField(`${place}.type`, 'must be "text", "json_object" or "json_schema"');
  }
  return present({
    type: 'json-schema' as const,
    schema: optionalObject(format, 'schema', place) ?? {},
    name: optionalString(format, 'name', place),
    description: optionalString(format, 'description', place),
    strict: optionalBoolean(format, 'strict', place),
  });
}

/** `reasoning`: what the canonical form has no word for (`concise`, `context`, `mode`) stays an extension. */
function decodeReasoningRequest(body: JsonObject): { request?: ReasoningRequest | undefined; rest: JsonObject } {
  const reasoning = optionalObject(body, 'reasoning');
  if (reasoning === undefined) return { rest: {} };
  const word = optionalString(reasoning, 'effort', 'reasoning');
  const effort = EFFORTS.find((known) => known === word);
  const summary = optionalString(reasoning, 'summary', 'reasoning');
  const display: ReasoningRequest['display'] =
    summary === undefined ? undefined : summary === 'detailed' ? 'full' : 'summary';
  const known = new Set<string>();
  if (effort !== undefined) known.add('effort');
  if (summary === 'auto' || summary === 'detailed') known.add('summary');
  const rest = unknownFields(reasoning, known);
  return {
    request: effort === undefined && display === undefined ? undefined : present({ effort, display }),
    rest: rest === undefined ? {} : { reasoning: rest },
  };
}

function decodeSampling(body: JsonObject): Sampling | undefined {
  const sampling = present({
    temperature: optionalNumber(body, 'temperature'),
    topP: optionalNumber(body, 'top_p'),
  });
  return Object.keys(sampling).length === 0 ? undefined : sampling;
}

function decodeLogprobs(body: JsonObject): ModelRequest['logprobs'] {
  const alternatives = optionalInteger(body, 'top_logprobs', 0) ?? 0;
  const included = optionalArray(body, 'include')?.includes(LOGPROBS) === true;
  return included || alternatives > 0 ? { alternatives } : undefined;
}
