import type { TaskType } from '@signalbox/core';

/** How able a family of models is, and who says so. */
export interface AbilityRow {
  /** Of the model's id in lower case, matched anywhere in it. */
  readonly model: RegExp;
  /** 0 to 1: the demand of work of which it gets half right. Small work demands 0.15, middling 0.45, large 0.75. */
  readonly ability: number;
  /** Where a kind of task differs from that. */
  readonly types?: Readonly<Partial<Record<TaskType, number>>> | undefined;
  /** `measured`: from outcomes in the training data, by the scale below; `estimated`: placed by hand beside those. */
  readonly source: 'measured' | 'estimated';
}

/**
 * Asked in this order, the first that matches wins: special models before their families.
 *
 * Measured rows come from `npm run routing:train`: a Rasch model over right and wrong answers (RouteLLM, MMLU-Pro and ZeroEval result files,
 * docs/routing-quality.md) gives each model an ability in logits, and ability here = 0.42 + 0.12 × logits. Those are exam questions of
 * 2023 and 2024; whoever came later is estimated: a vendor's smallest, middle and largest models 0.48, 0.7 and 0.9, which is also the
 * specification's view of Haiku, Sonnet and Opus. Correct what you know better under `routing.quality`.
 */
export const ABILITY_TABLE: readonly AbilityRow[] = [
  // Anthropic
  { model: /claude-3-opus/, ability: 0.5, types: { code_generation: 0.52 }, source: 'measured' },
  { model: /claude-3[.-]5-sonnet/, ability: 0.62, source: 'measured' },
  { model: /claude-3[.-]5-haiku/, ability: 0.52, source: 'measured' },
  { model: /claude-3-haiku/, ability: 0.36, types: { complex_reasoning: 0.28 }, source: 'measured' },
  { model: /claude-3-sonnet|claude-(?:2|v1|instant)/, ability: 0.4, source: 'estimated' },
  { model: /opus|fable/, ability: 0.9, source: 'estimated' },
  { model: /sonnet/, ability: 0.7, source: 'estimated' },
  { model: /haiku/, ability: 0.48, source: 'estimated' },
  // OpenAI
  { model: /gpt-3\.5/, ability: 0.31, types: { complex_reasoning: 0.25 }, source: 'measured' },
  { model: /gpt-4o-mini/, ability: 0.53, source: 'measured' },
  { model: /gpt-4o/, ability: 0.61, types: { code_generation: 0.66 }, source: 'measured' },
  { model: /o1-mini/, ability: 0.74, types: { code_generation: 0.82, simple_query: 0.6 }, source: 'measured' },
  { model: /gpt-4\.1-nano/, ability: 0.42, source: 'estimated' },
  { model: /gpt-4\.1-mini/, ability: 0.56, source: 'estimated' },
  { model: /gpt-4\.[15]/, ability: 0.65, source: 'estimated' },
  { model: /gpt-4/, ability: 0.55, source: 'measured' },
  { model: /gpt-oss-120b/, ability: 0.66, source: 'estimated' },
  { model: /gpt-oss/, ability: 0.55, source: 'estimated' },
  { model: /gpt-[5-9].*nano/, ability: 0.5, source: 'estimated' },
  { model: /gpt-[5-9].*mini|codex-mini|gpt-[5-9].*luna/, ability: 0.66, source: 'estimated' },
  { model: /gpt-[5-9]|codex/, ability: 0.86, source: 'estimated' },
  { model: /o[34]-mini/, ability: 0.76, source: 'estimated' },
  { model: /(?:^|\/)o[13](?:$|-)/, ability: 0.82, source: 'estimated' },
  // Google
  { model: /gemini-1\.5-flash|gemini-flash-1\.5/, ability: 0.5, types: { code_generation: 0.44 }, source: 'measured' },
  { model: /gemini-1\.5-pro|gemini-pro-1\.5/, ability: 0.54, types: { code_generation: 0.48 }, source: 'measured' },
  { model: /gemini-1\.0|^gemini-pro$/, ability: 0.47, source: 'estimated' },
  { model: /gemini.*flash-lite/, ability: 0.44, source: 'estimated' },
  { model: /gemini.*flash/, ability: 0.6, source: 'estimated' },
  { model: /gemini.*(?:pro|ultra)/, ability: 0.8, source: 'estimated' },
  { model: /gemma-2-9b/, ability: 0.33, source: 'measured' },
  // Others
  { model: /llama-3\.1-405b/, ability: 0.51, source: 'measured' },
  { model: /llama-3\.[13]-70b/, ability: 0.51, types: { code_generation: 0.45 }, source: 'measured' },
  { model: /llama-3\.1-8b/, ability: 0.37, types: { code_generation: 0.23 }, source: 'measured' },
  { model: /deepseek-v2/, ability: 0.48, source: 'measured' },
  { model: /deepseek.*(?:reasoner|r1|v4)/, ability: 0.78, source: 'estimated' },
  { model: /deepseek/, ability: 0.68, source: 'estimated' },
  { model: /grok.*(?:mini|fast)/, ability: 0.66, source: 'estimated' },
  { model: /grok-[1-3]|grok-beta/, ability: 0.64, source: 'estimated' },
  { model: /grok/, ability: 0.82, source: 'estimated' },
  { model: /mixtral-8x7b/, ability: 0.4, source: 'measured' },
  { model: /mistral-large-2|mistral-large-24/, ability: 0.52, source: 'measured' },
  { model: /mistral-large|magistral-medium|mistral-medium/, ability: 0.62, source: 'estimated' },
  { model: /mistral-(?:small|nemo)|magistral|devstral|codestral/, ability: 0.48, source: 'estimated' },
  { model: /mistral.{0,4}7b|mistral:7b|mistral-7b-v0\.2/, ability: 0.28, source: 'measured' },
  { model: /qwen2-72b/, ability: 0.43, source: 'measured' },
  { model: /qwen2-7b/, ability: 0.29, source: 'measured' },
  { model: /qwen1\.5-72b/, ability: 0.39, source: 'measured' },
  { model: /qwen1\.5-7b/, ability: 0.27, source: 'measured' },
  { model: /qwen.*(?:max|plus|coder)/, ability: 0.7, source: 'estimated' },
  { model: /command-r/, ability: 0.33, source: 'measured' },
  { model: /phi-3-mini/, ability: 0.37, source: 'measured' },
  { model: /jamba-1\.5-large/, ability: 0.42, source: 'measured' },
];
