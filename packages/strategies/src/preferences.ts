import type { TaskType } from '@signalbox/core';

/** Which providers are preferred for a kind of task: opinions, kept apart from measurement, to be read and replaced. */
export type PreferenceTable = Readonly<Partial<Record<TaskType | 'any', Readonly<Record<string, number>>>>>;

/**
 * The opinions of the specification: structured output is GPT's, images are Gemini's, code and reasoning are Claude's.
 * A weight of 1 outweighs a model of the wrong size.
 */
export const DEFAULT_PREFERENCES: PreferenceTable = {
  any: { anthropic: 0.2 },
  code_generation: { anthropic: 0.5 },
  code_review: { anthropic: 0.5 },
  documentation: { anthropic: 0.4 },
  complex_reasoning: { anthropic: 0.5 },
  creative_writing: { anthropic: 0.4 },
  json_output: { openai: 0.8 },
  image_analysis: { google: 0.8 },
};
