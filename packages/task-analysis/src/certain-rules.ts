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
const CERTAIN_RULES: readonly CertainRule[] = [
  {
    head: 'simple_query',
    pattern:
      /^\W{0,5}(?:hi|hello|hey|test|testing|ping|ok|thanks|good (?:morning|evening))(?: (?:there|again|you))?[\s\d!.,]*$/i,
    because: 'is a plain question',
  },
  {
    // What is left of a greeting with a figure, whose courtesy is not read.
    head: 'simple_query',
    pattern: /^[\s\d!.,]+$/,
    because: 'is a plain question',
  },
  {
    head: 'simple_query',
    pattern: /^\W{0,5}how many [a-z ]{2,30} in (?:an? |one )[a-z -]{2,20}\??$/i,
    because: 'is a plain question',
  },
  {
    head: 'code_review',
    pattern: asked(
      String.raw`(?:spot|find|point out|look for|identify|check for)\s+(?:the\s+|any\s+|an?\s+|all\s+)?(?:\w+\s+)?(?:race conditions?|deadlocks?|memory leaks?|off-by-one|security (?:holes?|issues?|flaws?|problems?)|vulnerabilit(?:y|ies)|code smells?)\b`,
    ),
    because: 'asks for a review',
  },
  {
    head: 'errand',
    pattern: asked(
      String.raw`(?:re)?(?:format|pretty[- ]?print|prettify|beautify|indent|minify)\s+(?:this|the|my|these|that)\b.{0,40}$`,
    ),
    because: 'is a small errand',
  },
  {
    head: 'code_generation',
    pattern: asked(
      String.raw`(?:generate|build|implement|scaffold|code)\s+(?:an?\s+|the\s+|our\s+)?(?:[\w-]+\s+)?(?:service|dashboard|endpoint|component|module|middleware|controller)$`,
    ),
    because: 'asks for code',
  },
  {
    head: 'code_generation',
    pattern: asked(
      String.raw`(?:write|build|create|implement|code)\s+(?:me\s+)?(?:an?\s+)?(?:[\w+#]+[ -]){0,3}(?:function|script|cli|command[- ]line tool|tool|program|class|library|parser|converter)\s+(?:that|which|to|in)\b`,
    ),
    because: 'asks for code',
  },
  {
    head: 'translation',
    pattern: asked(String.raw`(?:(?:translate|übersetze|traduis|traduce|traduza)\b|.{0,40}(?:翻译成|翻訳し|译成))`),
    because: 'asks for a translation',
  },
  {
    head: 'summarization',
    pattern: asked(
      String.raw`(?:(?:summari[sz]e|tl;?dr|recap|sum up|give me (?:a summary|the (?:gist|key points)))\b|(?:boil|trim|cut) .{1,40} down to (?:a|an|one|two|three|\d+) (?:line|sentence|paragraph|bullet)|résume\b|resume (?:est[aeo]|el|la|los|las)\b|fass(?:e|t)? .{1,80} zusammen\b|.{0,20}(?:总结|概括|要約し))`,
    ),
    because: 'asks for a summary',
  },
  {
    head: 'json_output',
    pattern: asked(
      String.raw`(?:extract|return|convert|turn|parse|put|give|output|list|answer|respond)\b.{0,80}\b(?:as|in|into|to) (?:valid )?json\b`,
    ),
    because: 'asks for structured output',
  },
  {
    head: 'json_output',
    pattern: asked(
      String.raw`(?:generate|create|write|produce|draft|make|define|build|output|give me|erstelle|erzeuge|genera|crea|génère|crée)\b.{0,60}\b(?:open ?api|swagger|oas 3|json schema|json[- ]output|api spec(?:ification)?|valid json)\b`,
    ),
    because: 'asks for structured output',
  },
  {
    head: 'data_analysis',
    // A heading without figures and, below it, two rows or more that are parted the same way and have figures; nothing is asked to be programmed. Few texts have such rows, so they are looked for first.
    pattern:
      /^(?=(?:[\s\S]{0,3000}?\n)?\|?[^\n,;|\t(){}=<>\d]{1,30}([,;|\t])[^\n(){}=<>\d.]{1,80}\n(?:\|?[-:| ]{3,80}\n)?(?:(?=[^\n]{0,120}\d)[^\n(){}=<>]{1,40}\1[^\n(){}=<>]{1,80}(?:\n|$)){2})(?![\s\S]{0,3000}\b(?:json|yaml|xml|sql|scripts?|functions?|code|python|parse|class|import|translate|poem|story)\b)/i,
    because: 'asks about data',
  },
];

/** What stands behind a paste and is longer than this is no instruction. */
const LONGEST_INSTRUCTION = 300;

/** The rule that holds for a text as it is read: for how it begins or, behind something pasted, for how its last paragraph does. */
export function certainRule(text: string): CertainRule | undefined {
  const found = CERTAIN_RULES.find(({ pattern }) => pattern.test(text));
  if (found !== undefined) return found;
  const last = text.lastIndexOf('\n\n');
  if (last === -1 || text.length - last > LONGEST_INSTRUCTION) return undefined;
  const instruction = text.slice(last);
  return CERTAIN_RULES.find(({ pattern }) => pattern.test(instruction));
}
