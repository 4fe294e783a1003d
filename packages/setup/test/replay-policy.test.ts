import { parseConfiguration } from '@signalbox/config';
import type { Decision, ModelRequest, Removal } from '@signalbox/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReplayOptions, type ReplayPolicy, setupReplay, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

const definitions = {
  alpha: fakeDefinition('alpha', { 'alpha-big': 30, 'alpha-mid': 15, 'alpha-small': 1 }),
  beta: fakeDefinition('beta', { 'beta-big': 20, 'beta-small': 2 }),
};
const env = { ALPHA_API_KEY: 'a', BETA_API_KEY: 'b' };
const parsed = (yaml: string) => parseConfiguration(yaml, { file: 'router-config.yml', env }).configuration;

let policies: ReplayPolicy[] = [];
afterEach(async () => {
  await Promise.all(policies.splice(0).map((one) => one.close()));
  policies = [];
});

async function policyOf(yaml: string, rest: Partial<ReplayOptions> = {}): Promise<ReplayPolicy> {
  const policy = await setupReplay({ configuration: parsed(yaml), env, definitions, ...rest });
  policies.push(policy);
  return policy;
}

const says = (prompt: string, maxOutputTokens?: number): ModelRequest => ({
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
  maxOutputTokens,
});

/** Decides by a router of this configuration, and gives what its ledger would hold. */
async function decided(
  yaml: string,
  requests: readonly ModelRequest[],
  out: readonly string[] = [],
): Promise<Decision[]> {
  const removal = (candidate: string): Removal => ({ candidate, kind: 'rate-limit', reason: 'has had its share' });
  const ready = await setupRouter({
    configuration: parsed(yaml),
    env,
    definitions,
    admissions: [{ check: ({ id }) => (out.includes(id) ? removal(id) : undefined), reserve: () => undefined }],
  });
  try {
    return requests.map((request) => {
      const inbound = { head: { model: request.model, stream: false }, request: () => request };
      return JSON.parse(JSON.stringify(ready.router.decide({ inbound })));
    });
  } finally {
    await ready.close();
  }
}

const order = ({ order: entries }: Decision) => entries.map((one) => one.candidate);

const PROMPTS = [
  'Fix the typo in README',
  'Design a distributed payment system with exactly-once semantics and prove it correct',
  'Return JSON with the fields name and age',
  'What is 2 + 2?',
  'deploy the service to production',
  'Write a poem about the sea',
  'Review this function for bugs: function f(a) { return a[0] }',
];
const ALL = ['alpha/alpha-big', 'alpha/alpha-small', 'beta/beta-big', 'beta/beta-small'];

const configurations = fc
  .record({
    strategy: fc.constantFrom(
      'best_for_task',
      'cost_optimized',
      'performance_optimized',
      'round_robin',
      'custom_rules',
    ),
    minQuality: fc.option(fc.constantFrom(0.5, 0.8, 0.95), { nil: undefined }),
    maxCost: fc.option(fc.constantFrom(0.0001, 0.01, 1), { nil: undefined }),
    preferCheaper: fc.option(fc.boolean(), { nil: undefined }),
    maxLatency: fc.option(fc.constantFrom('1s', '20s'), { nil: undefined }),
    rules: fc.subarray([
      "{ pattern: 'deploy|release', model: beta.beta-big }",
      '{ task_type: code_review, model: alpha.alpha-mid, fallback: beta.beta-small }',
      "{ pattern: 'poem', task_complexity: low, model: alpha.alpha-small }",
      '{ task_complexity: high, model: alpha.alpha-big }',
    ]),
    quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  })
  .map(({ strategy, minQuality, maxCost, preferCheaper, maxLatency, rules, quality }) => {
    const optimization = [
      ...(minQuality === undefined ? [] : [`min_quality_score: ${minQuality}`]),
      ...(maxCost === undefined ? [] : [`max_cost: ${maxCost}`]),
      ...(preferCheaper === undefined ? [] : [`prefer_cheaper: ${preferCheaper}`]),
      ...(maxLatency === undefined ? [] : [`max_latency: ${maxLatency}`]),
    ];
    return [
      'providers:',
      '  alpha: { models: [alpha-big, alpha-mid, alpha-small] }',
      '  beta: { models: [beta-big, beta-small] }',
      'routing:',
      `  strategy: ${strategy}`,
      ...(optimization.length === 0 ? [] : [`  optimization: { ${optimization.join(', ')} }`]),
      ...(rules.length === 0 ? [] : ['  rules:', ...rules.map((rule) => `    - ${rule}`)]),
      ...(quality === undefined ? [] : ['  quality:', `    beta.beta-small: ${quality}`]),
      '',
    ].join('\n');
  });

