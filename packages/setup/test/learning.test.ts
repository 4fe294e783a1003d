import { type Configuration, parseConfiguration } from '@signalbox/config';
import {
  type Candidate,
  inboundFromRequest,
  type LedgerRow,
  type Outcome,
  ProviderError,
  type TaskType,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { type LearningSource, type SetupOptions, setupRouter, unknownModels } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

const configurationOf = (yaml: string): Configuration =>
  parseConfiguration(yaml, { file: 'router-config.yml', env: {} }).configuration;
const env = { ALPHA_API_KEY: 'a', BETA_API_KEY: 'b' };
const definitions = {
  alpha: fakeDefinition('alpha', { big: 30, middle: 8 }),
  beta: fakeDefinition('beta', { other: 8 }),
};
const ready = (yaml = '', rest: Partial<SetupOptions> = {}) =>
  setupRouter({ configuration: configurationOf(yaml), definitions, env, ...rest });

const says = (prompt: string) => ({
  inbound: inboundFromRequest({
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
  }),
});
const PROMPT = 'Implement a function that sorts a list of invoices, with tests';

function source(outcomes: readonly Outcome[], learned?: string): LearningSource {
  return { outcomes: () => outcomes, learned: () => learned, mark: () => '' };
}
const bad = (candidate: string, taskType: TaskType, count: number): readonly Outcome[] =>
  Array.from({ length: count }, () => ({
    candidate,
    taskType,
    complexity: 'medium' as const,
    good: false,
    source: 'feedback' as const,
    at: Date.now(),
  }));

describe("the user's own outcomes", () => {
  it('move the choice away from a model that was found bad at a kind of task, and the decision says how', async () => {
    const before = await (await ready()).router.explain(says(PROMPT));
    const winner = before.order[0]?.candidate ?? '';
    const type = before.task?.type ?? 'simple_query';
    expect(before.order[0]?.evidence).toBeUndefined();
    const { router } = await ready('', { learning: source(bad(winner, type, 60)) });
    const after = await router.explain(says(PROMPT));
    expect(after.order[0]?.candidate).not.toBe(winner);
    const entry = after.order.find((one) => one.candidate === winner);
    expect(entry?.evidence?.prior).toBeCloseTo(before.order[0]?.quality ?? 0, 9);
    expect(entry?.evidence?.outcomes).toBeCloseTo(60, 3);
    expect(entry?.evidence?.posterior).toBe(entry?.quality);
    expect(entry?.quality).toBeLessThan((before.order[0]?.quality ?? 0) - 0.3);
  });

  it('are left alone where the configuration says so', async () => {
    const outcomes = source(bad('alpha/big', 'code_generation', 60));
    const { router } = await ready('routing: { learning: { outcomes: false } }', { learning: outcomes });
    expect((await router.explain(says(PROMPT))).order.every((one) => one.evidence === undefined)).toBe(true);
  });

  it('that can not be read leave the table as it is', async () => {
    const broken: LearningSource = {
      outcomes: () => {
        throw new Error('the disk is gone');
      },
      learned: () => 'no JSON',
      mark: () => '',
    };
    const { router } = await ready('', { learning: broken });
    expect((await router.explain(says(PROMPT))).order).not.toHaveLength(0);
  });

  it('that can not be read any more later on leave what is known of them', async () => {
    const clock = createManualClock();
    const outcomes = bad('alpha/big', 'code_generation', 60);
    let isGone = false;
    const learning: LearningSource = {
      ...source(outcomes),
      mark: () => {
        if (isGone) throw new Error('the disk is gone');
        return '';
      },
    };
    const { router } = await ready('', { learning, clock });
    const before = await router.explain(says(PROMPT));
    isGone = true;
    clock.advance(60_000);
    await router.explain(says(PROMPT));
    expect(() => clock.advance(1)).not.toThrow();
    const evidence = (decision: typeof before) =>
      decision.order.find(({ candidate }) => candidate === 'alpha/big')?.evidence?.posterior;
    expect(evidence(before)).toBeLessThan(0.9);
    expect(evidence(await router.explain(says(PROMPT)))).toBeCloseTo(evidence(before) ?? 0, 2);
  });

  it('count also where what was learned from them is damaged', async () => {
    const outcomes = bad('alpha/big', 'code_generation', 60);
    for (const learned of ['no JSON', 'null', '{}', '{"version":1,"heads":{"x":3}}', '{"version":2,"heads":{}}']) {
      const { router } = await ready('', { learning: source(outcomes, learned) });
      const big = (await router.explain(says(PROMPT))).order.find(({ candidate }) => candidate === 'alpha/big');
      expect(big?.evidence?.outcomes).toBeCloseTo(60, 3);
    }
  });
});

describe('sketches', () => {
  const booked = async (yaml: string, model?: string) => {
    const rows: LedgerRow[] = [];
    const { router } = await ready(yaml, { ledger: { append: (row) => rows.push(row) } });
    await router.generate({ model, ...says(PROMPT).inbound.request() }).catch(() => undefined);
    return rows;
  };

  it('are booked with routed attempts, and with nobody else', async () => {
    expect((await booked('')).every((row) => (row.sketch?.length ?? 0) > 50)).toBe(true);
    expect((await booked('', 'big')).every((row) => row.sketch === undefined)).toBe(true);
    expect((await booked('routing: { learning: { features: false } }')).every((row) => row.sketch === undefined)).toBe(
      true,
    );
  });
});

describe('a changed configuration', () => {
  const failing = (candidate: Candidate) =>
    [
      candidate,
      new ProviderError({ kind: 'quota', provider: 'alpha', message: 'used up' }),
      Date.now(),
      {} as never,
    ] as const;

  it('leaves what is known of models where they are: breakers, measurements, sessions', async () => {
    const first = await ready();
    const candidate = first.candidates[0] as Candidate;
    first.carried.health.failed(...failing(candidate));
    const second = await ready('routing: { strategy: cost_optimized }', { carried: first.carried });
    expect(second.carried.measurements).toBe(first.carried.measurements);
    expect(second.carried.limits).toBe(first.carried.limits);
    expect(second.carried.sessions).toBe(first.carried.sessions);
    expect(second.carried.holders).toBe(first.carried.holders);
    expect(second.carried.vault).toBe(first.carried.vault);
    const { removed } = await second.router.explain(says(PROMPT));
    expect(removed).toMatchObject([{ candidate: candidate.id, kind: 'breaker' }]);
  });

  it('forgets what was about other keys', async () => {
    const first = await ready();
    const candidate = first.candidates[0] as Candidate;
    first.carried.health.failed(...failing(candidate));
    const changed = { ...env, ALPHA_API_KEY: 'new' };
    const second = await ready('', { carried: first.carried, env: changed });
    expect((await second.router.explain(says(PROMPT))).removed).toEqual([]);
  });
});

describe('names of models that nobody has', () => {
  const unknown = (yaml: string) => unknownModels(configurationOf(yaml), { definitions });

  it('are found in rules, chains and modes, with what was meant', () => {
    expect(
      unknown(`
providers: { alpha: { models: { large: big, small: middle } }, beta: {} }
routing:
  rules: [{ task_type: translation, prefer: alpha.lage, fallback: [othr, big] }]
  chains: { main: [alpha.small, beta, beta.nothing] }
quality_mode: { model: bigg }`),
    ).toEqual([
      { name: 'alpha.lage', goal: ['routing', 'rules', 0], meant: 'alpha.large' },
      { name: 'othr', goal: ['routing', 'rules', 0], meant: 'other' },
      { name: 'beta.nothing', goal: ['routing', 'chains', 'main', 2], meant: undefined },
      { name: 'bigg', goal: ['modes', 'quality', 'model'], meant: 'big' },
    ]);
  });

  it("are found in names of the user's own, fallbacks and for side calls; a name of a chain stands for a model in chains alone", () => {
    expect(
      unknown(`
providers: { alpha: { models: { large: big, small: middle } }, beta: {} }
fallback: { chain: [quick, nothing] }
routing:
  background: bigg
  chains: { main: [quick, routed] }
  rules: [{ default: quick }]
models:
  quick: { chain: [alpha.lage, beta] }
  routed: best_for_task
  other-word: quick
  "x*": auto
  "y*": signalbox/cost_optimized
  "z*": alpha.smal`),
    ).toEqual([
      { name: 'quick', goal: ['routing', 'rules', 0], meant: undefined },
      { name: 'routed', goal: ['routing', 'chains', 'main', 1], meant: undefined },
      { name: 'nothing', goal: ['fallback', 'chain', 1], meant: undefined },
      { name: 'bigg', goal: ['routing', 'background'], meant: 'big' },
      { name: 'alpha.lage', goal: ['models', 'quick', 'chain', 0], meant: 'alpha.large' },
      { name: 'alpha.smal', goal: ['models', 'z*'], meant: 'alpha.small' },
    ]);
  });

  it('are not looked for at servers whose models nobody lists, nor where the key alone is missing', () => {
    const local = fakeDefinition('local', {}, { local: true });
    const yaml =
      'providers: { local: {} }\nrouting: { rules: [{ default: local.anything, fallback: [beta.large, other] }] }';
    expect(unknownModels(configurationOf(yaml), { definitions: { ...definitions, local } })).toEqual([]);
  });
});
