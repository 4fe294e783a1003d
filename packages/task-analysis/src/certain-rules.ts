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
