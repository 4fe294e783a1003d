import { asCount, type JsonObject, type Usage, type UsageEstimate } from '@signalbox/core';

/**
 * Reads the counts of an answer. Some servers leave `prompt_eval_count` out when the whole prompt was still in memory: the
 * input is unknown then, and the figures are marked as estimated.
 */
export function readCounts(answer: JsonObject): Usage | undefined {
  const input = asCount(answer.prompt_eval_count);
  const output = asCount(answer.eval_count);
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

/** The last line of an answer, or a whole one, with the counts that it lacks; undefined where it has them. */
export function completeUsage(answer: JsonObject, estimate: UsageEstimate): JsonObject | undefined {
  const counts = [answer.prompt_eval_count, answer.eval_count];
  if (counts.every((count) => asCount(count) !== undefined)) return undefined;
  return { ...answer, ...writeCounts(estimate(readCounts(answer))) };
}
