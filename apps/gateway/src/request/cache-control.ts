import type { CacheUse } from '@signalbox/core';
import type { ForwardResult } from '@signalbox/router';

/**
 * What a request's `Cache-Control` (RFC 9111, 5.2.1) says about kept answers: `no-store` wants none given and none kept, `no-cache` a new one, and
 * `max-age` one that is no older than so many seconds. Other directives are for caches on the way.
 */
export function cacheUse(header: string | undefined): CacheUse | undefined {
  if (header === undefined) return undefined;
  const directives = header
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (directives.includes('no-store')) return { mode: 'off' };
  if (directives.includes('no-cache')) return { mode: 'refresh' };
  const [, seconds] = directives.map((one) => /^max-age="?(\d+)"?$/.exec(one)).find((found) => found !== null) ?? [];
  if (seconds === undefined) return undefined;
  return Number(seconds) === 0 ? { mode: 'refresh' } : { maxAgeMs: Number(seconds) * 1000 };
}

/** What the cache had to do with an answer: `hit` with its age in seconds, `miss`, or `bypass` with the reason. Nothing where there is no cache. */
export function cacheHeaders(cache: ForwardResult['cache']): Record<string, string> {
  if (cache === undefined) return {};
  return {
    'x-signalbox-cache': cache.status,
    ...(cache.ageMs === undefined ? {} : { age: String(Math.floor(cache.ageMs / 1000)) }),
    ...(cache.similarity === undefined ? {} : { 'x-signalbox-cache-similarity': cache.similarity.toFixed(3) }),
    ...(cache.reason === undefined ? {} : { 'x-signalbox-cache-reason': cache.reason.replace(/[^\x20-\x7e]/g, '?') }),
  };
}
