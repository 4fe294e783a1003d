import { parseConfiguration } from '@signalbox/config';
import type { ModelRequest } from '@signalbox/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ReadyRouter, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

let opened: ReadyRouter[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
});

const PROVIDERS =
  'providers:\n  alpha: { models: [alpha-big, alpha-small] }\n  beta: { models: { fast: { name: beta-small, max_output_tokens: 100 } } }\n';

async function ready(yaml = ''): Promise<ReadyRouter> {
  const env = { ALPHA_API_KEY: 'a', BETA_API_KEY: 'b' };
  const { configuration } = parseConfiguration(`${PROVIDERS}${yaml}`, { file: 'router-config.yml', env });
  const definitions = {
    alpha: fakeDefinition('alpha', { 'alpha-big': 30, 'alpha-mid': 15, 'alpha-small': 1 }),
    beta: fakeDefinition('beta', { 'beta-big': 20, 'beta-small': 2 }),
  };
  const made = await setupRouter({ configuration, definitions, env });
  opened.push(made);
  return made;
}

const request = (fields: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'What is the capital of Portugal?' }] }],
  ...fields,
});

function decided({ router, routes }: ReadyRouter, model: string, asked: ModelRequest = request(), background = false) {
  const inbound = { head: { model, stream: false }, request: () => asked };
  return router.decide({ inbound, route: routes.resolve(model, () => background) });
}
const order = (decision: ReturnType<typeof decided>) => decision.order.map((entry) => entry.candidate);

describe('a name that a caller of the gateway gives', () => {
  it('means the model that has it, and that alone', async () => {
    const made = await ready();
    for (const name of ['alpha-big', 'alpha/alpha-big', 'alpha.large', 'claude-signalbox-alpha-big']) {
      expect(order(decided(made, name)), name).toEqual(['alpha/alpha-big']);
    }
  });

  it.each(['auto', 'signalbox/best_for_task', 'claude-signalbox-auto', 'claude-signalbox-best_for_task'])(
    '%s is routed',
    async (name) => {
      const decision = decided(await ready(), name);
      expect([decision.strategy, decision.order.length]).toEqual(['best_for_task', 3]);
    },
  );

  it('that a pattern of the configuration fits is routed as it says; the first pattern that fits counts, a whole name before all', async () => {
    const made = await ready(
      'models:\n  "alpha-*": best_for_task\n  "alpha-s*": alpha-mid\n  alpha-small: { chain: [beta.fast, alpha-mid] }\n  "*-turbo": alpha-mid\n  "gpt-*": { strategy: best_for_task }\n',
    );
    expect(decided(made, 'alpha-big')).toMatchObject({ strategy: 'best_for_task' });
    expect(order(decided(made, 'alpha-small'))).toEqual(['beta/beta-small', 'alpha/alpha-mid']);
    expect(order(decided(made, 'x-turbo'))).toEqual(['alpha/alpha-mid']);
    expect(decided(made, 'gpt-anything')).toMatchObject({ strategy: 'best_for_task' });
    expect(decided(made, 'alpha/alpha-big')).toMatchObject({ strategy: 'manual' });
    expect(() => decided(made, 'claude-x')).toThrow(/"claude-x" is unknown/);
  });

  it('may be another word for what is routed, and chains may hold each other', async () => {
    const made = await ready(
      'models:\n  "gpt-*": auto\n  "o*": signalbox/cost_optimized\n  "m*": swift\n  swift: cheap\n  cheap: cost_optimized\n  quick: { chain: [beta.fast, alpha-small] }\n  long: { chain: [alpha-mid, quick, beta.fast] }\n  "x-*": quick\nfallback: { chain: [quick] }\n',
    );
    expect(decided(made, 'gpt-4o')).toMatchObject({ strategy: 'best_for_task' });
    for (const name of ['o3', 'm1', 'swift', 'cheap'])
      expect(decided(made, name).strategy, name).toBe('cost_optimized');
    expect(order(decided(made, 'x-1'))).toEqual(['beta/beta-small', 'alpha/alpha-small']);
    expect(order(decided(made, 'long'))).toEqual(['alpha/alpha-mid', 'beta/beta-small', 'alpha/alpha-small']);
    expect(order(decided(made, 'alpha-big'))).toEqual(['alpha/alpha-big', 'beta/beta-small', 'alpha/alpha-small']);
    expect(made.resolver.model('swift').strategy.name).toBe(made.resolver.strategy('cost_optimized').strategy.name);
  });

  it.each([
    ['quik', 'quick'],
    ['AUTO', 'auto'],
    ['Auto', 'auto'],
  ])('and nobody knows is told which was meant: %s, %s', async (name, meant) => {
    const made = await ready('models: { quick: { chain: [beta.fast] }, "quik-*": auto }\n');
    expect(() => decided(made, name)).toThrow(new RegExp(`The model "${name}" is unknown. Did you mean ${meant}\\b`));
  });

  it('that stands in its own chain means the model there', async () => {
    const made = await ready('models: { alpha-big: { chain: [alpha-big, beta.fast] }, a: b, b: a }\n');
    expect(order(decided(made, 'alpha-big'))).toEqual(['alpha/alpha-big', 'beta/beta-small']);
    for (const name of ['a', 'b']) expect(order(decided(made, name)), name).toEqual([]);
  });

  it.each(['mine', 'auto', 'second'])(
    'may lead to auto, and be the default of the strategy that has none: %s',
    async (name) => {
      const models = 'models: { mine: auto, second: mine }\n';
      const manual = await ready(`router: { default_model: ${name} }\nrouting: { strategy: manual }\n${models}`);
      expect(order(decided(manual, 'auto'))).toEqual(['alpha/alpha-big']);
      const off = await ready(`router: { enabled: false, default_model: ${name} }\n${models}`);
      expect(() => decided(off, 'auto')).toThrow('names no router.default_model');
    },
  );

  it('with the prefix for clients of Claude is asked for no more than its model can give', async () => {
    const asked = request({ maxOutputTokens: 32_000 });
    const made = await ready();
    const capped = (name: string) => [made.routes.resolve(name).capsOutput, order(decided(made, name, asked))];
    expect(capped('claude-signalbox-auto')).toEqual([true, expect.arrayContaining(['beta/beta-small'])]);
    expect(capped('claude-signalbox-beta.fast')).toEqual([true, ['beta/beta-small']]);
    expect(made.routes.resolve('beta.fast').capsOutput).toBeUndefined();
  });

  it('and that is routed all the same makes its model a candidate like the others', async () => {
    const made = await ready('models: { "alpha-*": best_for_task }\n');
    expect(order(decided(made, 'alpha-mid')).sort()).toEqual([
      'alpha/alpha-big',
      'alpha/alpha-mid',
      'alpha/alpha-small',
      'beta/beta-small',
    ]);
  });
});

