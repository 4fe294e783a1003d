import { type Configuration, parseConfiguration } from '@signalbox/config';
import type { AnswerStore, CacheQuestion, KeptAnswer } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { configuredCache } from '../src/configured-cache.ts';
import { type SetupOptions, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

const configurationOf = (yaml: string): Configuration =>
  parseConfiguration(yaml, { file: 'router-config.yml', env: {} }).configuration;

function ready(yaml: string, rest: Partial<SetupOptions> = {}) {
  const env = { ALPHA_API_KEY: 'a' };
  const definitions = {
    alpha: fakeDefinition('alpha', { big: 30 }),
    beta: fakeDefinition('beta', { 'beta-small': 1 }),
  };
  return setupRouter({ configuration: configurationOf(yaml), definitions, env, ...rest });
}

const failure = (made: Promise<unknown>) =>
  made.then(
    () => undefined,
    (error: Error) => error,
  );

describe('caching', () => {
  it('is off by default', async () => {
    const { router, resolver } = await ready('');
    expect(configuredCache({ configuration: configurationOf(''), resolver } as never)).toBeUndefined();
    await router.close();
  });

  it('on a disk that the program has no store for is an error, not a cache in memory', async () => {
    const error = await failure(ready('caching: { enabled: true, storage: disk }'));
    expect(error).toMatchObject({ kind: 'configuration', message: expect.stringContaining('caching.storage is disk') });
  });

  it('closes its store with the router', async () => {
    let closed = 0;
    const answerStore: AnswerStore = {
      get: () => undefined,
      set: () => undefined,
      clear: () => undefined,
      close: () => {
        closed += 1;
      },
    };
    await (await ready('caching: { enabled: true }', { answerStore })).close();
    expect(closed).toBe(1);
  });

  it('tells answers of one endpoint from those of another, of the same provider and model', async () => {
    const kept = new Map<string, KeptAnswer>();
    const store: AnswerStore = {
      get: (key) => kept.get(key),
      set: (key, answer) => void kept.set(key, answer),
      clear: () => kept.clear(),
    };
    const statusAt = async (alpha: string) => {
      const configuration = configurationOf(`caching: { enabled: true }\nproviders: { alpha: { ${alpha} } }`);
      const { candidates, resolver, router } = await setupRouter({
        configuration,
        definitions: { alpha: fakeDefinition('alpha', { big: 30 }) },
        env: { ALPHA_API_KEY: 'a' },
      });
      const cache = configuredCache({ configuration, resolver, store, router: () => router } as never);
      const [candidate] = candidates;
      const question = {
        caller: { tenant: 'local' },
        candidate,
        request: { system: [], messages: [] },
        strict: false,
        use: {},
      } as unknown as CacheQuestion;
      const found = await cache?.lookup(question);
      const answer = {
        response: { parts: [{ type: 'text', text: 'x' }], finish: { reason: 'stop' } },
        answeredAt: Date.now(),
      };
      if (found?.kind === 'miss' && candidate !== undefined) found.keep(candidate, answer as never);
      return found?.kind;
    };
    expect(await statusAt('endpoint: "http://127.0.0.1:1"')).toBe('miss');
    expect(await statusAt('endpoint: "http://127.0.0.1:1", timeout: 5s')).toBe('hit');
    expect(await statusAt('endpoint: "http://127.0.0.1:2"')).toBe('miss');
    expect(await statusAt('endpoint: "http://127.0.0.1:1", headers: { x-org: b }')).toBe('miss');
  });
});

describe('similar questions', () => {
  it('without a model are an error that says what to write', async () => {
    expect(await failure(ready('caching: { enabled: true, semantic: { enabled: true } }'))).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/^caching\.semantic is enabled but names no model: set caching\.semantic\.model/),
    });
  });

  it('by a model that nobody knows are an error that says where', async () => {
    expect(
      await failure(ready('caching: { enabled: true, semantic: { enabled: true, model: nobody } }')),
    ).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/^caching\.semantic\.model: The model "nobody" is unknown/),
    });
  });

  it('by a model whose key is not there rest, and that is told', async () => {
    const told: string[] = [];
    const yaml =
      'providers: { alpha: {}, beta: {} }\ncaching: { enabled: true, semantic: { enabled: true, model: beta-small } }';
    await (await ready(yaml, { onCacheFault: (sentence) => told.push(sentence) })).close();
    expect(told).toEqual([
      expect.stringMatching(/^Similar questions can't be looked up: beta-small is a model of beta/),
    ]);
  });

  it('by a model elsewhere are an error where nothing may leave the machine', async () => {
    const yaml = 'data_policy: local_only\ncaching: { enabled: true, semantic: { enabled: true, model: alpha/big } }';
    expect(await failure(ready(yaml))).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/^caching\.semantic\.model: alpha\/big is not on this machine/),
    });
  });

  it('are nothing where caching is off', async () => {
    await (await ready('caching: { semantic: { enabled: true } }')).close();
  });
});
