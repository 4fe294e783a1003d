/** A weak and a strong model, and the sources on which both were asked. */
export interface Pair {
  readonly name: string;
  readonly sources: readonly string[];
  readonly weak: string;
  readonly strong: string;
  /** APGR that routing-quality research gives as reachable; the goal of this repository. */
  readonly goal?: number | undefined;
}

const ZERO_EVAL = ['routing_zeroeval_gsm', 'routing_zeroeval_crux', 'routing_zeroeval_math_l5'];

export const PAIRS: readonly Pair[] = [
  { name: 'MMLU', sources: ['routing_routellm_mmlu'], weak: 'mixtral-8x7b', strong: 'gpt-4-1106-preview', goal: 0.65 },
  {
    name: 'GSM8K',
    sources: ['routing_routellm_gsm8k'],
    weak: 'mixtral-8x7b',
    strong: 'gpt-4-1106-preview',
    goal: 0.62,
  },
  { name: 'GSM8K + CRUX + MATH', sources: ZERO_EVAL, weak: 'gpt-4o-mini', strong: 'o1-mini', goal: 0.72 },
  {
    name: 'GSM8K + CRUX + MATH',
    sources: ZERO_EVAL,
    weak: 'claude-3-haiku',
    strong: 'claude-3.5-sonnet-20241022',
    goal: 0.65,
  },
  { name: 'MMLU-Pro', sources: ['routing_mmlupro'], weak: 'llama-3.1-8b', strong: 'gemini-1.5-pro-002' },
];

/** Never trained on: for a look at open chat. */
export const CHAT_PAIR: Pair = {
  name: 'AlpacaEval',
  sources: ['routing_alpacaeval'],
  weak: 'gpt-3.5-turbo-1106',
  strong: 'gpt-4-1106-preview',
};

/** The models of ZeroEval with list prices of late 2024, in dollars per million tokens of input and output. */
export const POOL_PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'gpt-4o-2024-08-06': [2.5, 10],
  'gpt-4o-mini': [0.15, 0.6],
  'gpt-3.5-turbo-0125': [0.5, 1.5],
  'claude-3-haiku': [0.25, 1.25],
  'claude-3-opus': [15, 75],
  'claude-3.5-sonnet-20241022': [3, 15],
  'claude-3.5-haiku': [0.8, 4],
  'gemini-1.5-flash': [0.075, 0.3],
  'gemini-1.5-pro': [1.25, 5],
  'o1-mini': [3, 12],
};

export const POOL_SOURCES = ZERO_EVAL;