describe('routing.apply_to: all', () => {
  it('routes whatever is named, also what nobody knows; what names its route is served by that', async () => {
    const made = await ready('routing: { apply_to: all }\nmodels: { quick: { chain: [beta.fast] } }\n');
    expect(decided(made, 'alpha-mid')).toMatchObject({ strategy: 'best_for_task', requestedModel: 'alpha-mid' });
    expect(order(decided(made, 'alpha-mid'))).toContain('alpha/alpha-mid');
    expect(decided(made, 'claude-of-tomorrow')).toMatchObject({ strategy: 'best_for_task' });
    expect(order(decided(made, 'quick'))).toEqual(['beta/beta-small']);
  });

  it('leaves a choice that a program makes by itself alone', async () => {
    const { resolver } = await ready('routing: { apply_to: all }\n');
    expect(resolver.model('alpha-big').strategy.name).toBe('manual');
  });

  it('does not hold an output limit against a model that gives less: the client had another in mind', async () => {
    const asked = request({ maxOutputTokens: 128_000 });
    const all = decided(await ready('routing: { apply_to: all }\n'), 'alpha-big', asked);
    expect(order(all)).toContain('beta/beta-small');
    const auto = decided(await ready(), 'auto', asked);
    expect(order(auto)).not.toContain('beta/beta-small');
    expect(auto.removed).toContainEqual(
      expect.objectContaining({ candidate: 'beta/beta-small', kind: 'output-limit' }),
    );
  });
});

describe('a small call beside a conversation', () => {
  it('goes to the cheapest where it would be routed', async () => {
    const made = await ready('routing: { apply_to: all }\n');
    expect(decided(made, 'alpha-big', request(), true)).toMatchObject({ strategy: 'cheapest' });
    expect(order(decided(made, 'alpha-big', request(), true))).toEqual([
      'alpha/alpha-small',
      'beta/beta-small',
      'alpha/alpha-big',
    ]);
  });

  it('goes to the model that was configured for it, or nowhere else than the rest', async () => {
    const named = await ready('routing: { apply_to: all, background: beta.fast }\n');
    expect(order(decided(named, 'alpha-big', request({ maxOutputTokens: 32_000 }), true))).toEqual(['beta/beta-small']);
    const off = await ready('routing: { apply_to: all, background: off }\n');
    expect(decided(off, 'alpha-big', request(), true)).toMatchObject({ strategy: 'best_for_task' });
  });

  it('that names its model goes there, and nobody looks whether it is small', async () => {
    const made = await ready();
    const isBackground = vi.fn(() => true);
    expect(made.routes.resolve('alpha-big', isBackground).strategy.name).toBe('manual');
    expect(isBackground).not.toHaveBeenCalled();
  });
});

describe('the names that a list shows', () => {
  it('are auto, the strategies that can be used and the configured names', async () => {
    const made = await ready('models: { quick: { chain: [beta.fast, alpha-mid] }, "alpha-*": best_for_task }\n');
    expect(made.routes.names).toEqual([
      { name: 'auto', meaning: 'routed by best_for_task' },
      ...['best_for_task', 'cost_optimized', 'performance_optimized', 'round_robin', 'custom_rules'].map((name) => ({
        name: `signalbox/${name}`,
        meaning: `routed by ${name}`,
      })),
      { name: 'quick', meaning: 'beta.fast, then alpha-mid' },
    ]);
    const chained = await ready('routing: { chains: { main: [alpha-big] } }\n');
    expect(chained.routes.names.map((one) => one.name)).toContain('signalbox/fallback_chain');
  });
});
