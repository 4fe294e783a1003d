import { parseConfiguration } from '@signalbox/config';
import {
  type CatalogSlice,
  type Decision,
  inboundFromRequest,
  type LedgerRow,
  type ModelRequest,
  type Provider,
  type ProviderDefinition,
  type WireFormat,
} from '@signalbox/core';
import type { RouteCall } from '@signalbox/router';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { type ReadyRouter, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

const MINUTE = 60_000;
const RUNS = Number(process.env.EXPLAINED_RUNS ?? 60);

/** Every call is answered with as many tokens as its prompt asked for, most of the prompt out of the cache. */
const format = {
  id: 'fake',
  streamFraming: 'sse',
  client: {
    encodeRequest: ({ messages }: ModelRequest) => ({
      path: '/',
      headers: {},
      body: { length: JSON.stringify(messages).length },
      notes: [],
    }),
    decodeResponse: (body: { readonly length: number }) => ({
      model: 'm',
      parts: [{ type: 'text', text: 'ok' }],
      finish: 'stop',
      usage: {
        inputTokens: Math.ceil(body.length / 4),
        outputTokens: 300,
        cacheWrite5mTokens: Math.ceil(body.length / 5),
        provenance: 'reported',
      },
    }),
    decodeError: () => ({ kind: 'overloaded', message: 'full' }),
  },
} as unknown as WireFormat;

type Models = Readonly<
  Record<string, { readonly output: number; readonly vision?: boolean; readonly window?: number }>
>;

/** A vendor whose calls are answered, and fail while it stands in `down`. */
function vendor(id: string, models: Models, down: ReadonlySet<string>): ProviderDefinition {
  const plain = fakeDefinition(
    id,
    Object.fromEntries(Object.entries(models).map(([name, { output }]) => [name, output])),
  );
  const catalog: CatalogSlice = {
    ...plain.catalog,
    models: plain.catalog.models.map((facts) => ({
      ...facts,
      capabilities: { vision: models[facts.id]?.vision },
      contextWindow: models[facts.id]?.window ?? 200_000,
    })),
  };
  return {
    ...plain,
    format,
    catalog,
    create: (settings): Provider => ({
      ...plain.create(settings),
      format,
      models: catalog.models,
      send: async ({ body }) => ({
        status: down.has(id) ? 503 : 200,
        headers: { 'content-type': 'application/json' },
        async *frames() {
          yield [];
        },
        bytes: async () => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
        discard: () => undefined,
      }),
    }),
  };
}

const NAMES = ['alpha.alpha-big', 'alpha.alpha-small', 'beta.beta-big', 'beta.beta-mid', 'gamma.gamma-only'];
const STRATEGIES = [
  'best_for_task',
  'cost_optimized',
  'performance_optimized',
  'round_robin',
  'custom_rules',
  'fallback_chain',
  'manual',
  'third_party',
];

const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const configurations = fc
  .record({
    strategy: fc.constantFrom(...STRATEGIES),
    defaultModel: some(fc.constantFrom('alpha-small', 'beta.beta-mid', 'auto')),
    fallbackOrder: fc.subarray(['gamma', 'beta', 'alpha']),
    round: some(fc.constantFrom('[alpha, beta]', '{ alpha: 2, gamma: 1 }', '[beta, beta, alpha]')),
    chain: fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 3 }),
    budgetChain: some(fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 2 })),
    rules: fc.subarray([
      "{ pattern: 'deploy|release', model: beta.beta-big }",
      '{ task_type: code_review, model: alpha.alpha-mid, fallback: beta.beta-mid }',
      '{ task_complexity: high, model: alpha.alpha-big, max_daily_uses: 2 }',
      '{ task_complexity: low, model: gamma.gamma-only, max_daily_uses: 1 }',
    ]),
    optimization: fc.subarray(['max_cost: 0.001', 'min_quality_score: 0.6', 'prefer_cheaper: true', 'max_latency: 4s']),
    budget: fc.subarray(['daily: 0.02', 'monthly: 0.5', 'per_request: 0.01']),
    alert: some(fc.constantFrom('switch_to_cheaper', 'block_expensive_models', 'deny')),
    perModel: some(
      fc.constantFrom('{ alpha.alpha-big: { max_daily_uses: 2 } }', '{ beta.beta-mid: { daily: 0.001 } }'),
    ),
    rateLimit: some(fc.constantFrom('2/minute', '1/minute')),
    fallback: some(fc.constantFrom('[beta.beta-mid]', '[gamma.gamma-only, alpha.alpha-small]')),
    keepWarm: fc.boolean(),
  })
  .map((drawn) =>
    [
      ...(drawn.defaultModel === undefined ? [] : [`router: { default_model: ${drawn.defaultModel} }`]),
      'providers:',
      `  alpha: { models: [alpha-big, alpha-small]${drawn.rateLimit === undefined ? '' : `, rate_limit: ${drawn.rateLimit}`} }`,
      '  beta: { models: [beta-big, beta-mid] }',
      '  gamma: { models: [gamma-only] }',
      'routing:',
      `  strategy: ${drawn.strategy}`,
      ...(drawn.fallbackOrder.length === 0 ? [] : [`  fallback_order: [${drawn.fallbackOrder.join(', ')}]`]),
      ...(drawn.round === undefined ? [] : [`  providers: ${drawn.round}`]),
      `  keep_warm: ${drawn.keepWarm}`,
      '  chains:',
      `    first: [${drawn.chain.join(', ')}]`,
      ...(drawn.budgetChain === undefined ? [] : [`    budget: [${drawn.budgetChain.join(', ')}]`]),
      ...(drawn.optimization.length === 0 ? [] : [`  optimization: { ${drawn.optimization.join(', ')} }`]),
      ...(drawn.rules.length === 0 ? [] : ['  rules:', ...drawn.rules.map((rule) => `    - ${rule}`)]),
      ...(drawn.fallback === undefined ? [] : [`fallback: { enabled: true, chain: ${drawn.fallback} }`]),
      'retry: { max_attempts: 1 }',
      'budget:',
      '  time_zone: UTC',
      ...drawn.budget.map((line) => `  ${line}`),
      ...(drawn.perModel === undefined ? [] : [`  per_model: ${drawn.perModel}`]),
      ...(drawn.alert === undefined ? [] : [`  alerts: [{ threshold: 20%, action: ${drawn.alert} }]`]),
      '',
    ].join('\n'),
  );

