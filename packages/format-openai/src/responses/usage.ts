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
import { isWaiting } from './finish.ts';

const FIELDS = new Set([
  'input_tokens',
  'input_tokens_details',
  'output_tokens',
  'output_tokens_details',
  'total_tokens',
]);
const INPUT_DETAILS = new Set(['cached_tokens', 'cache_write_tokens', 'audio_tokens']);
const OUTPUT_DETAILS = new Set(['reasoning_tokens', 'audio_tokens']);
/** OpenAI's default tier is what the canonical form calls standard. */
const TIERS: Readonly<Record<string, string>> = { default: 'standard' };

/** The usage of a response object. Undefined where there are no figures, estimated where one of the totals is unknown. A part is never more than its total. */
export function decodeUsage(response: JsonObject): Usage | undefined {
  const usage = asObject(response.usage);
  const input = asCount(usage?.input_tokens);
  const output = asCount(usage?.output_tokens);
  if (usage === undefined || (input === undefined && output === undefined)) return undefined;
  const inputDetails = asObject(usage.input_tokens_details) ?? {};
  const outputDetails = asObject(usage.output_tokens_details) ?? {};
  const provenance = input === undefined || output === undefined ? 'estimated' : 'reported';
  const inputTokens = input ?? 0;
  const outputTokens = output ?? 0;
  const cacheRead = part(inputDetails.cached_tokens, inputTokens);
  const figures = {
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: part(inputDetails.cache_write_tokens, inputTokens - (cacheRead ?? 0)),
    reasoningTokens: part(outputDetails.reasoning_tokens, outputTokens),
    inputAudioTokens: part(inputDetails.audio_tokens, inputTokens),
    outputAudioTokens: part(outputDetails.audio_tokens, outputTokens),
    webSearches: asCount(asObject(asObject(response.tool_usage)?.web_search)?.num_requests),
    serviceTier: tierOf(response.service_tier),
  };
  const known = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return { inputTokens, outputTokens, ...known, provenance };
}

function part(value: JsonValue | undefined, total: number): number | undefined {
  const figure = asCount(value);
  return figure === undefined ? undefined : Math.min(figure, total);
}

/** The tier that was billed. */
function tierOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'auto' ? (entryOf(TIERS, value) ?? value) : undefined;
}

/** Figures of a response's usage that the canonical form has no word for (xAI's cost, how writes to the cache divide). */
export function unknownUsage(response: JsonObject): JsonObject | undefined {
  const usage = asObject(response.usage);
  if (usage === undefined) return undefined;
  const input = unknownFields(asObject(usage.input_tokens_details) ?? {}, INPUT_DETAILS);
  const output = unknownFields(asObject(usage.output_tokens_details) ?? {}, OUTPUT_DETAILS);
  const unknown: JsonObject = {
    ...unknownFields(usage, FIELDS),
    ...(input === undefined ? {} : { input_tokens_details: input }),
    ...(output === undefined ? {} : { output_tokens_details: output }),
  };
  return Object.keys(unknown).length === 0 ? undefined : unknown;
}

/** Usage in this format, with figures of its own. Those of parts that are unknown are zero, as OpenAI writes them. */
export function encodeUsage(usage: Usage, own: JsonObject | undefined): JsonObject {
  const { input_tokens_details: input, output_tokens_details: output, ...rest } = own ?? {};
  const { cacheWrite5mTokens: short, cacheWrite1hTokens: long } = usage;
  const cacheWrites = short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0);
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      ...(cacheWrites === undefined ? {} : { cache_write_tokens: cacheWrites }),
      ...(usage.inputAudioTokens === undefined ? {} : { audio_tokens: usage.inputAudioTokens }),
      ...asObject(input),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      ...(usage.outputAudioTokens === undefined ? {} : { audio_tokens: usage.outputAudioTokens }),
      ...asObject(output),
    },
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...rest,
  };
}

/** A response with the counts that it lacks; undefined where it has them. */
export function completeUsage(response: JsonObject, estimate: UsageEstimate): JsonObject | undefined {
  // There is nothing to count yet: who asks for it later is told the provider's figures.
  if (isWaiting(response.status)) return undefined;
  const usage = asObject(response.usage);
  const counts = [usage?.input_tokens, usage?.output_tokens, usage?.total_tokens];
  if (usage !== undefined && counts.every((count) => asCount(count) !== undefined)) return undefined;
  return { ...response, usage: encodeUsage(estimate(decodeUsage(response)), unknownUsage(response)) };
}
