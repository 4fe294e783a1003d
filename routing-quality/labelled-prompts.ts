import { readFileSync } from 'node:fs';
import type { HeadName } from '../packages/task-analysis/src/heads.ts';
import type { LabelledPrompt } from './fit-heads.ts';
import type { TypedRow } from './read-pack.ts';

/** How much an example of ours counts beside a row of the data: there are few of them, and they are clear. */
const EXAMPLE_WEIGHT = 4;

const COMPLEXITY = { low: 0, medium: 0.5, high: 1 } as const;

const HEAD_OF_EXAMPLE: Readonly<Record<string, HeadName>> = { math: 'mathematics', complex_reasoning: 'reasoning' };

const HEAD_OF_PACK: Readonly<Record<string, HeadName>> = {
  code: 'code_generation',
  math: 'mathematics',
  reasoning: 'reasoning',
  knowledge_qa: 'simple_query',
  creative_writing: 'creative_writing',
  data_analysis: 'data_analysis',
  structured_output: 'json_output',
  summarization: 'summarization',
  translation: 'translation',
};

/** Sources of prompts whose answers were measured too. */
const MEASURED_SOURCE = /^(?:ZeroEval|MMLU)/;

export interface Example {
  readonly type: string;
  readonly complexity: keyof typeof COMPLEXITY;
  readonly prompt: string;
}

/** The examples of the repository, written for it: for kinds of task that the data hardly has, and for complexity. */
export function readExamples(): readonly Example[] {
  return readFileSync(new URL('./examples.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Example);
}

export function labelExamples(examples: readonly Example[]): LabelledPrompt[] {
  return examples.map(({ type, complexity, prompt }) => ({
    prompt,
    head: HEAD_OF_EXAMPLE[type] ?? (type as HeadName),
    complexity: COMPLEXITY[complexity],
    weight: EXAMPLE_WEIGHT,
    isStranger: true,
  }));
}

export function labelTyped(rows: readonly TypedRow[]): LabelledPrompt[] {
  return rows.map(({ prompt, source, task_type }) => ({
    prompt,
    head: HEAD_OF_PACK[task_type] ?? 'simple_query',
    weight: 1,
    isStranger: !MEASURED_SOURCE.test(source),
  }));
}
