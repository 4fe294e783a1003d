import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportedLimits } from '../src/index.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const read = (headers: Record<string, string>) => reportedLimits(headers, NOW);

describe('what providers say of their limits', () => {
  it('is read without the x- as well', () => {
    expect(read({ 'ratelimit-remaining': '5', 'rate-limit-limit': '9' })).toEqual([
      { counts: 'requests', window: '', limit: 9, remaining: 5 },
    ]);
  });

  it.each([
    'x-upstream-ratelimit-remaining-requests',
    'x-ratelimit-remaining-requests-day-of',
    'x-anthropic-ratelimit-requests-remaining',
    'anthropic-ratelimit-requests-remaining-x',
    'x-my-x-tokenlimit-remaining',
    'x-tokenlimit-remaining-x',
    'retry-limit-remaining',
  ])('is not what a header like %s says', (name) => expect(read({ [name]: '1' })).toEqual([]));

  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['1.25', 1.25],
    ['7 left', undefined],
    ['about 7', undefined],
    ['1.', undefined],
    ['1.x', undefined],
  ])('an amount of "%s" is %s', (text, remaining) => {
    expect(read({ 'x-ratelimit-remaining-requests': text }).map((one) => one.remaining)).toEqual(
      remaining === undefined ? [] : [remaining],
    );
  });

  it('Anthropic: four limits, resets as dates', () => {
    const said = read({
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-20T10:00:42Z',
      'anthropic-ratelimit-tokens-limit': '48000',
      'anthropic-ratelimit-tokens-remaining': '41000',
      'anthropic-ratelimit-tokens-reset': '2026-11-20T10:00:09Z',
      'anthropic-ratelimit-input-tokens-remaining': '36000',
      'anthropic-ratelimit-output-tokens-remaining': '5000',
      'anthropic-ratelimit-unified-status': 'allowed',
    });
    expect(said).toEqual([
      { counts: 'requests', window: '', limit: 50, remaining: 0, resetMs: 42_000 },
      { counts: 'uncached-tokens', window: 'all', limit: 48_000, remaining: 41_000, resetMs: 9_000 },
      { counts: 'uncached-tokens', window: '', remaining: 36_000 },
      { counts: 'output-tokens', window: '', remaining: 5_000 },
    ]);
  });

  it('OpenAI and Groq: requests and tokens, resets as durations; a project’s tokens apart', () => {
    const said = read({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '12ms',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
      'x-ratelimit-remaining-project-tokens': '0',
      'x-ratelimit-reset-project-tokens': '1s',
      'x-ratelimit-remaining-tokens_usage_based': '7',
    });
    expect(said).toEqual([
      { counts: 'requests', window: '', limit: 60, remaining: 59, resetMs: 12 },
      { counts: 'tokens', window: '', limit: 150_000, remaining: 149_984, resetMs: 360_000 },
      { counts: 'tokens', window: 'project', remaining: 0, resetMs: 1_000 },
    ]);
  });

  it('Cerebras: windows in the names, seconds with a fraction', () => {
    const said = read({
      'x-ratelimit-limit-requests-day': '1000',
      'x-ratelimit-remaining-requests-day': '995',
      'x-ratelimit-reset-requests-day': '33011.382867097855',
      'x-ratelimit-limit-tokens-minute': '60000',
      'x-ratelimit-remaining-tokens-minute': '12',
      'x-ratelimit-reset-tokens-minute': '11.38',
    });
    expect(said).toEqual([
      { counts: 'requests', window: 'day', limit: 1_000, remaining: 995, resetMs: 33_011_383 },
      { counts: 'tokens', window: 'minute', limit: 60_000, remaining: 12, resetMs: 11_380 },
    ]);
  });

  it('Mistral: no resets', () => {
    const said = read({
      'x-ratelimit-limit-tokens-minute': '5000000',
      'x-ratelimit-remaining-tokens-minute': '4999911',
      'x-ratelimit-tokens-query-cost': '52',
      'x-ratelimit-limit-req-minute': '720',
      'x-ratelimit-remaining-req-minute': '717',
    });
    expect(said).toEqual([
      { counts: 'tokens', window: 'minute', limit: 5_000_000, remaining: 4_999_911 },
      { counts: 'requests', window: 'minute', limit: 720, remaining: 717 },
    ]);
  });

  it('Together: requests and tokens a second', () => {
    const said = read({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1',
      'x-tokenlimit-limit': '3000',
      'x-tokenlimit-remaining': '2000',
      'x-ratelimit-limit-dynamic': '20',
    });
    expect(said).toEqual([
      { counts: 'requests', window: '', limit: 10, remaining: 0, resetMs: 1_000 },
      { counts: 'tokens', window: 'second', limit: 3_000, remaining: 2_000, resetMs: 1_000 },
    ]);
  });

  it.each([
    ['OpenRouter: milliseconds since 1970', String(NOW + 30_000)],
    ['seconds since 1970', String(NOW / 1_000 + 30)],
    ['a date of HTTP', 'Fri, 20 Nov 2026 10:00:30 GMT'],
    ['a number of seconds', '30'],
    ['a duration', '30s'],
  ])('a reset may be %s', (_, reset) => {
    const said = read({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
    expect(said).toEqual([{ counts: 'requests', window: '', remaining: 0, resetMs: 30_000 }]);
  });

  it('a date is read against the answer’s own, since clocks differ', () => {
    const said = read({
      date: 'Fri, 20 Nov 2026 11:00:00 GMT',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-20T11:00:05Z',
    });
    expect(said[0]?.resetMs).toBe(5_000);
  });

  it('Azure: what is left, and a wait beside a refusal', () => {
    expect(read({ 'x-ratelimit-remaining-requests': '79', 'x-ratelimit-remaining-tokens': '61353' })).toHaveLength(2);
    expect(read({ 'x-ratelimit-remaining-tokens': '0', 'x-rate-limit-reset-tokens': '55' })).toEqual([
      { counts: 'tokens', window: '', remaining: 0, resetMs: 55_000 },
    ]);
  });
});

