import { asArray, asNumber, asObject, asString, type JsonObject, type Usage } from '@signalbox/core';

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
 * canonical figures are totals. `searches` are the queries that grounding ran.
 */
export function readUsage(metadata: JsonObject, searches = 0): Usage {
  const thoughts = asNumber(metadata.thoughtsTokenCount);
  const cached = asNumber(metadata.cachedContentTokenCount);
  const inputTokens = (asNumber(metadata.promptTokenCount) ?? 0) + (asNumber(metadata.toolUsePromptTokenCount) ?? 0);
  const usage: { -readonly [Key in keyof Usage]: Usage[Key] } = {
    inputTokens,
    outputTokens: (asNumber(metadata.candidatesTokenCount) ?? 0) + (thoughts ?? 0),
    provenance: 'reported',
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
    if (entry !== undefined && AUDIO.includes(entry.modality)) return asNumber(entry.tokenCount);
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
  const toolUse = asNumber(rest?.toolUsePromptTokenCount) ?? 0;
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
