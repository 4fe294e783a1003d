import { readFileSync } from 'node:fs';
import type { HeadName } from '../packages/task-analysis/src/heads.ts';
import type { LabelledPrompt } from './fit-heads.ts';
import type { OutcomeRow, TypedRow } from './read-pack.ts';

/** How much an example of ours counts beside a row of the data: there are few of them, and they are clear. */
const EXAMPLE_WEIGHT = 4;

/** How much a question of an exam counts: there are many, of one form. */
const QUESTION_WEIGHT = 0.5;

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
  /** The form that such prompts take, whoever asks; forms are left out in turn to see how well the others stand in for them. */
  readonly form?: string | undefined;
}

/** The examples of the repository, written for it: for kinds of task that the data hardly has, and for complexity. */
export function readExamples(): readonly Example[] {
  return readLines('./examples.jsonl');
}

/** Prompts with kind and size that nothing is learned from, and that nothing is chosen by. */
export function readFresh(): readonly Example[] {
  return readLines('./fresh.jsonl');
}

function readLines(file: string): readonly Example[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Example);
}

export function labelExamples(examples: readonly Example[]): LabelledPrompt[] {
  return examples.map(({ type, complexity, prompt, form }) => ({
    prompt,
    head: HEAD_OF_EXAMPLE[type] ?? (type as HeadName),
    complexity: COMPLEXITY[complexity],
    weight: EXAMPLE_WEIGHT,
    // Those of a form may well look like prompts whose answers were measured: exam questions, sums, programs to be run in the head.
    isStranger: form === undefined,
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

/** The source of exam questions whose subject says what kind of task they are. */
const EXAMS = 'routing_routellm_mmlu';
const MATHEMATICS = /mathematics/;
/** Subjects whose questions are some of them knowledge, some of them sums, code or logic. */
const MIXED_SUBJECT = /algebra|statistics|econometrics|physics|chemistry|computer|engineering|machine_learning|logic/;

/** Questions with lettered answers, by their subject: the prompts with a kind have hardly any of that form. */
export function labelExams(outcomes: readonly OutcomeRow[]): LabelledPrompt[] {
  return outcomes
    .filter(({ source, category }) => source === EXAMS && !MIXED_SUBJECT.test(category))
    .map(({ prompt, category }) => ({
      prompt,
      head: MATHEMATICS.test(category) ? 'mathematics' : 'simple_query',
      weight: QUESTION_WEIGHT,
      isStranger: false,
    }));
}