describe('what makes no sense', () => {
  it.each([
    { 'x-ratelimit-limit-tokens': '-1', 'x-ratelimit-remaining-tokens': '-1', 'x-ratelimit-reset-tokens': '0' },
    { 'x-ratelimit-limit-requests': '0', 'x-ratelimit-remaining-requests': '0' },
    { 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '11' },
    { 'x-ratelimit-remaining-requests': 'many' },
    { 'x-ratelimit-remaining-requests': '' },
    { 'x-ratelimit-limit-requests': '5', 'x-ratelimit-reset-requests': '5s' },
    { 'x-ratelimit-foo': '0', 'retry-after': '5', 'content-type': 'x-ratelimit-remaining' },
  ] as Record<string, string>[])('is no limit: %j', (headers) => expect(read(headers)).toEqual([]));

  it.each(['soon', '', '2027-11-20T10:00:00Z', '99999999999999999999', '-5'])('a reset “%s” is not said', (reset) => {
    expect(read({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })[0]).not.toHaveProperty('resetMs');
  });

  it('a reset that is over is now', () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-11-20T09:00:00Z' };
    expect(read(headers)[0]?.resetMs).toBe(0);
  });

  it('never throws, and what it reads has its bounds', () => {
    const name = fc.tuple(
      fc.constantFrom('x-ratelimit', 'ratelimit', 'x-rate-limit', 'x-tokenlimit', 'anthropic-ratelimit-tokens'),
      fc.constantFrom('limit', 'remaining', 'reset'),
      fc.constantFrom('', '-requests', '-tokens', '-tokens-minute', '-req-day'),
    );
    const value = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String), fc.date().map(String));
    fc.assert(
      fc.property(
        fc.dictionary(
          name.map(([family, field, what]) => `${family}-${field}${what}`),
          value,
        ),
        (headers) => {
          for (const { remaining, limit, resetMs = 0 } of read(headers)) {
            expect(remaining).toBeGreaterThanOrEqual(0);
            expect(limit ?? remaining).toBeGreaterThanOrEqual(remaining);
            expect(resetMs).toBeGreaterThanOrEqual(0);
            expect(resetMs).toBeLessThanOrEqual(32 * 86_400_000);
          }
        },
      ),
    );
  });
});
