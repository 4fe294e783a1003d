import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfiguration } from '@signalbox/config';
import type { Admission, ModelRequest } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReadyRouter, type SetupOptions, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

const alpha = () => fakeDefinition('alpha', { 'alpha-big': 30, 'alpha-mid': 15, 'alpha-small': 1 });
const beta = () => fakeDefinition('beta', { 'beta-big': 20, 'beta-small': 2 });

let opened: ReadyRouter[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function ready(yaml: string, rest: Partial<SetupOptions> = {}, file = 'router-config.yml'): Promise<ReadyRouter> {
  const env = rest.env ?? { ALPHA_API_KEY: 'a', BETA_API_KEY: 'b' };
  const { configuration } = parseConfiguration(yaml, { file, env });
  const made = await setupRouter({ configuration, definitions: { alpha: alpha(), beta: beta() }, ...rest, env });
  opened.push(made);
  return made;
}

const request = (prompt: string): ModelRequest => ({
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
});

function chosen({ router, resolver }: ReadyRouter, model: string | undefined, prompt = 'hi') {
  const inbound = { head: { model, stream: false }, request: () => request(prompt) };
  return router.decide({ inbound, route: resolver.model(model) });
}
const order = (decision: ReturnType<typeof chosen>) => decision.order.map((entry) => entry.candidate);

const BOTH =
  'providers:\n  alpha: { models: [alpha-big, alpha-small], default: alpha-small }\n  beta: { models: { fast: { name: beta-small } } }\n';

describe('candidates', () => {
  it('are the models that the configuration lists, under all their names', async () => {
    const made = await ready(BOTH);
    expect(made.candidates.map((one) => one.id)).toEqual(['alpha/alpha-big', 'alpha/alpha-small', 'beta/beta-small']);
    expect(made.candidates[2]?.names).toEqual(
      expect.arrayContaining(['beta-small', 'beta.fast', 'fast', 'beta.small']),
    );
  });

  it('are the suggested models of every provider with a key where no provider is configured', async () => {
    const made = await ready('', { env: { BETA_API_KEY: 'b' } });
    expect(made.candidates.map((one) => one.id)).toEqual(['beta/beta-big', 'beta/beta-small']);
  });

  it("take the configuration's window, output limit and prices instead of the catalogue's", async () => {
    const made = await ready(
      'providers:\n  alpha:\n    models:\n      mine:\n        name: alpha-big\n        max_tokens: 5000\n        max_output_tokens: 100\n        cost_per_1k_tokens: { input: 0.00025, output: 0.00125 }\n',
    );
    expect(made.candidates[0]?.facts).toMatchObject({ contextWindow: 5_000, maxOutput: 100 });
    expect(made.candidates[0]?.facts.prices[0]).toMatchObject({ input: 250_000_000, output: 1_250_000_000 });
  });

  it('may be models that nobody knows: their price is unknown, not zero', async () => {
    const made = await ready('providers:\n  alpha: { models: [alpha-new] }\n');
    expect(made.candidates[0]).toMatchObject({ id: 'alpha/alpha-new', facts: { prices: [] } });
  });
});

describe('a model name', () => {
  it('that is exact, an alias or provider/model means that model alone', async () => {
    const made = await ready(BOTH);
    for (const name of ['alpha-big', 'alpha/alpha-big', 'alpha.large']) {
      expect(order(chosen(made, name)), name).toEqual(['alpha/alpha-big']);
    }
    expect(chosen(made, 'alpha-big')).toMatchObject({ strategy: 'manual', reason: 'the caller named the model' });
  });

  it('may name any model of a configured provider, listed or not', async () => {
    expect(order(chosen(await ready(BOTH), 'beta-big'))).toEqual(['beta/beta-big']);
  });

  it('that is a short one of a family means who is listed of it, else the newest', async () => {
    const families = {
      alpha: fakeDefinition(
        'alpha',
        { 'alpha-opus-5': 30, 'alpha-opus-4': 30, 'alpha-haiku-4': 1, 'alpha-4-turbo': 9, 'alpha-9': 9 },
        {
          shortNames: {
            opus: 'alpha-opus-5',
            haiku: 'alpha-haiku-4',
            alpha4: 'alpha-4-turbo',
            default: 'alpha-opus-5',
          },
        },
      ),
    };
    const made = (models: string) => ready(`providers:\n  alpha: { models: ${models} }\n`, { definitions: families });
    const meant = async (models: string, name: string) => order(chosen(await made(models), name));
    expect(await meant('[alpha-opus-4, alpha-haiku-4]', 'alpha.opus')).toEqual(['alpha/alpha-opus-4']);
    expect(await meant('[alpha-haiku-4]', 'alpha.opus')).toEqual(['alpha/alpha-opus-5']);
    expect(await meant('[alpha-opus-4, alpha-opus-5]', 'alpha.opus')).toEqual(['alpha/alpha-opus-5']);
    expect(await meant('{ opus: alpha-haiku-4, old: alpha-opus-4 }', 'alpha.opus')).toEqual(['alpha/alpha-haiku-4']);
    // Another generation is no more the model of this name than a stranger.
    expect(await meant('[alpha-9]', 'alpha.alpha4')).toEqual(['alpha/alpha-4-turbo']);
  });

  it('fails over only where a fallback is configured', async () => {
    const made = await ready(`${BOTH}fallback:\n  chain: [beta.fast, alpha-big]\n`);
    expect(order(chosen(made, 'alpha-big'))).toEqual(['alpha/alpha-big', 'beta/beta-small']);
  });

  it('that is unknown is answered with the nearest names', async () => {
    const made = await ready(BOTH);
    expect(() => made.resolver.model('alpha-bug')).toThrow(/"alpha-bug" is unknown\. Did you mean alpha-big.*\?$/);
    // Who names its provider may know of a newer one than this version does.
    expect(() => made.resolver.model('alpha/alpha-bug')).toThrow(
      /\? One that is too new to be known here goes under providers\.alpha\.models\.$/,
    );
  });

  it('of a provider without a key is answered with the variable to set', async () => {
    const made = await ready(BOTH, { env: { ALPHA_API_KEY: 'a' } });
    expect(() => made.resolver.model('beta-big')).toThrow(/set BETA_API_KEY/);
  });

  it('of a provider that is not configured says so', async () => {
    const made = await ready('providers:\n  alpha: {}\n');
    expect(() => made.resolver.model('beta-big')).toThrow(/beta, which is not configured/);
  });

  it('of a vendor who is reached in several ways is said to be that vendor’s', async () => {
    const types = { 'beta-by-another-way': fakeDefinition('beta-by-another-way', { 'beta-big': 20 }) };
    const made = await ready('providers:\n  alpha: {}\n', { types });
    expect(() => made.resolver.model('beta-big')).toThrow(/model of beta, which is not configured/);
  });

  it('auto routes, signalbox/NAME routes by that strategy, a name with a chain of its own takes the chain', async () => {
    const made = await ready(`${BOTH}models:\n  quick: { chain: [beta.fast, alpha-small] }\n`);
    expect(chosen(made, 'auto', 'Refactor the legacy codebase')).toMatchObject({
      strategy: 'best_for_task',
      task: { complexity: 'high' },
    });
    expect(chosen(made, 'signalbox/best_for_task').strategy).toBe('best_for_task');
    expect(chosen(made, 'quick').strategy).toBe('fallback_chain');
    expect(order(chosen(made, 'quick'))).toEqual(['beta/beta-small', 'alpha/alpha-small']);
  });
});

describe('the strategy of the configuration', () => {
  it('fallback_chain takes the first chain', async () => {
    const made = await ready(
      `${BOTH}routing:\n  strategy: fallback_chain\n  chains:\n    primary: [beta.fast, alpha.large]\n    other: [alpha-small]\n`,
    );
    expect(order(chosen(made, undefined))).toEqual(['beta/beta-small', 'alpha/alpha-big']);
    expect(made.resolver.chain('other').candidates.map((one) => one.id)).toEqual(['alpha/alpha-small']);
    expect(() => made.resolver.chain('nope')).toThrow(/no chain "nope".*primary, other/);
  });

  it('fallback_order is the order of the fallbacks', async () => {
    const made = await ready(`${BOTH}routing:\n  strategy: best_for_task\n  fallback_order: [beta, alpha]\n`);
    const [, second] = order(chosen(made, undefined, 'Refactor the legacy codebase'));
    expect(second?.split('/')[0]).not.toBe(
      order(chosen(made, undefined, 'Refactor the legacy codebase'))[0]?.split('/')[0],
    );
  });

  it('manual takes the default model, and a router that is switched off too', async () => {
    for (const head of [
      'routing: { strategy: manual }\nrouter: { default_model: beta-small }\n',
      'router: { enabled: false, default_model: beta-small }\n',
    ]) {
      expect(order(chosen(await ready(BOTH + head), undefined))).toEqual(['beta/beta-small']);
    }
  });

  it('manual does the same where it is asked for by name, and takes the first model where no other is named', async () => {
    const byHand = async (head: string) =>
      (await ready(BOTH + head)).resolver.strategy('manual').candidates.map(({ id }) => id)[0];
    expect(await byHand('router: { default_model: beta-small }\n')).toBe('beta/beta-small');
    expect(await byHand('')).toMatch(/^alpha\//);
    expect(await byHand('router: { default_model: auto }\n')).toMatch(/^alpha\//);
  });

  it('that does not exist is refused with the ones that do', async () => {
    const made = await ready(BOTH);
    expect(() => made.resolver.strategy('roundabout')).toThrow(
      /"roundabout" is not available; there are .*best_for_task/,
    );
  });

  it('may come from a third party', async () => {
    const strategies = {
      random: () => ({ name: 'random', needs: [], rank: (list: readonly never[]) => ({ order: list, reason: 'r' }) }),
    };
    const made = await ready(BOTH, { strategies });
    expect(made.resolver.strategy('random').strategy.name).toBe('random');
  });
});

describe('a provider by name', () => {
  it('means its default model', async () => {
    const made = await ready(BOTH);
    expect(made.resolver.provider('alpha').candidates[0]?.id).toBe('alpha/alpha-small');
    // Its vendor's usual model is not listed: who lists models means them, and no dearer one.
    expect(made.resolver.provider('beta').candidates[0]?.id).toBe('beta/beta-small');
    const usual = await ready('providers: { alpha: { models: [alpha-small, alpha-big] }, beta: {} }\n');
    expect(usual.resolver.provider('alpha').candidates[0]?.id).toBe('alpha/alpha-big');
    expect(usual.resolver.provider('beta').candidates[0]?.id).toBe('beta/beta-big');
    expect(() => made.resolver.provider('gamma')).toThrow(/"gamma" is not configured; there are alpha, beta/);
  });

  it('a list of providers and models is a chain', async () => {
    const made = await ready(BOTH);
    const route = made.resolver.members(['beta', 'alpha-big']);
    expect(route.candidates.map((one) => one.id)).toEqual(['beta/beta-small', 'alpha/alpha-big']);
  });
});

describe('keys', () => {
  it('come from the configuration, else from the usual variable', async () => {
    const definition = alpha();
    await ready('providers:\n  alpha: { api_key: "${MINE}" }\n', {
      definitions: { alpha: definition },
      env: { MINE: 'm', ALPHA_API_KEY: 'a' },
    });
    await ready('providers:\n  alpha: {}\n', { definitions: { alpha: definition }, env: { ALPHA_API_KEY: 'a' } });
    expect(definition.made.map((one) => one.apiKey)).toEqual(['m', 'a']);
  });

  it('may be several; those that are not set are left out, and the usual variable stands in for none at all', async () => {
    const definition = alpha();
    const yaml = 'providers:\n  alpha: { api_keys: ["${A}", "${B}", "${C}"] }\n';
    const envs = [{ A: 'a', C: 'c' }, { B: 'b' }, { ALPHA_API_KEY: 'usual' }];
    for (const env of envs) await ready(yaml, { definitions: { alpha: definition }, env });
    expect(definition.made.map(({ apiKey, apiKeys }) => ({ apiKey, apiKeys }))).toEqual([
      { apiKey: 'a', apiKeys: ['a', 'c'] },
      { apiKey: 'b', apiKeys: undefined },
      { apiKey: 'usual', apiKeys: undefined },
    ]);
    const none = await ready(`${yaml}  beta: {}\n`, { env: { BETA_API_KEY: 'b' } });
    expect(chosen(none, undefined).removed).toContainEqual({
      candidate: 'alpha',
      kind: 'missing-key',
      reason: 'no API key: set A',
    });
  });

  it('that are missing take a provider out of the decision, with the variable to set', async () => {
    const made = await ready(BOTH, { env: { ALPHA_API_KEY: 'a' } });
    expect(chosen(made, undefined).removed).toEqual([
      { candidate: 'beta', kind: 'missing-key', reason: 'no API key: set BETA_API_KEY' },
    ]);
    expect(made.simulated).toBe(false);
  });

  it('an endpoint on this machine needs none', async () => {
    const made = await ready('providers:\n  alpha: { endpoint: "http://127.0.0.1:9" }\n', { env: {} });
    expect(made.candidates).toHaveLength(2);
  });
});

describe('connections', () => {
  it('are bounded and kept as `throughput` says', async () => {
    const definition = alpha();
    const yaml = 'providers: { alpha: {} }\nthroughput: { connection_pool: 10, keep_alive: false }\n';
    await ready(yaml, { definitions: { alpha: definition } });
    await ready('providers: { alpha: {} }\n', { definitions: { alpha: definition } });
    expect(definition.made.map(({ connections, keepAlive }) => ({ connections, keepAlive }))).toEqual([
      { connections: 10, keepAlive: false },
      { connections: undefined, keepAlive: undefined },
    ]);
  });
});

describe('an exact model without limits', () => {
  it('is not looked into: no limit needs its request decoded', async () => {
    const { router, resolver } = await ready(BOTH);
    const request = () => {
      throw new Error('decoded');
    };
    const inbound = { head: { model: 'alpha-big', stream: false }, request };
    expect(order(router.decide({ inbound, route: resolver.model('alpha-big') }))).toEqual(['alpha/alpha-big']);
  });
});

describe('what else has to admit an attempt', () => {
  it('is asked too, and its reason stands in the decision', async () => {
    const spent: Admission = {
      check: ({ id, provider }) =>
        provider.id === 'alpha' ? { candidate: id, kind: 'budget', reason: 'the budget is spent' } : undefined,
      reserve: () => undefined,
    };
    const made = await ready(BOTH, { admissions: [spent] });
    const decision = chosen(made, 'auto');
    expect(order(decision)).toEqual(['beta/beta-small']);
    expect(decision.removed.map((removal) => removal.kind)).toEqual(['budget', 'budget']);
  });
});

describe('without any key', () => {
  const simulatedEndpoint = async () => 'http://127.0.0.1:1';

  it('all providers are simulated, and the variable of each is known', async () => {
    const made = await ready(BOTH.replace('beta: {', 'beta: { api_key: "${OTHER}",'), { env: {}, simulatedEndpoint });
    expect(made.simulated).toBe(true);
    expect(made.providers.every((one) => one.simulated)).toBe(true);
    expect([made.keyVariable('alpha'), made.keyVariable('beta')]).toEqual(['ALPHA_API_KEY', 'OTHER']);
  });

  it('a local server that listens answers instead', async () => {
    const local = fakeDefinition('local', { 'llama:8b': 0 }, { local: true, keyVariables: [] });
    const options = { env: {}, simulatedEndpoint, definitions: { alpha: alpha(), local } };
    const yaml = 'providers:\n  alpha: {}\n  local: {}\n';
    const there = await ready(yaml, { ...options, isListening: async () => true });
    expect([there.simulated, there.providers.map((one) => one.id)]).toEqual([false, ['local']]);
    const away = await ready(yaml, { ...options, isListening: async () => false });
    expect([away.simulated, away.providers.map((one) => one.id)]).toEqual([true, ['alpha', 'local']]);
  });

  it('a local model may have any name behind its prefix, and costs nothing', async () => {
    const local = fakeDefinition('local', { 'llama:8b': 0 }, { local: true, keyVariables: [] });
    const made = await ready('providers:\n  local: {}\n', { env: {}, definitions: { local } });
    const route = made.resolver.model('local/whatever:7b');
    expect(route.candidates[0]).toMatchObject({ model: 'whatever:7b', facts: { prices: [{ input: 0, output: 0 }] } });
  });
});

describe('a provider with a type', () => {
  const gamma = () => fakeDefinition('gamma', { 'gamma-1': 5 });
  const anyServer = () => fakeDefinition('any-server', {}, { keyVariables: [], defaultEndpoint: '', shortNames: {} });
  const types = () => ({ gamma: gamma(), 'any-server': anyServer() });

  it('has the models and the key variable of its type under its own name', async () => {
    const made = await ready('providers:\n  eu: { type: gamma }\n', { types: types(), env: { GAMMA_API_KEY: 'g' } });
    expect(made.candidates.map((one) => one.id)).toEqual(['eu/gamma-1']);
    expect(made.candidates[0]?.facts).toMatchObject({ provider: 'gamma', contextWindow: 100_000 });
    expect(made.keyVariable('eu')).toBe('GAMMA_API_KEY');
    expect(order(chosen(made, 'eu.large'))).toEqual(['eu/gamma-1']);
  });

  it('may offer models that nobody knows: priced by the configuration, else unknown', async () => {
    const yaml = `providers:
  lab:
    type: any-server
    endpoint: https://lab.example
    models: { one: { name: any-name, cost_per_1k_tokens: { input: 0.001, output: 0.002 } }, other: second }
`;
    const definitions = { alpha: alpha() };
    const server = anyServer();
    const made = await ready(yaml, { definitions, types: { 'any-server': server }, env: {} });
    expect(made.simulated).toBe(false);
    expect(server.made).toMatchObject([{ id: 'lab', endpoint: 'https://lab.example' }]);
    const prices = Object.fromEntries(made.candidates.map((one) => [one.id, one.facts.prices]));
    expect(prices['lab/any-name']).toMatchObject([{ input: 1_000_000_000, output: 2_000_000_000 }]);
    expect(prices['lab/second']).toEqual([]);
    // Where nobody lists a provider's models, a name behind its own is enough; without it, it is nobody's.
    expect(order(chosen(made, 'lab/third'))).toEqual(['lab/third']);
    expect(() => made.resolver.model('third')).toThrow(/"third" is unknown/);
  });

  it('that nobody has is refused with the ones that there are', async () => {
    const made = ready('providers:\n  lab: { type: delta }\n', { types: types() });
    await expect(made).rejects.toThrow(/no provider of the type "delta" is installed; there are alpha, beta, gamma/);
  });

  it('that a package of ours would bring is refused with what to install', async () => {
    await expect(ready('providers:\n  openai: { models: [gpt-4] }\n')).rejects.toThrow(
      'providers.openai: no provider of this name was passed in: npm install @signalbox/provider-openai and add it to the definitions; there are alpha, beta.',
    );
    await expect(ready('providers:\n  lab: { type: mistral }\n')).rejects.toThrow(
      /the type "mistral".*npm install @signalbox\/provider-openai-compatible/,
    );
  });

  it('is there without a configuration only when its key is', async () => {
    const ids = async (env: Record<string, string>) =>
      (await ready('', { types: types(), env })).candidates.map((one) => one.provider.id);
    expect(new Set(await ids({ ALPHA_API_KEY: 'a' }))).toEqual(new Set(['alpha']));
    expect(new Set(await ids({ ALPHA_API_KEY: 'a', GAMMA_API_KEY: 'g' }))).toEqual(new Set(['alpha', 'gamma']));
    // The same key at the same address: another way to an account that is there already.
    const { keyVariables, defaultEndpoint } = alpha();
    const otherWay = fakeDefinition('delta', { 'delta-large': 3 }, { keyVariables, defaultEndpoint });
    const made = await ready('', { types: { ...types(), delta: otherWay }, env: { ALPHA_API_KEY: 'a' } });
    expect(made.candidates.map((one) => one.provider.id)).not.toContain('delta');
    const asked = await ready('providers:\n  delta: {}\n', { types: { delta: otherWay }, env: { ALPHA_API_KEY: 'a' } });
    expect(asked.candidates.map((one) => one.provider.id)).toEqual(['delta']);
    const none = await ready('', { types: types(), env: {}, simulatedEndpoint: async () => 'http://127.0.0.1:1' });
    expect(none.providers.map((one) => one.id)).toEqual(['alpha', 'beta']);
  });
});

describe("a third party's provider package", () => {
  function project(source: string, exports: string | object = './index.js'): string {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-setup-'));
    folders.push(folder);
    const home = join(folder, 'node_modules', 'signalbox-provider-acme');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name: 'signalbox-provider-acme', type: 'module', exports }),
    );
    writeFileSync(join(home, 'index.js'), source);
    return join(folder, 'router-config.yml');
  }
  const yaml = 'providers:\n  acme: { package: signalbox-provider-acme, api_key: k }\n';

  it('is resolved from the folder of the configuration and joins as any other', async () => {
    const file = project(`export const provider = {
      contract: 1, id: 'acme', displayName: 'Acme', format: { id: 'f', streamFraming: 'sse' }, keyVariables: ['ACME_KEY'],
      defaultEndpoint: 'https://acme.example', local: false, shortNames: { default: 'acme-1' },
      catalog: { generated: '2026-01-01', sources: {}, models: [], aliases: {} },
      create: (settings) => ({ contract: 1, id: settings.id, models: [], quirks: {}, local: false, simulated: false, close: async () => {} }),
    };`);
    const made = await ready(yaml, { env: {} }, file);
    expect(made.candidates.map((one) => one.id)).toEqual(['acme/acme-1']);
  });

  it('of another contract, without a provider, or not installed is refused in one sentence', async () => {
    const file = project('export const provider = { contract: 7, create() {}, format: {} };');
    await expect(ready(yaml, { env: {} }, file)).rejects.toThrow(
      /contract version 7; this version of Signalbox takes 1/,
    );
    await expect(ready(yaml, { env: {} }, project('export const nothing = 1;'))).rejects.toThrow(/exports no provider/);
    await expect(
      ready(yaml.replace('signalbox-provider-acme', 'signalbox-provider-none'), { env: {} }, file),
    ).rejects.toThrow(/is not installed: run npm install signalbox-provider-none in .+\.$/);
  });

  it('may be one that can be imported and not required', async () => {
    const file = project('export const provider = { contract: 7, create() {}, format: {} };', {
      '.': { types: './index.d.ts', import: { node: './index.js' } },
    });
    await expect(ready(yaml, { env: {} }, file)).rejects.toThrow(/contract version 7/);
  });
});

describe("a provider's own options", () => {
  const schema = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) =>
        Object.keys(value as object).every((key) => key === 'region')
          ? { value }
          : { issues: [{ message: 'unknown key', path: ['regoin'] }] },
    },
  };
  const yaml = (key: string) => `providers:\n  alpha: { options: { ${key}: eu } }\n`;

  it('reach it when its schema takes them, and are errors when not', async () => {
    const definition = fakeDefinition('alpha', { 'alpha-big': 1 }, { optionsSchema: schema });
    await ready(yaml('region'), { definitions: { alpha: definition } });
    expect(definition.made[0]?.options).toEqual({ region: 'eu' });
    await expect(ready(yaml('regoin'), { definitions: { alpha: definition } })).rejects.toThrow(/regoin: unknown key/);
    await expect(ready(yaml('region'))).rejects.toThrow(/alpha takes no options/);
  });
});
