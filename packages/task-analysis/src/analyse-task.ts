import {
  type Analyser,
  type Complexity,
  estimateTokens,
  lastUserText,
  type ModelRequest,
  type Needs,
  type TaskProfile,
  type TaskType,
} from '@signalbox/core';
import { LARGE_WORK, SMALL_WORK, TASK_RULES } from './task-rules.ts';

/** No more than this of a prompt is read: its beginning says what is wanted. */
const READ_CHARACTERS = 3_000;
/** A prompt of so many tokens is no longer a quick question. */
const LONG_PROMPT = 300;
const VERY_LONG_PROMPT = 4_000;

const EXPECTED_OUTPUT: Readonly<Record<Complexity, number>> = { low: 250, medium: 900, high: 2_200 };
const DIFFICULTY: Readonly<Record<Complexity, number>> = { low: 0.2, medium: 0.5, high: 0.8 };

/**
 * Says by rules what kind of task a request is and how complex: attachments and output format first, then the words of the
 * last user turn. No network, no model; some microseconds.
 *
 * @example
 * ```ts
 * analyseTask('Fix typo in README').complexity; // 'low'
 * ```
 */
export function analyseTask(prompt: string, needs?: Pick<Needs, 'vision' | 'jsonSchema' | 'tools'>): TaskProfile {
  const text = prompt.slice(0, READ_CHARACTERS);
  const { type, because } = taskType(text, needs);
  const complexity = taskComplexity(
    text,
    prompt.length > READ_CHARACTERS ? estimateTokens(prompt) : estimateTokens(text),
    type,
  );
  return {
    type,
    complexity: complexity.level,
    difficulty: DIFFICULTY[complexity.level],
    expectedOutputTokens: EXPECTED_OUTPUT[complexity.level],
    reason: complexity.because === '' ? because : `${because}, ${complexity.because}`,
  };
}

/** The analyser for the router's port. */
export const taskAnalyser: Analyser = {
  analyse: (request: ModelRequest, needs: Needs) => analyseTask(lastUserText(request), needs),
};

function taskType(
  text: string,
  needs: Pick<Needs, 'vision' | 'jsonSchema' | 'tools'> | undefined,
): { readonly type: TaskType; readonly because: string } {
  if (needs?.vision === true) return { type: 'image_analysis', because: 'has an image' };
  if (needs?.jsonSchema === true) return { type: 'json_output', because: 'wants output of a schema' };
  for (const rule of TASK_RULES) if (rule.pattern.test(text)) return rule;
  return { type: 'simple_query', because: 'is a plain question' };
}

function taskComplexity(
  text: string,
  tokens: number,
  type: TaskType,
): { readonly level: Complexity; readonly because: string } {
  if (LARGE_WORK.test(text)) return { level: 'high', because: 'large work' };
  if (tokens > VERY_LONG_PROMPT) return { level: 'high', because: 'a very long prompt' };
  if (type === 'complex_reasoning') return { level: 'high', because: '' };
  if (SMALL_WORK.test(text) && tokens <= LONG_PROMPT) return { level: 'low', because: 'small work' };
  if (type === 'simple_query') {
    return tokens > LONG_PROMPT ? { level: 'medium', because: 'a long prompt' } : { level: 'low', because: '' };
  }
  return { level: 'medium', because: '' };
}