const requests = fc.array(
  fc
    .record({
      prompt: fc.constantFrom(...PROMPTS),
      repeat: fc.integer({ min: 1, max: 40 }),
      maxOutputTokens: fc.option(fc.constantFrom(10, 500, 9_000), { nil: undefined }),
    })
    .map(({ prompt, repeat, maxOutputTokens }) => says(`${prompt} `.repeat(repeat), maxOutputTokens)),
  { minLength: 1, maxLength: 4 },
);

describe('a policy', () => {
  it('that made a decision makes it again', async () => {
    await fc.assert(
      fc.asyncProperty(configurations, requests, fc.subarray(ALL), async (yaml, asked, out) => {
        const policy = await setupReplay({ configuration: parsed(yaml), env, definitions });
        for (const recorded of await decided(yaml, asked, out)) {
          const again = policy.decide(recorded);
          expect([order(again), again.rule]).toEqual([order(recorded), recorded.rule]);
        }
        await policy.close();
      }),
      { numRuns: 100 },
    );
  });

  const CHEAP = 'routing: { strategy: cost_optimized, optimization: { min_quality_score: 0.1 } }\n';
  const BOTH =
    'providers:\n  alpha: { models: [alpha-big, alpha-small] }\n  beta: { models: [beta-big, beta-small] }\n';

  it('of another kind decides otherwise', async () => {
    const [recorded] = await decided(
      `${BOTH}routing: { strategy: performance_optimized }\nspeed_priority: [alpha.large]\n`,
      [says('What is 2 + 2?')],
    );
    if (recorded === undefined) throw new Error('nothing was decided');
    expect(order((await policyOf(`${BOTH}${CHEAP}`)).decide(recorded))[0]).toBe('alpha/alpha-small');
    const byName = await policyOf(BOTH, { model: 'beta-big' });
    expect([byName.name, order(byName.decide(recorded))]).toEqual(['beta-big', ['beta/beta-big']]);
  });

  it('needs no key: whoever is configured takes part, as long as nobody has one', async () => {
    const policy = await policyOf(`${BOTH}${CHEAP}`, { env: {} });
    const [recorded] = await decided(`${BOTH}${CHEAP}`, [says('What is 2 + 2?')]);
    expect(recorded && order(policy.decide(recorded))).toEqual(recorded && order(recorded));
    const one = await policyOf(`${BOTH}${CHEAP}`, { env: { ALPHA_API_KEY: 'a' } });
    expect(one.unavailable).toMatchObject([{ candidate: 'beta', reason: 'no API key: set BETA_API_KEY' }]);
  });

  it('expects of a model its price, quality and time; of one that nobody knows nothing', async () => {
    const policy = await policyOf(`${BOTH}${CHEAP}`, {
      measured: (id) => (id === 'alpha/alpha-big' ? { firstTokenMs: 500, tokensPerSecond: 100 } : undefined),
    });
    const [recorded] = await decided(`${BOTH}${CHEAP}`, [says('What is 2 + 2?')]);
    if (recorded?.task === undefined) throw new Error('nothing was analysed');
    const usage = { inputTokens: 1_000, outputTokens: 100, provenance: 'reported' as const };
    expect(policy.judge('alpha/alpha-big', recorded, usage)).toMatchObject({
      cost: 9_000_000,
      latencyMs: 500 + recorded.task.expectedOutputTokens * 10,
      quality: expect.any(Number),
    });
    // Not configured, but of a provider that is known.
    expect(policy.judge('alpha/alpha-mid', recorded, usage)?.cost).toBe(4_500_000);
    expect(policy.judge('gone/model', recorded, usage)).toBeUndefined();
  });

  it.each([
    ['nosuch', 'The strategy "nosuch" is not available'],
    ['fallback_chain', 'needs a chain'],
    ['manual', 'manual chooses nothing by itself'],
  ])('by the strategy %s is an error', async (strategy, sentence) => {
    await expect(policyOf(BOTH, { strategy })).rejects.toThrow(sentence);
  });
});
