import {
  type Analyser,
  aBoolean,
  anObject,
  type Complexity,
  estimateTokens,
  lastUserText,
  type ModelRequest,
  type Needs,
  type OptionRules,
  requireOptions,
  type TaskProfile,
  type TaskType,
} from '@signalbox/core';
import { builtInHeads, builtInWeights } from './built-in-heads.ts';
import { certainRule } from './certain-rules.ts';
import { complexityLevel } from './complexity-level.ts';
import { extractFeatures } from './extract-features.ts';
import { HEAD_NAMES, type HeadName, type HeadScores, type Heads } from './heads.ts';
import { RecentProfiles } from './recent-profiles.ts';
import { sizeWords } from './size-words.ts';
import { makeSketch, rememberSketch } from './task-sketch.ts';
import { withoutReminders } from './without-reminders.ts';

/** What is known of a prompt. */
export interface TaskAnalysis {
  readonly profile: TaskProfile;
  /** The head that won: mathematics and reasoning are told apart here. */
  readonly kind: HeadName;
  /** 0 (small work) to 1 (large): the figure behind the profile's complexity. */
  readonly complexityScore: number;
  /** How much more often a strong model gets it right than a weak one, expected. */
  readonly usefulness: number;
  /** In logits on the scale of abilities. */
  readonly hardness: number;
}

/** How prompts are read. */
export interface AnalysisOptions {
  /** `false`: everything is of medium complexity. Default `true`. */
  readonly detectComplexity?: boolean | undefined;
  /** Other heads than the built-in ones. */
  readonly heads?: Heads | undefined;
  /** Whether a sketch of each prompt is remembered with its profile (`sketchOf`). Default `false`. */
  readonly keepsSketches?: boolean | undefined;
}

const RULES: OptionRules<AnalysisOptions> = {
  detectComplexity: aBoolean,
  heads: anObject('an object of heads, such as learnHeads() makes'),
  keepsSketches: aBoolean,
};

type AttachedNeeds = Pick<Needs, 'vision' | 'jsonSchema'>;

/** An errand is small by its kind: it takes more to make it middling. */
const ERRAND_STEP = 0.45;
/** A prompt of so many tokens is no small matter whatever it asks. */
const LONG_PROMPT = 4_000;

const EXPECTED_OUTPUT: Readonly<Record<Complexity, number>> = { low: 250, medium: 900, high: 2_200 };

const TYPE_HEADS = HEAD_NAMES.filter((name) => !['complexity', 'usefulness', 'hardness'].includes(name));

const TYPE_OF_HEAD: Readonly<Partial<Record<HeadName, TaskType>>> = {
  mathematics: 'complex_reasoning',
  reasoning: 'complex_reasoning',
  errand: 'simple_query',
};

/**
 * Says what kind of task a prompt is and how complex: attachments and the output format decide first, then forms of request that leave no
 * doubt, then linear heads over hashed words. No network; a fraction of a millisecond, however long the prompt.
 *
 * @example
 * ```ts
 * analysePrompt('Fix typo in README').profile.complexity; // 'low'
 * ```
 */
export function analysePrompt(prompt: string, needs?: AttachedNeeds, options: AnalysisOptions = {}): TaskAnalysis {
  const text = withoutReminders(prompt);
  const features = extractFeatures(text);
  const scores = (options.heads ?? builtInHeads())(features);
  // Now: the next prompt writes over the features.
  const sketch = options.keepsSketches === true ? makeSketch(features, scores) : undefined;
  const { kind, type, because } = taskType(features.text, needs, scores);
  // No character takes a whole token: most prompts need not be looked at for it.
  const isLong = text.length > LONG_PROMPT && estimateTokens(text) > LONG_PROMPT;
  const level = options.detectComplexity === false ? 'medium' : taskComplexity(scores.complexity, isLong, kind);
  const size =
    options.detectComplexity === false ? 'its size is not judged' : sizeWords(level, clamp(scores.complexity), isLong);
  const profile: TaskProfile = {
    type,
    complexity: level,
    difficulty: difficultyOf(scores.hardness),
    expectedOutputTokens: EXPECTED_OUTPUT[level],
    reason: `${because}, ${size}`,
  };
  if (sketch !== undefined) rememberSketch(profile, sketch, text);
  return {
    profile,
    kind,
    complexityScore: clamp(scores.complexity),
    usefulness: scores.usefulness,
    hardness: scores.hardness,
  };
}

/** The profile alone. */
export function analyseTask(prompt: string, needs?: AttachedNeeds, options?: AnalysisOptions): TaskProfile {
  return analysePrompt(prompt, needs, options).profile;
}

/** The analyser for the router's port. It reads the last user turn, not the system prompt, tool definitions or tool results. Throws RouterError `configuration` for a bad option. */
export function createTaskAnalyser(options: AnalysisOptions = {}): Analyser {
  requireOptions('createTaskAnalyser', options, RULES);
  const recent = new RecentProfiles();
  return {
    analyse(request: ModelRequest, needs: Needs) {
      const prompt = lastUserText(request);
      return recent.of(prompt, needs, () => analyseTask(prompt, needs, options));
    },
  };
}

/** The measured model in the middle of the field: what it is likely to get wrong is difficult. */
const MIDDLING_ABILITY = 0.5;

function difficultyOf(hardness: number): number {
  const { slope, shift } = builtInWeights().calibration;
  return 1 - 1 / (1 + Math.exp(-(slope * (MIDDLING_ABILITY - hardness) + shift)));
}

interface Decided {
  readonly kind: HeadName;
  readonly type: TaskType;
  readonly because: string;
}

const BECAUSE: Readonly<Record<string, string>> = {
  code_generation: 'asks for code',
  code_review: 'asks for a review',
  documentation: 'asks for documentation',
  mathematics: 'is a mathematical question',
  reasoning: 'asks for design or deep reasoning',
  simple_query: 'is a plain question',
  errand: 'is a small errand',
  json_output: 'asks for structured output',
  data_analysis: 'asks about data',
  creative_writing: 'asks for creative writing',
  summarization: 'asks for a summary',
  translation: 'asks for a translation',
  image_analysis: 'asks about an image',
};

function taskType(text: string, needs: AttachedNeeds | undefined, scores: HeadScores): Decided {
  let kind: HeadName = 'simple_query';
  for (const head of TYPE_HEADS) if (scores[head] > scores[kind]) kind = head;
  if (needs?.vision === true) return { kind, type: 'image_analysis', because: 'has an image' };
  if (needs?.jsonSchema === true) return { kind, type: 'json_output', because: 'wants output of a schema' };
  const rule = certainRule(text);
  if (rule !== undefined) return decidedBy(rule.head, rule.because);
  return decidedBy(kind, BECAUSE[kind] ?? '');
}

function decidedBy(kind: HeadName, because: string): Decided {
  return { kind, type: TYPE_OF_HEAD[kind] ?? (kind as TaskType), because };
}

function taskComplexity(score: number, isLong: boolean, kind: HeadName): Complexity {
  const level = complexityLevel(score, kind === 'errand' ? ERRAND_STEP : undefined);
  return level === 'low' && isLong ? 'medium' : level;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
