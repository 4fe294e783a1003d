import type { ModelFacts, Provider } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { candidatesOf, createRouter } from '../src/index.ts';
import { fakeProvider, finish, start, streams, text, userSays } from './fake-provider.ts';

const facts = (provider: string, id: string, aliases: readonly string[] = []): ModelFacts => ({
  id,
  provider,
  name: id,
  type: 'chat',
  status: 'active',
  capabilities: {},
  prices: [],
  aliases,
});

/** A vendor whose catalogue holds retired models in front of those that are meant. */
const vendor = (id: string, models: readonly string[], shortNames?: Provider['shortNames']): Provider => ({
  ...fakeProvider(id, streams(start('m'), text('hello'), finish())),
  models: models.map((model) => facts(id, model)),
  shortNames,
});
const acme = () =>
  vendor('acme', ['tiny-1', 'large-1', 'large-2', 'small-2'], {
    default: 'large-2',
    small: 'small-2',
    large: 'large-2',
  });
const other = () => vendor('other', ['one', 'two'], {});

const ids = (order: readonly { readonly candidate: string }[]) => order.map(({ candidate }) => candidate);

describe('a request that names no model', () => {
  it.each([undefined, 'auto'])(
    '(%s) goes to those that providers have short names for, their defaults first',
    async (model) => {
      const router = createRouter({ providers: [acme(), other()] });
      const { decision } = await router.stream({ ...userSays('hi'), model });
      expect(ids(decision.order)).toEqual(['acme/large-2', 'acme/small-2', 'other/one', 'other/two']);
      expect(router.candidates).toHaveLength(6);
    },
  );

  it('goes to exactly the candidates that a program names', async () => {
    const providers = [acme()];
    const router = createRouter({ providers, candidates: candidatesOf(providers).slice(0, 2) });
    const { decision } = await router.stream({ ...userSays('hi'), model: undefined });
    expect(ids(decision.order)).toEqual(['acme/tiny-1', 'acme/large-1']);
  });

  it('goes to whatever there is where a program lists models of its own', async () => {
    const own = { ...acme(), models: [facts('acme', 'tuned')] };
    const { decision } = await createRouter({ providers: [own] }).stream({ ...userSays('hi'), model: undefined });
    expect(ids(decision.order)).toEqual(['acme/tuned']);
  });
});

describe('a model is called', () => {
  it.each([
    ['tiny-1', 'acme/tiny-1'],
    ['acme/tiny-1', 'acme/tiny-1'],
    ['large', 'acme/large-2'],
    ['acme.small', 'acme/small-2'],
    ['acme/small', 'acme/small-2'],
  ])('%s', async (model, candidate) => {
    const { decision } = await createRouter({ providers: [acme()] }).stream({ ...userSays('hi'), model });
    expect(ids(decision.order)).toEqual([candidate]);
  });

  it('in full before another is called so for short', async () => {
    const model = 'small';
    const router = createRouter({ providers: [acme(), vendor('other', [model])] });
    expect(ids((await router.stream({ ...userSays('hi'), model })).decision.order)).toEqual(['other/small']);
  });
});

it.each([
  ['lagre-2', 'The model "lagre-2" is not known here. Did you mean large-2, large-1?'],
  ['mistral-huge', 'The model "mistral-huge" is not known here; known are, for example, acme/large-2, acme/small-2.'],
  ['x'.repeat(100_000), /is not known here; known are, for example, acme/],
])('a name that nobody has is answered with what was meant, or what there is: %.20s', async (model, sentence) => {
  const asked = createRouter({ providers: [acme()] }).stream({ ...userSays('hi'), model });
  await expect(asked).rejects.toThrow(sentence);
});
