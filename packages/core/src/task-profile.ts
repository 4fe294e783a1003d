/** The kinds of work. The first nine are the names that configurations use. */
export const TASK_TYPES = [
  'code_generation',
  'code_review',
  'documentation',
  'simple_query',
  'complex_reasoning',
  'json_output',
  'data_analysis',
  'creative_writing',
  'image_analysis',
  'summarization',
  'translation',
] as const;

/** What kind of work a prompt asks for. */
export type TaskType = (typeof TASK_TYPES)[number];

/** What a person would say: is this much work? */
export type Complexity = 'low' | 'medium' | 'high';

/** What a request needs from a model. */
export interface Needs {
  readonly tools: boolean;
  readonly vision: boolean;
  readonly pdf: boolean;
  readonly audio: boolean;
  readonly jsonSchema: boolean;
  /** Tokens of input, estimated. */
  readonly inputTokens: number;
  /** Tokens of output at most, where the caller set a limit. */
  readonly maxOutputTokens: number | undefined;
}

/** The needs of a request that nobody has measured: none. */
export const NO_NEEDS: Needs = {
  tools: false,
  vision: false,
  pdf: false,
  audio: false,
  jsonSchema: false,
  inputTokens: 0,
  maxOutputTokens: undefined,
};

/** What the analysis says about a request. */
export interface TaskProfile {
  readonly type: TaskType;
  readonly complexity: Complexity;
  /** 0 (any model gets it right) to 1. */
  readonly difficulty: number;
  /** Tokens that an answer to such a task usually has. */
  readonly expectedOutputTokens: number;
  /** Why, in a few words, for people. */
  readonly reason: string;
}
