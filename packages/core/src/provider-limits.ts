import { parseWireDuration } from './retry-after.ts';
import type { WireHeaders } from './wire-frame.ts';

/** What an answer's headers say of one of the provider's limits. */
export interface ReportedLimit {
  /**
   * `uncached-tokens`: of tokens that were read from a prompt cache none or few count (Anthropic), so an estimate of a request's tokens says little.
   */
  readonly counts: 'requests' | 'tokens' | 'uncached-tokens' | 'output-tokens';
  /** Tells limits of one kind apart: `minute`, `day`; `''` where there is one. */
  readonly window: string;
  /** What may be used in all; absent: not said. */
  readonly limit?: number | undefined;
  /** What is left of it. */
  readonly remaining: number;
  /** Milliseconds until all of it is free again; absent: not said. */
  readonly resetMs?: number | undefined;
}

/** A month's limit is the longest there is; what resets later is a mistake. */
const LONGEST_RESET_MS = 32 * 86_400_000;
/** Bare numbers from here on are seconds, from there on milliseconds since 1970; smaller ones are seconds from now. */
const EPOCH_SECONDS = 1_000_000_000;
const EPOCH_MILLISECONDS = 1_000_000_000_000;

/** As RFC 3339 and HTTP write it: `Date.parse` takes far more for one. */
const DATE = /^(?:\d{4}-\d\d-\d\dT|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} )/;

const ANTHROPIC = /^anthropic-ratelimit-(requests|tokens|input-tokens|output-tokens)-(limit|remaining|reset)$/;
const COMMON =
  /^(?:x-)?rate-?limit-(limit|remaining|reset)(?:-(requests|req|tokens|project-tokens))?(?:-([a-z0-9]+))?$/;
const TOGETHER = /^x-tokenlimit-(limit|remaining|reset)$/;
const TOGETHER_WINDOW = 'second';

type Field = 'limit' | 'remaining' | 'reset';
type Place = Pick<ReportedLimit, 'counts' | 'window'> & { readonly field: Field };

/**
 * The provider's own limits as its answer reports them, each with what is left. Values that make no sense (below zero, more left than there is,
 * a reset in another year) are left out, and so is a limit that does not say what is left of it. `now` (Unix milliseconds) is for dates in
 * answers that don't say their own.
 *
 * Sources: Anthropic (platform.claude.com/docs/en/api/rate-limits: `anthropic-ratelimit-*`, resets in RFC 3339), OpenAI
 * (platform.openai.com/docs/guides/rate-limits: `x-ratelimit-*-requests|tokens|project-tokens`, resets such as `6m0s`), Groq the same
 * (console.groq.com/docs/rate-limits), Cerebras (inference-docs.cerebras.ai/support/rate-limits: `-requests-day`, `-tokens-minute`, seconds),
 * Mistral (`-req-minute`, `-tokens-minute`; github.com/mistralai/client-ts/issues/169), Together (`x-ratelimit-*` in requests a second and
 * `x-tokenlimit-*`; docs.together.ai/docs/rate-limits), OpenRouter (`x-ratelimit-reset` in milliseconds since 1970), Azure (what is left alone,
 * also -1: github.com/openai/openai-dotnet/issues/838).
 */
export function reportedLimits(headers: WireHeaders, now: number): readonly ReportedLimit[] {
  let found: Map<string, Place & { readonly values: Partial<Record<Field, string>> }> | undefined;
  for (const name in headers) {
    // Most headers are none of these: tell them by a letter or two before a pattern looks at them.
    const first = name.charCodeAt(0);
    if (first !== LETTER_X && first !== LETTER_A && first !== LETTER_R) continue;
    const place = name.includes('limit-') ? placeOf(name) : undefined;
    const value = headers[name];
    if (place === undefined || value === undefined) continue;
    found ??= new Map();
    const id = `${place.counts} ${place.window}`;
    const entry = found.get(id) ?? { ...place, values: {} };
    entry.values[place.field] = value;
    found.set(id, entry);
  }
  if (found === undefined) return [];
  const limits: ReportedLimit[] = [];
  for (const { counts, window, values } of found.values()) {
    const remaining = amountOf(values.remaining);
    const limit = amountOf(values.limit);
    if (remaining === undefined || (values.limit !== undefined && !limit) || remaining > (limit ?? remaining)) continue;
    // Together's tokens are free again when its requests are.
    const reset = values.reset ?? (window === TOGETHER_WINDOW ? found.get('requests ')?.values.reset : undefined);
    const resetMs = reset === undefined ? undefined : timeLeft(reset, headers, now);
    limits.push({
      counts,
      window,
      remaining,
      ...(limit === undefined ? {} : { limit }),
      ...(resetMs === undefined ? {} : { resetMs }),
    });
  }
  return limits;
}

const [LETTER_A, LETTER_R, LETTER_X] = [0x61, 0x72, 0x78];

function placeOf(name: string): Place | undefined {
  const common = COMMON.exec(name);
  if (common !== null) {
    const [, field, what = 'requests', window = ''] = common;
    const project = what === 'project-tokens' ? 'project' : '';
    return {
      counts: what.endsWith('tokens') ? 'tokens' : 'requests',
      window: project || window,
      field: field as Field,
    };
  }
  const anthropic = ANTHROPIC.exec(name);
  if (anthropic !== null) {
    const [, what = '', field] = anthropic;
    const counts = what === 'requests' ? 'requests' : what === 'output-tokens' ? 'output-tokens' : 'uncached-tokens';
    return { counts, window: what === 'tokens' ? 'all' : '', field: field as Field };
  }
  const together = TOGETHER.exec(name);
  return together === null ? undefined : { counts: 'tokens', window: TOGETHER_WINDOW, field: together[1] as Field };
}

function amountOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  const amount = Number(text);
  return Number.isFinite(amount) ? amount : undefined;
}

/** Milliseconds until a reset: written as a duration, as seconds, as a date, or as seconds or milliseconds since 1970. */
function timeLeft(text: string, headers: WireHeaders, now: number): number | undefined {
  const milliseconds = parseWireDuration(text);
  const isDuration = milliseconds !== undefined && (milliseconds < EPOCH_SECONDS * 1_000 || !/^[\d.\s]+$/.test(text));
  const left = isDuration ? milliseconds : pointInTime(text, milliseconds) - answeredAt(headers, now);
  return Number.isNaN(left) || left > LONGEST_RESET_MS ? undefined : Math.max(0, left);
}

/** `asSeconds`: what a bare number means where it is one of seconds. */
function pointInTime(text: string, asSeconds: number | undefined): number {
  if (asSeconds === undefined) return DATE.test(text) ? Date.parse(text) : Number.NaN;
  const number = asSeconds / 1_000;
  return number >= EPOCH_MILLISECONDS ? number : asSeconds;
}

/** Dates are read against the answer's own, so that two clocks need not agree. */
function answeredAt(headers: WireHeaders, now: number): number {
  const answered = Date.parse(headers.date ?? '');
  return Number.isNaN(answered) ? now : answered;
}
