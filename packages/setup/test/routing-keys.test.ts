import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfiguration } from '@signalbox/config';
import type { Decision, Strategy } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReadyRouter, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

// The models of the specification, with prices of output in dollars per million tokens.
const anthropic = fakeDefinition(
  'anthropic',
  { 'claude-opus-4': 75, 'claude-sonnet-4': 15, 'claude-haiku-4': 1.25 },
  { shortNames: { opus: 'claude-opus-4', sonnet: 'claude-sonnet-4', haiku: 'claude-haiku-4' } },
);
const openai = fakeDefinition(
  'openai',
  { 'gpt-4-turbo': 30, 'gpt-3.5-turbo': 1.5 },
  { shortNames: { gpt4: 'gpt-4-turbo', gpt35: 'gpt-3.5-turbo' } },
);
const google = fakeDefinition(
  'google',
  { 'gemini-pro': 1.5 },
  { shortNames: { pro: 'gemini-pro', gemini: 'gemini-pro', 'gemini-pro': 'gemini-pro' } },
);
const local = fakeDefinition(
  'local',
  { 'mistral:7b': 0 },
  { local: true, keyVariables: [], shortNames: { mistral: 'mistral:7b' } },
);
const definitions = { anthropic, openai, google, local };
const env = { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o', GOOGLE_API_KEY: 'g' };

const ALL_MODELS = `providers:
  anthropic: { models: [claude-opus-4, claude-sonnet-4, claude-haiku-4] }
  openai: { models: [gpt-4-turbo, gpt-3.5-turbo] }
  google: { models: [gemini-pro] }
  local: { models: ["mistral:7b"] }
`;

/** A block of the specification, letter by letter. */
function block(number: string): string {
  const folder = join(import.meta.dirname, '../../config/test/seed-blocks');
  const name = readdirSync(folder).find((one) => one.startsWith(number)) ?? '';
  return readFileSync(join(folder, name), 'utf8');
}

let opened: ReadyRouter[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
});

async function ready(yaml: string, strategies: Readonly<Record<string, () => Strategy>> = {}): Promise<ReadyRouter> {
  const { configuration } = parseConfiguration(yaml, { file: 'router-config.yml', env });
  const made = await setupRouter({ configuration, env, definitions, strategies });
  opened.push(made);
  return made;
}

function decide({ router }: ReadyRouter, prompt: string, model = 'auto'): Decision {
  const request = {
    system: [],
    messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }],
  };
  return router.decide({ inbound: { head: { model, stream: false }, request: () => request } });
}

const winner = (decision: Decision) => decision.order[0]?.candidate;

const SMALL = 'List all Python files';
const MIDDLING = 'Implement new feature with tests';
const LARGE = 'Design distributed system architecture';
const JSON_TASK = 'Generate OpenAPI spec';

