import { asArray, asCount, asObject, asString, type JsonObject, type Usage, type UsageEstimate } from '@signalbox/core';

/** `AUDIO`, and its integer under `enum-encoding=int`. */
const AUDIO: readonly unknown[] = ['AUDIO', 4];

/** Fields of usageMetadata that the canonical usage holds; the others are kept as they are. */
const KNOWN = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
  'totalTokenCount',
]);

/**
 * Reads `usageMetadata`. Google counts thoughts apart from the candidates and tool-use prompts apart from the prompt; the
 * canonical figures are totals; estimated where one of them is unknown. `searches` are the queries that grounding ran.
 */
export function readUsage(metadata: JsonObject, searches = 0): Usage {
  const thoughts = asCount(metadata.thoughtsTokenCount);
  const cached = asCount(metadata.cachedContentTokenCount);
  const inputTokens = (asCount(metadata.promptTokenCount) ?? 0) + (asCount(metadata.toolUsePromptTokenCount) ?? 0);
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = {
    inputTokens,
    outputTokens: (asCount(metadata.candidatesTokenCount) ?? 0) + (thoughts ?? 0),
    provenance: isSound(metadata) ? 'reported' : 'estimated',
  };
  if (cached !== undefined) usage.cacheReadTokens = Math.min(cached, inputTokens);
  if (thoughts !== undefined) usage.reasoningTokens = thoughts;
  const audioIn = audioTokens(metadata.promptTokensDetails);
  const audioOut = audioTokens(metadata.candidatesTokensDetails);
  if (audioIn !== undefined) usage.inputAudioTokens = audioIn;
  if (audioOut !== undefined) usage.outputAudioTokens = audioOut;
  if (searches > 0) usage.webSearches = searches;
  const tier = asString(metadata.serviceTier);
  if (tier !== undefined) usage.serviceTier = tier.toLowerCase();
  return usage;
}

function audioTokens(details: unknown): number | undefined {
  for (const detail of asArray(details)) {
    const entry = asObject(detail);
    if (entry !== undefined && AUDIO.includes(entry.modality)) return asCount(entry.tokenCount);
  }
  return undefined;
}

/** What `usageMetadata` holds beside the canonical figures (modality details, tool-use prompt tokens, traffic type). */
export function usageRest(metadata: JsonObject): JsonObject | undefined {
  const rest = Object.entries(metadata).filter(([key]) => !KNOWN.has(key));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** Writes `usageMetadata`; `rest` are the fields that came with it from Google. */
export function writeUsage(usage: Usage, rest?: JsonObject): JsonObject {
  const toolUse = asCount(rest?.toolUsePromptTokenCount) ?? 0;
  const candidates = Math.max(0, usage.outputTokens - (usage.reasoningTokens ?? 0));
  return {
    promptTokenCount: Math.max(0, usage.inputTokens - toolUse),
    cachedContentTokenCount: usage.cacheReadTokens,
    // Google leaves figures of zero out.
    ...(candidates === 0 ? {} : { candidatesTokenCount: candidates }),
    thoughtsTokenCount: usage.reasoningTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.serviceTier === undefined ? {} : { serviceTier: usage.serviceTier }),
    ...rest,
  };
}

/** Whether the figures are counts. Google leaves those of zero out, but no prompt has none. */
export function isSound(metadata: JsonObject): boolean {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount } = metadata;
  const others = [candidatesTokenCount, thoughtsTokenCount, totalTokenCount];
  return (
    asCount(promptTokenCount) !== undefined &&
    others.every((count) => count === undefined || asCount(count) !== undefined)
  );
}

/** An answer with the counts that it lacks; undefined where it has them. */
export function completeUsage(answer: JsonObject, estimate: UsageEstimate): JsonObject | undefined {
  const metadata = asObject(answer.usageMetadata);
  if (metadata !== undefined && isSound(metadata)) return undefined;
  const known = metadata === undefined ? undefined : readUsage(metadata);
  return { ...answer, usageMetadata: writeUsage(estimate(known)) };
}
