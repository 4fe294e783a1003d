import type { Vendor } from './error-answer.ts';
import { hashParts } from './random.ts';

/** The id of an exchange: by seed and position, so that a run can be repeated. */
export function requestIdOf(vendor: Vendor, seed: number, position: number): string {
  const hash = hashParts('request', seed, position);
  return vendor === 'anthropic' ? `req_01${hash.slice(0, 22)}` : `req_${hash.slice(0, 32)}`;
}

/** Headers that a vendor adds to every answer: its request id and its rate limits. `at`: Unix milliseconds. */
export function vendorHeaders(vendor: Vendor, requestId: string, at: number): Record<string, string> {
  switch (vendor) {
    case 'anthropic': {
      const reset = new Date(Math.ceil(at / 60_000) * 60_000).toISOString().replace('.000Z', 'Z');
      const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((name) => [
        [`anthropic-ratelimit-${name}-limit`, '4000'],
        [`anthropic-ratelimit-${name}-remaining`, '3999'],
        [`anthropic-ratelimit-${name}-reset`, reset],
      ]);
      return { 'request-id': requestId, ...Object.fromEntries(limits) };
    }
    case 'openai':
      return {
        'x-request-id': requestId,
        'openai-version': '2020-10-01',
        'openai-processing-ms': '12',
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
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