const PROMPTS = [
  'Fix the typo in README',
  'Design a distributed payment system with exactly-once semantics and prove it correct',
  'Return JSON with the fields name and age',
  'What is 2 + 2?',
  'deploy the service to production',
  'Review this function for bugs: function f(a) { return a[0] }',
];
/** Some 20,000 tokens: what a cache has of it is worth something. */
const LONG = 'All of what was said before. '.repeat(700);

const steps = fc.array(
  fc.record({
    model: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('auto', ...NAMES) },
      { weight: 2, arbitrary: fc.constantFrom(...STRATEGIES).map((name) => `signalbox/${name}`) },
    ),
    prompt: fc.constantFrom(...PROMPTS),
    isLong: fc.boolean(),
    hasImage: fc.boolean(),
    maxOutputTokens: some(fc.constantFrom(10, 500, 9_000)),
    session: some(fc.constantFrom('one', 'two')),
    user: some(fc.constantFrom('ann', 'bob')),
    waitMs: fc.constantFrom(0, 0, 1_000, 2 * MINUTE, 7 * MINUTE),
    down: fc.subarray(['alpha', 'beta']),
  }),
  { minLength: 2, maxLength: 5 },
);
type Step = Parameters<Parameters<typeof steps.map>[0]>[0][number];

function requestOf({ model, prompt, isLong, hasImage, maxOutputTokens }: Step): ModelRequest {
  return {
    model,
    maxOutputTokens,
    system: [{ type: 'text', text: 'You are an agent.' }],
    messages: [
      ...(isLong ? [{ role: 'user' as const, parts: [{ type: 'text' as const, text: LONG }] }] : []),
      {
        role: 'user',
        parts: [
          { type: 'text', text: prompt },
          ...(hasImage
            ? [{ type: 'media' as const, mediaType: 'image/png', source: { type: 'base64' as const, data: 'AAAA' } }]
            : []),
        ],
      },
    ],
  } as ModelRequest;
}

