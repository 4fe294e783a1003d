import type { Vendor } from './error-answer.ts';
import { hashParts } from './random.ts';
import type { LimitState } from './request-limit.ts';

/** The id of an exchange: by seed and position, so that a run can be repeated. */
export function requestIdOf(vendor: Vendor, seed: number, position: number): string {
  const hash = hashParts('request', seed, position);
  return vendor === 'anthropic' ? `req_01${hash.slice(0, 22)}` : `req_${hash.slice(0, 32)}`;
}

/** Headers that a vendor adds to every answer: its request id and its rate limits. `at`: Unix milliseconds. */
export function vendorHeaders(
  vendor: Vendor,
  requestId: string,
  at: number,
  requests: LimitState | undefined,
): Record<string, string> {
  switch (vendor) {
    case 'anthropic': {
      const reset = Math.ceil(at / 60_000) * 60_000;
      const limits = [
        [
          'requests',
          requests ?? { limit: 4_000, remaining: 3_999 },
          requests === undefined ? reset : at + requests.resetMs,
        ],
        ['tokens', { limit: 480_000, remaining: 479_000 }, reset],
        ['input-tokens', { limit: 400_000, remaining: 400_000 }, reset],
        ['output-tokens', { limit: 80_000, remaining: 79_000 }, reset],
      ] as const;
      const headers = limits.flatMap(([name, { limit, remaining }, until]) => [
        [`anthropic-ratelimit-${name}-limit`, String(limit)],
        [`anthropic-ratelimit-${name}-remaining`, String(remaining)],
        [`anthropic-ratelimit-${name}-reset`, new Date(until).toISOString().replace('.000Z', 'Z')],
      ]);
      return { 'request-id': requestId, ...Object.fromEntries(headers) };
    }
    case 'openai':
      return {
        'x-request-id': requestId,
        'openai-version': '2020-10-01',
        'openai-processing-ms': '12',
        'x-ratelimit-limit-requests': String(requests?.limit ?? 5_000),
        'x-ratelimit-remaining-requests': String(requests?.remaining ?? 4_999),
        'x-ratelimit-reset-requests': `${requests?.resetMs ?? 12}ms`,
        'x-ratelimit-limit-tokens': '4000000',
        'x-ratelimit-remaining-tokens': '3999989',
        'x-ratelimit-reset-tokens': '0s',
      };
    default:
      return {};
  }
}

/** A wait as headers and in seconds: `2`, `1500ms` or `date:2`. */
export function retryAfterHeaders(
  written: string | undefined,
  now: number,
): { readonly headers: Record<string, string>; readonly seconds?: number | undefined } {
  if (written === undefined) return { headers: {} };
  if (written.endsWith('ms')) {
    const milliseconds = Number.parseInt(written, 10);
    return { headers: { 'retry-after-ms': String(milliseconds) }, seconds: milliseconds / 1000 };
  }
  if (written.startsWith('date:')) {
    const seconds = Number.parseInt(written.slice('date:'.length), 10);
    return { headers: { 'retry-after': new Date(now + seconds * 1000).toUTCString() }, seconds };
  }
  return { headers: { 'retry-after': written }, seconds: Number(written) };
}
