import type { ModelFacts, PromptCacheTerms } from '@signalbox/core';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A vendor's terms, and where they are said. */
interface PromptCacheRow extends PromptCacheTerms {
  readonly source: string;
}

/**
 * By the catalogue's name of the vendor. Where a vendor gives a span, its short end stands here: to take a cold cache for a warm one costs money, the other way round
 * costs a little less. A vendor that is not here is taken to keep nothing.
 */
export const PROMPT_CACHE_TABLE: Readonly<Record<string, PromptCacheRow>> = {
  anthropic: {
    unasked: false,
    ttlMs: 5 * MINUTE,
    longTtlMs: HOUR,
    minTokens: 1_024,
    source: 'docs.claude.com, Prompt caching: 5 minutes, renewed at each use; 1 hour with ttl "1h"',
  },
  openai: {
    unasked: true,
    ttlMs: 5 * MINUTE,
    minTokens: 1_024,
    source: 'platform.openai.com, Prompt caching: 5 to 10 minutes of inactivity, at most an hour; from 1,024 tokens',
  },
  google: {
    unasked: true,
    ttlMs: 3 * MINUTE,
    minTokens: 2_048,
    source:
      'ai.google.dev, Context caching: implicit from Gemini 2.5 on, from 1,024 or 2,048 tokens; its lifetime is not stated, requests "in a short amount of time"',
  },
  deepseek: {
    unasked: true,
    ttlMs: HOUR,
    minTokens: 64,
    source: 'api-docs.deepseek.com, Context Caching: on disk, in units of 64 tokens, a few hours to a few days',
  },
};

/** How the vendor of a model keeps the beginnings of prompts; `undefined`: it does not, as far as is known. */
export function promptCacheTerms(facts: ModelFacts): PromptCacheTerms | undefined {
  if (facts.capabilities.promptCache === false) return undefined;
  return Object.hasOwn(PROMPT_CACHE_TABLE, facts.provider) ? PROMPT_CACHE_TABLE[facts.provider] : undefined;
}
