import { asObject, type CacheMark, type JsonObject } from '@signalbox/core';

const CACHE_TTLS = ['5m', '30m', '1h', '12h'] as const;

/** Fields that hold a cache mark. */
export const CACHE_FIELDS = ['cache_control', 'prompt_cache_breakpoint'] as const;

/** A cache mark, in OpenAI's spelling or in Anthropic's (which OpenRouter takes in this format). */
export function decodeCache(object: JsonObject): { cache?: CacheMark } {
  for (const key of CACHE_FIELDS) {
    const mark = asObject(object[key]);
    if (mark === undefined) continue;
    const ttl = CACHE_TTLS.find((known) => known === mark.ttl);
    return { cache: ttl === undefined ? {} : { ttl } };
  }
  return {};
}
