import { hashParts } from './random.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens } from './token-count.ts';

/** Shorter beginnings are not cached: the vendors' own minimum for most models. */
const LEAST_TOKENS = 1024;
/** OpenAI counts cached tokens in steps of this size. */
const STEP = 128;
const MOST_ENTRIES = 10_000;

/** Remembers the beginnings of prompts, per key and model. */
export interface PromptCache {
  /** Tokens of the request that were known, and tokens that are remembered from now on. */
  use(request: SimulatedRequest, key: string): { readonly cacheRead: number; readonly cacheWrite: number };
  clear(): void;
}

export function createPromptCache(): PromptCache {
  const known = new Set<string>();
  const remember = (hash: string): void => {
    known.add(hash);
    if (known.size > MOST_ENTRIES) for (const oldest of known) return void known.delete(oldest);
  };
  return {
    clear: () => known.clear(),
    use(request, key) {
      const prefixes = prefixesOf(request, key);
      const readable = prefixes.filter((prefix) => prefix.tokens >= LEAST_TOKENS);
      const found = readable.findLast((prefix) => known.has(prefix.hash));
      const marked = request.implicitCache ? readable : readable.filter((prefix) => prefix.marked);
      for (const prefix of marked) remember(prefix.hash);
      if (request.implicitCache) return { cacheRead: Math.floor((found?.tokens ?? 0) / STEP) * STEP, cacheWrite: 0 };
      const upTo = marked.at(-1);
      // Without a mark an Anthropic request neither reads nor writes.
      if (!upTo) return { cacheRead: 0, cacheWrite: 0 };
      const cacheRead = Math.min(found?.tokens ?? 0, upTo.tokens);
      return { cacheRead, cacheWrite: upTo.tokens - cacheRead };
    },
  };
}

interface Prefix {
  readonly hash: string;
  readonly tokens: number;
  readonly marked: boolean;
}

function prefixesOf(request: SimulatedRequest, key: string): readonly Prefix[] {
  let hash = hashParts(key, request.model);
  let tokens = 0;
  return request.segments.map((segment) => {
    hash = hashParts(hash, segment.text);
    tokens += countTokens(segment.text);
    return { hash, tokens, marked: segment.cacheMark === true };
  });
}