describe("the specification's blocks", () => {
  it('best_for_task: the model that fits', async () => {
    const made = await ready(ALL_MODELS + block('07'));
    expect([SMALL, MIDDLING, LARGE, JSON_TASK].map((prompt) => winner(decide(made, prompt)))).toEqual([
      'anthropic/claude-haiku-4',
      'anthropic/claude-sonnet-4',
      'anthropic/claude-opus-4',
      'openai/gpt-4-turbo',
    ]);
  });

  it('advanced: rules by task type decide, in front of the strategy', async () => {
    const made = await ready(block('06'));
    const byRule = (prompt: string) => {
      const { order, rule } = decide(made, prompt);
      return [rule, order[0]?.candidate, order[1]?.candidate];
    };
    expect(byRule('Write a function that adds two numbers')).toEqual([
      'task_type code_generation',
      'anthropic/claude-sonnet-4-20250514',
      'openai/gpt-4-turbo-preview',
    ]);
    expect(byRule('What is the capital of France?').slice(0, 2)).toEqual([
      'task_type simple_query',
      'anthropic/claude-haiku-4-20250514',
    ]);
    expect(byRule(LARGE).slice(0, 2)).toEqual(['task_type complex_reasoning', 'anthropic/claude-opus-4-20250514']);
    expect(byRule(JSON_TASK)).toEqual([
      'task_type json_output',
      'openai/gpt-4-turbo-preview',
      'anthropic/claude-sonnet-4-20250514',
    ]);
  });

  it('advanced: max_cost_per_request takes out who would cost more, unless cost_optimization is off', async () => {
    const tight = block('06').replace('max_cost_per_request: 0.50', 'max_cost_per_request: 0.10');
    const removed = (decision: Decision) => decision.removed.map((one) => one.candidate);
    const decision = decide(await ready(tight), LARGE);
    expect(removed(decision)).toEqual(['anthropic/claude-opus-4-20250514']);
    expect(decision.removed[0]?.reason).toBe('would cost about $0.17, more than the $0.10 that one request may');
    expect(winner(decision)).toBe('openai/gpt-4-turbo-preview');
    const off = tight.replace('cost_optimization:\n    enabled: true', 'cost_optimization:\n    enabled: false');
    expect(removed(decide(await ready(off), LARGE))).toEqual([]);
  });

  it('advanced: prefer_cheaper_when_quality_acceptable lets the cheaper of two good ones win', async () => {
    const cheaper = 'routing:\n  cost_optimization: { prefer_cheaper_when_quality_acceptable: true }\n';
    const wait = 'routing:\n  weights: { cost: 0 }\n';
    expect(winner(decide(await ready(ALL_MODELS + wait), MIDDLING))).toBe('anthropic/claude-opus-4');
    expect(winner(decide(await ready(ALL_MODELS + cheaper), MIDDLING))).toBe('anthropic/claude-sonnet-4');
    expect(winner(decide(await ready(ALL_MODELS + cheaper), 'Write a summary of our meeting'))).not.toBe(
      'anthropic/claude-opus-4',
    );
  });

  it('cost_optimized: the cheapest that can do it', async () => {
    const made = await ready(ALL_MODELS.replace('  local: { models: ["mistral:7b"] }\n', '') + block('08'));
    expect(['Fix typo in README', MIDDLING, LARGE].map((prompt) => winner(decide(made, prompt)))).toEqual([
      'anthropic/claude-haiku-4',
      'anthropic/claude-sonnet-4',
      'anthropic/claude-opus-4',
    ]);
    expect(decide(made, LARGE).strategy).toBe('cost_optimized');
  });

  it('cost_optimized: each key of optimization acts', async () => {
    const first = async (change: (text: string) => string, prompt: string) =>
      winner(decide(await ready(ALL_MODELS + change(block('08'))), prompt));
    const same = (text: string) => text;
    expect(await first((text) => text.replace('prefer_cheaper: true', 'prefer_cheaper: false'), MIDDLING)).toBe(
      'anthropic/claude-opus-4',
    );
    expect(await first((text) => text.replace('max_cost: 0.50', 'max_cost: 0.05'), LARGE)).toBe(
      'anthropic/claude-sonnet-4',
    );
    expect(await first(same, SMALL)).toBe('local/mistral:7b');
    expect(await first((text) => text.replace('min_quality_score: 0.8', 'min_quality_score: 0.97'), SMALL)).toBe(
      'anthropic/claude-haiku-4',
    );
  });

  it('performance_optimized: the fastest that can do it', async () => {
    const made = await ready(ALL_MODELS + block('09'));
    expect(winner(decide(made, SMALL))).toBe('anthropic/claude-haiku-4');
    const large = decide(made, 'Design microservices architecture');
    expect(winner(large)).toBe('anthropic/claude-opus-4');
    expect(large.reason).toMatch(/nobody would answer within 5 s$/);
    const patient = await ready(ALL_MODELS + block('09').replace('max_latency: 5s', 'max_latency: 2m'));
    expect(decide(patient, 'Design microservices architecture').reason).not.toContain('nobody would answer');
  });

  it('fallback_chain: the models in the order written, the first chain where none is named', async () => {
    const made = await ready(ALL_MODELS + block('10'));
    const chain = decide(made, SMALL);
    expect(chain.order.map((entry) => entry.candidate)).toEqual([
      'anthropic/claude-sonnet-4',
      'openai/gpt-4-turbo',
      'google/gemini-pro',
    ]);
    expect(made.resolver.chain('budget').candidates.map((one) => one.id)).toEqual([
      'anthropic/claude-haiku-4',
      'openai/gpt-3.5-turbo',
      'local/mistral:7b',
    ]);
  });

  it('round_robin: the providers listed, in turns; a map gives turns', async () => {
    const made = await ready(ALL_MODELS + block('11'));
    const decision = decide(made, MIDDLING);
    expect(decision.order.slice(0, 3).map((entry) => entry.candidate)).toEqual([
      'anthropic/claude-sonnet-4',
      'openai/gpt-4-turbo',
      'google/gemini-pro',
    ]);
    expect(decision.removed.map((one) => one.candidate)).toEqual(['local/mistral:7b']);
    const weighted = await ready(
      `${ALL_MODELS}routing: { strategy: round_robin, providers: { google: 2, openai: 1 } }\n`,
    );
    expect(decide(weighted, MIDDLING).reason).toBe('the turn of google');
  });

  it('custom_rules: the first pattern that matches, else the default', async () => {
    const made = await ready(ALL_MODELS + block('12'));
    const choices: readonly (readonly [prompt: string, model: string])[] = [
      ['Rename x in app.ts', 'anthropic/claude-sonnet-4'],
      ['Improve the DOCUMENTATION of this', 'anthropic/claude-sonnet-4'],
      ['How do I exit vim?', 'anthropic/claude-haiku-4'],
      ['why is the sky blue', 'anthropic/claude-haiku-4'],
      ['Please analyze all the data', 'openai/gpt-4-turbo'],
      ['Hello', 'anthropic/claude-sonnet-4'],
    ];
    for (const [prompt, model] of choices) expect(winner(decide(made, prompt)), prompt).toBe(model);
    expect(decide(made, 'Hello')).toMatchObject({ strategy: 'custom_rules', rule: 'default' });
    expect(decide(made, 'How?').rule).toBe('pattern ^(what|how|why|when).*');
  });

  it('cost-conscious: rules by complexity, in front of cost_optimized', async () => {
    const made = await ready(ALL_MODELS + block('13'));
    expect([SMALL, MIDDLING, LARGE].map((prompt) => winner(decide(made, prompt)))).toEqual([
      'anthropic/claude-haiku-4',
      'anthropic/claude-sonnet-4',
      'anthropic/claude-opus-4',
    ]);
    expect(decide(made, LARGE)).toMatchObject({ strategy: 'cost_optimized', rule: 'task_complexity high' });
  });

  it('complexity detection can be switched off: then everything is of medium complexity', async () => {
    const on = await ready(ALL_MODELS + block('14'));
    const off = await ready(ALL_MODELS + block('14').replace('true', 'false'));
    const complexities = (made: ReadyRouter) => [SMALL, LARGE].map((prompt) => decide(made, prompt).task?.complexity);
    expect(complexities(on)).toEqual(['low', 'high']);
    expect(complexities(off)).toEqual(['medium', 'medium']);
  });

  it('prefer_faster and speed_priority: waiting counts for more, and the list says who is fast', async () => {
    const made = await ready(ALL_MODELS + block('19'));
    const parts = (one: ReadyRouter) =>
      Object.fromEntries(decide(one, SMALL).order.map((entry) => [entry.candidate, entry.scoreParts?.latency ?? 0]));
    const [hasty, patient] = [parts(made), parts(await ready(ALL_MODELS))];
    expect(Math.abs(hasty['anthropic/claude-opus-4'] ?? 0)).toBeGreaterThan(
      5 * Math.abs(patient['anthropic/claude-opus-4'] ?? 0),
    );
    const reversed = await ready(
      `${ALL_MODELS}routing: { strategy: performance_optimized }\nspeed_priority: [claude-sonnet-4, claude-haiku-4]\n`,
    );
    expect(
      decide(reversed, SMALL)
        .order.slice(0, 2)
        .map((entry) => entry.candidate),
    ).toEqual(['anthropic/claude-sonnet-4', 'anthropic/claude-haiku-4']);
  });

  it('router.strategy says the same as routing.strategy', async () => {
    const made = await ready(ALL_MODELS + block('22').replace('best_for_task', 'cost_optimized'));
    expect(decide(made, SMALL).strategy).toBe('cost_optimized');
    expect(decide(await ready(ALL_MODELS + block('22')), SMALL).strategy).toBe('best_for_task');
  });
});

