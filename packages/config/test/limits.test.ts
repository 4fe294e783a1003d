import { describe, expect, test } from 'vitest';
import { linesOf, parse } from './parse.ts';

describe('limits', () => {
  test('of a provider and of a model are read the same way', () => {
    const { configuration, warnings } = parse(`
providers:
  openai:
    rate_limit: 50/minute
    tokens_per_minute: 40000
    max_concurrent: 8
    models:
      big: { name: gpt-4-turbo, rate_limit: 2/s, tokens_per_minute: "10000", max_concurrent: 1 }
`);
    const expected = { rateLimit: { requests: 50, perMs: 60_000 }, tokensPerMinute: 40_000, maxConcurrent: 8 };
    expect(configuration.providers.openai).toMatchObject({
      ...expected,
      models: { big: { rateLimit: { requests: 2, perMs: 1_000 }, tokensPerMinute: 10_000, maxConcurrent: 1 } },
    });
    expect(warnings).toEqual([]);
  });

  test('and connections bring no warning any more: they act', () => {
    const { configuration, warnings } = parse(
      'throughput: {connection_pool: 10, keep_alive: false, max_rpm: {openai: 100}, queue_timeout: 5s}',
    );
    expect(configuration.throughput).toEqual({
      connectionPool: 10,
      keepAlive: false,
      maxRpm: { openai: 100 },
      queueMs: 5_000,
    });
    expect(warnings).toEqual([]);
  });

  test.each(['0', '"0"', '"${NONE:-0}"'])('queue_timeout: %s means not to wait at all', (written) => {
    expect(parse(`throughput: {queue_timeout: ${written}}`).configuration.throughput.queueMs).toBe(0);
  });

  test.each([
    ['providers: {openai: {tokens_per_minute: 0}}', /tokens_per_minute: expected a whole number above 0/],
    ['providers: {openai: {max_concurrent: many}}', /max_concurrent: expected a whole number above 0/],
    ['providers: {openai: {rate_limit: 0/minute}}', /rate_limit: expected requests in a time such as 50\/minute/],
    ['providers: {openai: {rate_limit: 50/fortnight}}', /rate_limit: expected requests in a time/],
    ['providers: {openai: {max_concurent: 5}}', /unknown key\. Did you mean "max_concurrent"\?/],
    ['throughput: {queue_timeout: 30000}', /queue_timeout: expected a time such as 30s, or 0/],
    ['routing: {providers: {openai: 0}}', /providers\.openai: expected turns of a round, 1 to 100, found the number 0/],
    ['routing: {providers: {openai: 1.5}}', /expected turns of a round, 1 to 100, found the number 1\.5/],
    ['routing: {chains: {a: []}}', /chains\.a: expected at least one model, found an empty list/],
    ['throughput: {queue_timeout: -1}', /queue_timeout: expected a time/],
  ])('%s is refused', (text, expected) => {
    expect(linesOf(text)).toEqual([expect.stringMatching(expected)]);
  });
});

test('times may be said in weeks, months of 30 days and years; a rate is for a day at most', () => {
  const { configuration } = parse('{caching: {enabled: true, ttl: 2w}, chat: {retention: 1mo}}');
  expect(configuration.caching.ttlMs).toBe(14 * 86_400_000);
  expect(configuration.chat.retentionMs).toBe(30 * 86_400_000);
  expect(linesOf('providers: {openai: {rate_limit: 50/month}}')).toEqual([expect.stringContaining('50/month')]);
});