/** What a decision says of the choice. Figures may be more in an explanation. */
const choiceOf = ({ strategy, reason, rule, order, removed, session, notices, cheaperFirst }: Decision) => ({
  strategy,
  reason,
  rule,
  order: order.map((one) => one.candidate),
  removed,
  session,
  notices,
  cheaperFirst,
});

/** Explains and asks, at the same moment; gives both decisions, and who was asked in turn. */
async function both({ router }: ReadyRouter, rows: readonly LedgerRow[], step: Step) {
  const request = requestOf(step);
  const { session, user } = step;
  const caller = { tenant: 'local', session, user };
  const call: RouteCall = { inbound: inboundFromRequest(request), caller };
  const explained = await router.explain(call).catch(String);
  const before = rows.length;
  const answered = await router.generate(request, { caller, patienceMs: 0 }).catch((error: unknown) => error as Error);
  const booked = rows.slice(before);
  // As the first attempt booked it: what later ones met is added to it.
  const decision = booked[0]?.decision ?? (answered instanceof Error ? undefined : answered.decision);
  return { explained, decision, answered, attempts: booked.map(({ attempt }) => attempt) };
}

describe('an explanation', () => {
  it('has the order, the reasons and the winner of the request that follows, whatever is configured', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(configurations, steps, async (yaml, asked) => {
        const clock = createManualClock();
        const down = new Set<string>();
        const env = { ALPHA_API_KEY: 'a', BETA_API_KEY: 'b', GAMMA_API_KEY: 'c' };
        const rows: LedgerRow[] = [];
        const ready = await setupRouter({
          configuration: parseConfiguration(yaml, { file: 'router-config.yml', env }).configuration,
          env,
          clock,
          definitions: {
            alpha: vendor(
              'alpha',
              {
                'alpha-big': { output: 30, vision: true },
                'alpha-mid': { output: 15 },
                'alpha-small': { output: 1, window: 12_000 },
              },
              down,
            ),
            beta: vendor('beta', { 'beta-big': { output: 20, vision: false }, 'beta-mid': { output: 4 } }, down),
            gamma: vendor('gamma', { 'gamma-only': { output: 8, vision: true } }, down),
          },
          ledger: { append: (row) => rows.push(row) },
          // Tells little of what it wants to know, and makes the most of what it is told.
          strategies: {
            third_party: () => ({
              name: 'third_party',
              needs: ['cost'],
              rank: (candidates, { cost, task, latencyMs, quality }) => ({
                order: candidates
                  .map((candidate) => ({ candidate, score: cost?.get(candidate.id) ?? 0 }))
                  .sort((one, other) =>
                    task === undefined && latencyMs === undefined && quality === undefined
                      ? one.score - other.score
                      : other.score - one.score,
                  ),
                reason: 'by cost',
              }),
            }),
          },
        });
        for (const step of asked) {
          clock.advance(step.waitMs);
          down.clear();
          for (const id of step.down) down.add(id);
          const { explained, decision, answered, attempts } = await both(ready, rows, step);
          if (typeof explained === 'string') {
            expect(String(answered)).toBe(explained);
            continue;
          }
          if (decision === undefined) {
            // Nobody was asked: nobody was left, or a limit that only an attempt can meet stood in the way.
            expect(answered).toBeInstanceOf(Error);
            continue;
          }
          seen += 1;
          expect(choiceOf(explained)).toEqual(choiceOf(decision));
          const [first] = attempts;
          if (!down.has(explained.order[0]?.provider ?? ''))
            expect(first?.candidate).toBe(explained.order[0]?.candidate);
        }
        await ready.close();
      }),
      { numRuns: RUNS },
    );
    expect(seen).toBeGreaterThan(RUNS / 2);
  }, 600_000);
});
