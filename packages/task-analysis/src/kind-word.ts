import type { HeadName } from './heads.ts';

/** Short words for kinds of task, as data sets of prompts use them: code, math, reasoning, knowledge_qa and so on. */
const KIND_WORDS: Readonly<Partial<Record<HeadName, string>>> = {
  code_generation: 'code',
  code_review: 'code',
  documentation: 'code',
  errand: 'code',
  mathematics: 'math',
  reasoning: 'reasoning',
  simple_query: 'knowledge_qa',
  json_output: 'structured_output',
};

/** The word for a head; its own name where there is no shorter one. */
export function kindWord(head: HeadName): string {
  return KIND_WORDS[head] ?? head;
}
