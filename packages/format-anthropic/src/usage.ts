import { asArray, asCount, asObject, asString, type JsonObject, type Usage, type UsageEstimate } from '@signalbox/core';
import { leftovers } from './extensions.ts';

const KNOWN = new Set([
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'cache_creation',
  'output_tokens_details',
  'server_tool_use',
  'service_tier',
]);
const DETAILS = new Set(['thinking_tokens']);
const SERVER_TOOLS = new Set(['web_search_requests']);

interface Counts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/**
 * Anthropic's usage as totals. Its `input_tokens` leaves out what was read from and written to the cache, and all its figures
 * leave out the steps of server-side compaction, which are billed and stand only in `iterations`. The steps of an advisor model are
 * left out here too: they are billed at that model's price. Estimated where one of the totals is unknown.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  const input = asCount(usage?.input_tokens);
  const output = asCount(usage?.output_tokens);
  if (usage === undefined || (input ?? output) === undefined) return undefined;
  const own = counts(usage);
  const compaction = compactionCounts(usage);
  const cacheRead = own.cacheRead + compaction.cacheRead;
  const write5m = own.cacheWrite5m + compaction.cacheWrite5m;
  const write1h = own.cacheWrite1h + compaction.cacheWrite1h;
  const thinking = asCount(asObject(usage.output_tokens_details)?.thinking_tokens);
  const searches = asCount(asObject(usage.server_tool_use)?.web_search_requests);
  const tier = asString(usage.service_tier);
  const cached = usage.cache_read_input_tokens ?? usage.cache_creation_input_tokens ?? undefined;
  return {
    inputTokens: own.input + compaction.input + cacheRead + write5m + write1h,
    outputTokens: own.output + compaction.output,
    ...(cached === undefined && cacheRead + write5m + write1h === 0
      ? {}
      : { cacheReadTokens: cacheRead, cacheWrite5mTokens: write5m, cacheWrite1hTokens: write1h }),
    ...(thinking === undefined ? {} : { reasoningTokens: thinking }),
    ...(searches === undefined ? {} : { webSearches: searches }),
    ...(tier === undefined ? {} : { serviceTier: tier }),
    provenance: input === undefined || output === undefined ? 'estimated' : 'reported',
  };
}

/** The figures that a Usage has no place for, to be given back to a caller of this format. */
export function usageLeftovers(value: unknown): JsonObject | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const rest: JsonObject = { ...leftovers(usage, KNOWN) };
  const details = asObject(usage.output_tokens_details);
  const moreDetails = details === undefined ? undefined : leftovers(details, DETAILS);
  if (moreDetails !== undefined) rest.output_tokens_details = moreDetails;
  const tools = asObject(usage.server_tool_use);
  const moreTools = tools === undefined ? undefined : leftovers(tools, SERVER_TOOLS);
  if (moreTools !== undefined) rest.server_tool_use = moreTools;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Usage as Anthropic writes it: cached tokens apart from `input_tokens`. `rest`: what `usageLeftovers` kept. */
export function encodeUsage(usage: Usage | undefined, rest: JsonObject | undefined): JsonObject {
  const compaction = compactionCounts(rest ?? {});
  const cacheRead = (usage?.cacheReadTokens ?? 0) - compaction.cacheRead;
  const write5m = (usage?.cacheWrite5mTokens ?? 0) - compaction.cacheWrite5m;
  const write1h = (usage?.cacheWrite1hTokens ?? 0) - compaction.cacheWrite1h;
  const input = (usage?.inputTokens ?? 0) - compaction.input - cacheReadAndWrite(usage);
  const fields: JsonObject = {
    input_tokens: Math.max(0, input),
    cache_creation_input_tokens: Math.max(0, write5m + write1h),
    cache_read_input_tokens: Math.max(0, cacheRead),
    cache_creation: {
      ephemeral_5m_input_tokens: Math.max(0, write5m),
      ephemeral_1h_input_tokens: Math.max(0, write1h),
    },
    output_tokens: Math.max(0, (usage?.outputTokens ?? 0) - compaction.output),
  };
  if (usage?.serviceTier !== undefined) fields.service_tier = usage.serviceTier;
  const details = asObject(rest?.output_tokens_details);
  if (usage?.reasoningTokens !== undefined || details !== undefined) {
    fields.output_tokens_details = { thinking_tokens: usage?.reasoningTokens ?? 0, ...details };
  }
  const tools = asObject(rest?.server_tool_use);
  if (usage?.webSearches !== undefined || tools !== undefined) {
    fields.server_tool_use = { web_search_requests: usage?.webSearches ?? 0, ...tools };
  }
  return { ...rest, ...fields };
}

function cacheReadAndWrite(usage: Usage | undefined): number {
  return (usage?.cacheReadTokens ?? 0) + (usage?.cacheWrite5mTokens ?? 0) + (usage?.cacheWrite1hTokens ?? 0);
}

function counts(usage: JsonObject): Counts {
  const split = asObject(usage.cache_creation);
  const split1h = asCount(split?.ephemeral_1h_input_tokens) ?? 0;
  const split5m = asCount(split?.ephemeral_5m_input_tokens) ?? 0;
  // A stream's last usage repeats the sum and not always the split: what the split does not explain is the default, 5 m.
  const written = asCount(usage.cache_creation_input_tokens) ?? split1h + split5m;
  const cacheWrite1h = Math.min(split1h, written);
  return {
    input: asCount(usage.input_tokens) ?? 0,
    output: asCount(usage.output_tokens) ?? 0,
    cacheRead: asCount(usage.cache_read_input_tokens) ?? 0,
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
  };
}

function compactionCounts(usage: JsonObject): Counts {
  let sum: Counts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  for (const value of asArray(usage.iterations)) {
    const iteration = asObject(value);
    if (iteration?.type !== 'compaction') continue;
    const one = counts(iteration);
    sum = {
      input: sum.input + one.input,
      output: sum.output + one.output,
      cacheRead: sum.cacheRead + one.cacheRead,
      cacheWrite5m: sum.cacheWrite5m + one.cacheWrite5m,
      cacheWrite1h: sum.cacheWrite1h + one.cacheWrite1h,
    };
  }
  return sum;
}

/** A message with the counts that it lacks; undefined where it has them. */
export function completeUsage(message: JsonObject, estimate: UsageEstimate): JsonObject | undefined {
  const usage = asObject(message.usage);
  const isSound =
    usage !== undefined &&
    asCount(usage.input_tokens) !== undefined &&
    asCount(usage.output_tokens) !== undefined &&
    withoutNegatives(usage) === usage;
  if (isSound) return undefined;
  const rest = usage === undefined ? undefined : usageLeftovers(withoutNegatives(usage));
  return { ...message, usage: encodeUsage(estimate(decodeUsage(message.usage)), rest) };
}

/** The usage of a stream's `message_delta` with the count that it must have; undefined where it has it. */
export function completeOutput(value: unknown, outputTokens: () => number): JsonObject | undefined {
  const usage = asObject(value) ?? {};
  const counts = withoutNegatives(usage);
  if (counts === usage && asCount(usage.output_tokens) !== undefined) return undefined;
  return { ...counts, output_tokens: asCount(counts.output_tokens) ?? outputTokens() };
}

/** The same object where no figure is below zero. */
function withoutNegatives(usage: JsonObject): JsonObject {
  const entries = Object.entries(usage);
  const kept = entries.filter(([, value]) => typeof value !== 'number' || value >= 0);
  return kept.length === entries.length ? usage : Object.fromEntries(kept);
}
