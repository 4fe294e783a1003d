import type { TaskType } from '@signalbox/core';

/** A pattern that tells a kind of task, and the words for it in a reason. */
export interface TaskRule {
  readonly type: TaskType;
  readonly pattern: RegExp;
  readonly because: string;
}

/**
 * Asked in this order; the first that matches wins. All patterns run in linear time: no nested repetition. They read the
 * last user turn only.
 */
export const TASK_RULES: readonly TaskRule[] = [
  {
    type: 'translation',
    pattern: /\btranslat(?:e|es|ed|ing|ion)\b|\bübersetz/i,
    because: 'asks for a translation',
  },
  {
    type: 'summarization',
    pattern: /\b(?:summari[sz]e|summary|tl;?dr|key points|condense)\b/i,
    because: 'asks for a summary',
  },
  {
    type: 'json_output',
    pattern: /\b(?:json|openapi|swagger|yaml|csv|xml|protobuf|graphql schema|(?:json|database|api) schema)\b/i,
    because: 'asks for structured output',
  },
  {
    type: 'code_review',
    pattern: /\b(?:review|audit|critique|find (?:the )?(?:bugs?|issues?|problems?))\b/i,
    because: 'asks for a review',
  },
  {
    type: 'documentation',
    pattern: /\b(?:document(?:ation)?|docstrings?|readme|changelog|jsdoc|tutorial)\b/i,
    because: 'asks for documentation',
  },
  {
    type: 'data_analysis',
    pattern: /\b(?:analy[sz]e\b.{0,60}\bdata|dataset|dataframe|regression|correlation|statistics|chart|plot)\b/i,
    because: 'asks about data',
  },
  {
    type: 'complex_reasoning',
    pattern:
      /\b(?:architecture|architect|design (?:a|an|the|our)\b|distributed|microservices?|trade-?offs?|prove|proof|derive|migrat(?:e|ion)|refactor(?:ing)?|legacy|monolith|root cause|concurrency|deadlock)\b/i,
    because: 'asks for design or deep reasoning',
  },
  {
    type: 'creative_writing',
    pattern: /\b(?:poem|story|haiku|song|lyrics|novel|blog post|slogan|screenplay|essay)\b/i,
    because: 'asks for creative writing',
  },
  {
    type: 'code_generation',
    pattern:
      /\b(?:implement|code|function|class|script|unit tests?|bug|compile|typescript|javascript|python|rust|golang|java|sql|regex|api|endpoint|component|feature|dashboard|service|algorithm)\b|```/i,
    because: 'asks for code',
  },
];

/** Words of work that is small whatever it is about. */
export const SMALL_WORK =
  /^\W*(?:please\s+)?(?:list|show|print|count|rename|format|what|who|when|where|which|how many|is|are|does|define|convert|sort)\b|\b(?:typo|quick(?:ly)?|simple|one-?liner|short|briefly)\b/i;

/** Words of work that is large. */
export const LARGE_WORK =
  /\b(?:architecture|architect|distributed|microservices?|legacy|monolith|codebase|entire|whole|end-to-end|migrat(?:e|ion)|redesign|scalab(?:le|ility)|fault[- ]tolerant|consensus|formal(?:ly)?|prove|proof|refactor(?:ing)?|comprehensive|in depth|step by step|trade-?offs?)\b/i;
