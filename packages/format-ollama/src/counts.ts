import { asNumber, type JsonObject, type Usage } from '@signalbox/core';

/**
 * Reads the counts of an answer. Some servers leave `prompt_eval_count` out when the whole prompt was still in memory: the
 * input is unknown then, and the figures are marked as estimated.
 */
export function readCounts(answer: JsonObject): Usage | undefined {
  const input = asNumber(answer.prompt_eval_count);
  const output = asNumber(answer.eval_count);
  if (input === undefined && output === undefined) return undefined;
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    provenance: input === undefined || output === undefined ? 'estimated' : 'reported',
  };
}

/** Writes the counts; nothing where nobody knows them. */
export function writeCounts(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return {};
  return { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens };
}
