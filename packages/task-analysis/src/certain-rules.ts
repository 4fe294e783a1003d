import type { HeadName } from './heads.ts';

/** A form of request that leaves no doubt what is wanted. */
export interface CertainRule {
  readonly head: HeadName;
  readonly pattern: RegExp;
  readonly because: string;
}

const ASKING = String.raw`^\W{0,5}(?:(?:please|can you|could you|i want you to|i need you to|help me)\s+){0,2}`;

const asked = (words: string) => new RegExp(ASKING + words, 'i');

/** Asked before the learned heads, in this order. */
export const CERTAIN_RULES: readonly CertainRule[] = [
  {
    head: 'translation',
    pattern: asked(String.raw`(?:translate|übersetze|traduis|traduce|traduza)\b`),
    because: 'asks for a translation',
  },
  {
    head: 'summarization',
    pattern: asked(String.raw`(?:summari[sz]e|tl;?dr|recap|sum up|give me (?:a summary|the (?:gist|key points)))\b`),
    because: 'asks for a summary',
  },
  {
    head: 'json_output',
    pattern: asked(
      String.raw`(?:generate|create|write|produce|draft|make|define|build|output|give me)\b.{0,60}\b(?:open ?api|swagger|json schema|json[- ]output|api spec(?:ification)?|valid json)\b`,
    ),
    because: 'asks for structured output',
  },
];
