import type { Candidate, TaskProfile, TaskType } from '@signalbox/core';

/** Which providers are preferred for a kind of task: opinions, kept apart from measurement, to be read and replaced. */
export type PreferenceTable = Readonly<Partial<Record<TaskType | 'any', Readonly<Record<string, number>>>>>;

/**
 * The opinions of the specification: structured output is GPT's, images are Gemini's, code and reasoning are Claude's. A weight
 * of 1 outweighs any difference in quality, which goes from 0 to 1.
 */
export const DEFAULT_PREFERENCES: PreferenceTable = {
  any: { anthropic: 0.2 },
  code_generation: { anthropic: 0.5 },
  code_review: { anthropic: 0.5 },
  documentation: { anthropic: 0.4 },
  complex_reasoning: { anthropic: 0.5 },
  creative_writing: { anthropic: 0.4 },
  json_output: { openai: 1 },
  image_analysis: { google: 1 },
};

/** What the table says of a candidate for a task: the provider's figure in the row of the task's type, else in `any`, else 0. */
export function preferenceFor(candidate: Candidate, task: TaskProfile, table: PreferenceTable): number {
  const provider = candidate.provider.id;
  return table[task.type]?.[provider] ?? table.any?.[provider] ?? 0;
}
