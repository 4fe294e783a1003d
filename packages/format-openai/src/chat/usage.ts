import {
  asCount,
  asObject,
  entryOf,
  type JsonObject,
  type JsonValue,
  type Usage,
  type UsageEstimate,
} from '@signalbox/core';
import { unknownFields } from '../shared/unknown-fields.ts';

/** The largest of some spellings of one figure: endpoints that know two write zero into the one they don't use. */
function largest(...values: (JsonValue | undefined)[]): number | undefined {
  let largest: number | undefined;
  for (const value of values) {
    const count = asCount(value);
    if (count !== undefined && (largest === undefined || count > largest)) largest = count;
  }
  return largest;
}

/** OpenAI's default tier is what the canonical form calls standard. */
const TIERS: Readonly<Record<string, string>> = { default: 'standard', on_demand: 'standard' };

/** The tier that was billed, from an answer's `service_tier`. */
function tierOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'auto' ? (entryOf(TIERS, value) ?? value) : undefined;
}

/**
 * The usage of an answer or a chunk: `usage`, or Groq's `x_groq.usage`. Undefined where there are no figures; marked as estimated where one of
 * the totals is unknown.
 *
 * Totals become totals: some endpoints leave reasoning out of `completion_tokens` (xAI, Google's endpoint for this
 * format) or audio out of `prompt_tokens` (Mistral), which their `total_tokens` gives away.
 */
export function decodeUsage(answer: JsonObject): Usage | undefined {
  const usage = asObject(answer.usage) ?? asObject(asObject(answer.x_groq)?.usage);
  if (usage === undefined) return undefined;
  const prompt = asCount(usage.prompt_tokens ?? usage.input_tokens);
  const completion = asCount(usage.completion_tokens ?? usage.output_tokens);
  if (prompt === undefined && completion === undefined) return undefined;
  const input = asObject(usage.prompt_tokens_details) ?? {};
  const output = asObject(usage.completion_tokens_details) ?? {};
  const audioIn = asCount(input.audio_tokens);
  let reasoning = largest(output.reasoning_tokens, usage.reasoning_tokens);
  let inputTokens = prompt ?? 0;
  let outputTokens = completion ?? 0;
  const total = asCount(usage.total_tokens);
  const isWhole = total !== undefined || (prompt !== undefined && completion !== undefined);
  const missing = total === undefined ? 0 : total - inputTokens - outputTokens;
  if (missing > 0) {
    if (missing === audioIn) inputTokens += missing;
    else if (missing === reasoning) outputTokens += missing;
    else if (reasoning === undefined || reasoning === 0) {
      // Google bills thoughts as output and counts them in the total alone.
      outputTokens += missing;
      reasoning = missing;
    }
  } else if (total === undefined && reasoning !== undefined && reasoning > outputTokens) outputTokens += reasoning;
  const cacheRead = largest(
    input.cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cached_tokens,
    usage.num_cached_tokens,
  );
  const cacheWrite = asCount(input.cache_write_tokens);
  const serverTools = asObject(usage.server_tool_use_details) ?? asObject(usage.server_tool_use);
  const webSearches = largest(serverTools?.web_search_requests, usage.num_search_queries);
  const serviceTier = tierOf(answer.service_tier ?? usage.service_tier);
  // More than the whole prompt: a hidden prefix of the vendor's that the prompt leaves out (Grok on Azure), so the prompt itself was not cached.
  const read = cacheRead !== undefined && cacheRead > inputTokens ? 0 : cacheRead;
  const decoded: Writable<Usage> = { inputTokens, outputTokens, provenance: isWhole ? 'reported' : 'estimated' };
  if (read !== undefined) decoded.cacheReadTokens = read;
  if (cacheWrite !== undefined) decoded.cacheWrite5mTokens = Math.min(cacheWrite, inputTokens - (read ?? 0));
  if (reasoning !== undefined) decoded.reasoningTokens = Math.min(reasoning, outputTokens);
  if (audioIn !== undefined) decoded.inputAudioTokens = Math.min(audioIn, inputTokens);
  const audioOut = part(asCount(output.audio_tokens), outputTokens);
  if (audioOut !== undefined) decoded.outputAudioTokens = audioOut;
  if (webSearches !== undefined) decoded.webSearches = webSearches;
  if (serviceTier !== undefined) decoded.serviceTier = serviceTier;
  return decoded;
}

/** While it is written. */
type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A part is never more than its total. */
function part(value: number | undefined, total: number): number | undefined {
  return value === undefined ? undefined : Math.min(value, total);
}

const KNOWN = new Set([
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details',
  'completion_tokens_details',
]);
const KNOWN_INPUT = new Set(['cached_tokens', 'audio_tokens', 'cache_write_tokens']);
const KNOWN_OUTPUT = new Set(['reasoning_tokens', 'audio_tokens']);

/** The figures that a Usage has no place for (costs, times, predictions), to be given back to a caller of this format. */
export function usageLeftovers(answer: JsonObject): JsonObject | undefined {
  const usage = asObject(answer.usage);
  if (usage === undefined) return undefined;
  const input = unknownFields(asObject(usage.prompt_tokens_details) ?? {}, KNOWN_INPUT);
  const output = unknownFields(asObject(usage.completion_tokens_details) ?? {}, KNOWN_OUTPUT);
  const rest = {
    ...unknownFields(usage, KNOWN),
    ...(input === undefined ? {} : { prompt_tokens_details: input }),
    ...(output === undefined ? {} : { completion_tokens_details: output }),
  };
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/**
 * Usage in this format. The figures of parts that are unknown are zero, as OpenAI writes them. `rest`: what `usageLeftovers`
 * kept.
 */
export function encodeUsage(usage: Usage, rest: JsonObject = {}): JsonObject {
  const cacheWrites = (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
  return {
    ...rest,
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      audio_tokens: usage.inputAudioTokens ?? 0,
      ...(cacheWrites === 0 ? {} : { cache_write_tokens: cacheWrites }),
      ...asObject(rest.prompt_tokens_details),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.outputAudioTokens ?? 0,
      ...asObject(rest.completion_tokens_details),
    },
  };
}

/** Whether a caller can add these counts up. */
export function isSoundUsage(value: unknown): value is JsonObject {
  const usage = asObject(value);
  const known = [usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens];
  return usage !== undefined && known.every((count) => asCount(count) !== undefined);
}

/** An answer with the counts that it lacks; undefined where it has them. */
export function completeUsage(answer: JsonObject, estimate: UsageEstimate): JsonObject | undefined {
  if (isSoundUsage(answer.usage)) return undefined;
  return { ...answer, usage: encodeUsage(estimate(decodeUsage(answer)), usageLeftovers(answer)) };
}