describe('the paraphrases of the choices that the specification shows', () => {
  const asked: Readonly<Record<string, readonly string[]>> = {
    'anthropic/claude-opus-4': [
      'Our Rails 3 monolith needs to be pulled apart and cleaned up, start to finish.',
      'i need u to refactor this horrible legacy php thing',
      'Design a distributed message broker',
      'Plan a microservices architecture for a telecom billing system including data ownership and messaging',
    ],
    'anthropic/claude-sonnet-4': [
      'Implement an unsubscribe feature plus tests',
      'add soft delete to the Customer model (Django), incl. tests',
      'can you code a leaderboard with tests',
    ],
    'anthropic/claude-haiku-4': [
      'Which .cs files are in the solution?',
      'Please enumerate the C# projects in this repo',
      "What's inside the migrations folder?",
      'README typo fix',
      'Fix a minor spelling error in the error dialog',
      'In config.yaml rename "databse" to "database"',
      'Hello there',
    ],
    'openai/gpt-4-turbo': [
      'Our FastAPI app lacks an API spec: create one in OpenAPI 3.1 YAML.',
      'Write me a JSON Schema for a blog post with tags, author and publication date.',
      'Generate the complete OpenAPI specification of a large banking platform with all error cases',
    ],
    'google/gemini-pro': [
      'Describe this screenshot',
      "What's the dog doing in this photo?",
      'Look at diagram.png: which services talk to the database?',
    ],
  };
  it.each(Object.entries(asked))('%s', async (model, prompts) => {
    const made = await ready(`${ALL_MODELS}routing: { strategy: best_for_task }\n`);
    expect(prompts.map((prompt) => [prompt, winner(decide(made, prompt))])).toEqual(
      prompts.map((prompt) => [prompt, model]),
    );
  });

  it('with the advanced block, whose rules go by the kind of task', async () => {
    const made = await ready(block('06'));
    const errands = ['List all Python files', 'show me the yaml files', 'Fix a typo in a comment of main.c'];
    for (const prompt of errands) expect(winner(decide(made, prompt))).toMatch(/haiku/);
    expect(winner(decide(made, 'Write a function that resizes an image'))).toMatch(/sonnet/);
  });
});

describe('beyond the specification', () => {
  it('a list of models may use the short names of the vendor', async () => {
    const made = await ready('providers:\n  anthropic: { models: [opus, haiku] }\n');
    expect(decide(made, SMALL).order.map((entry) => entry.candidate)).toEqual([
      'anthropic/claude-haiku-4',
      'anthropic/claude-opus-4',
    ]);
  });

  it('a default model that is not listed answers when nobody else can', async () => {
    const listed = 'providers:\n  anthropic: { models: [claude-haiku-4] }\nrouter: { default_model: claude-opus-4 }\n';
    const order = (made: ReadyRouter) => decide(made, LARGE).order.map((entry) => entry.candidate);
    expect(order(await ready(listed))).toEqual(['anthropic/claude-haiku-4', 'anthropic/claude-opus-4']);
    const limited = await ready(`${listed}routing: { optimization: { max_cost: 0.01 } }\n`);
    expect(order(limited)).toEqual(['anthropic/claude-haiku-4']);
  });

  it('every strategy is a model name, under either spelling', async () => {
    const made = await ready(`${ALL_MODELS}routing: { chains: { main: [anthropic.haiku] } }\n`);
    const names = ['best_for_task', 'cost_optimized', 'performance_optimized', 'fallback_chain', 'round_robin', 'custom_rules', 'manual']; // biome-ignore format: a list
    for (const name of names) expect(decide(made, SMALL, `signalbox/${name}`).strategy).toBe(name);
    expect(decide(made, SMALL, 'signalbox/cost-optimized').strategy).toBe('cost_optimized');
    expect(decide(made, SMALL, 'signalbox/intelligent').strategy).toBe('best_for_task');
  });

  it('weights, preferences and expected quality can be written down', async () => {
    const first = async (routing: string, prompt: string) =>
      winner(decide(await ready(`${ALL_MODELS}routing: ${routing}\n`), prompt));
    expect(await first('{ preferences: { json_output: { google: 5 } } }', JSON_TASK)).toBe('google/gemini-pro');
    expect(await first('{ weights: { preference: 0 } }', JSON_TASK)).not.toBe('openai/gpt-4-turbo');
    expect(await first('{ quality: { anthropic.haiku: { code_generation: 0.95 } } }', MIDDLING)).toBe(
      'anthropic/claude-haiku-4',
    );
  });

  it('a rule may name a model that is not listed; nobody else chooses it', async () => {
    const listed = 'providers:\n  anthropic: { models: [claude-haiku-4] }\n';
    const made = await ready(`${listed}routing: { rules: [{ task_complexity: high, model: anthropic.opus }] }\n`);
    expect(winner(decide(made, LARGE))).toBe('anthropic/claude-opus-4');
    const small = decide(made, SMALL);
    expect(small.order.map((entry) => entry.candidate)).toEqual(['anthropic/claude-haiku-4']);
    expect(small.removed).toEqual([
      { candidate: 'anthropic/claude-opus-4', kind: 'not-in-strategy', reason: 'only a rule chooses it' },
    ]);
  });

  it("a third party's strategy is composed like the built-in ones", async () => {
    const last: Strategy = {
      name: 'last',
      needs: [],
      rank: (candidates) => ({
        order: candidates.toReversed().map((candidate) => ({ candidate })),
        reason: 'the last',
      }),
    };
    const made = await ready(
      `${ALL_MODELS}routing:\n  strategy: last\n  fallback_order: [openai]\n  rules: [{ pattern: urgent, model: openai.gpt4 }]\n`,
      { last: () => last },
    );
    expect(
      decide(made, SMALL)
        .order.slice(0, 2)
        .map((entry) => entry.candidate),
    ).toEqual(['local/mistral:7b', 'openai/gpt-3.5-turbo']);
    expect(winner(decide(made, 'This is URGENT'))).toBe('openai/gpt-4-turbo');
  });
});
