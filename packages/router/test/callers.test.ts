import type { Caller, Inbound, WireFormat } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { candidatesOf, createRouter } from '../src/index.ts';
import { answers, fakeProvider, finish, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const healthy = streams(start('real'), text('hello'), finish());
const pair = () => [fakeProvider('one', healthy), fakeProvider('two', healthy)] as const;
const decided = (caller: Caller, model?: string) =>
  createRouter({ providers: pair() }).explain({
    caller,
    inbound: { head: { stream: false, model }, request: () => userSays('hi') } as Inbound,
  });

describe('what a caller may use', () => {
  it.each([
    [undefined, ['one/one-model', 'two/two-model']],
    [['*'], ['one/one-model', 'two/two-model']],
    [['two-*'], ['two/two-model']],
    [['one/one-model'], ['one/one-model']],
    [['one/*', 'nobody'], ['one/one-model']],
  ])('of the models %j, by any of their names', async (models, left) => {
    const { order, removed } = await decided({ tenant: 'local', key: 'ci', models });
    expect(order.map(({ candidate }) => candidate)).toEqual(left);
    expect(removed.map(({ kind, reason }) => [kind, reason])).toEqual(
      left.length === 2 ? [] : [['permission', 'the key "ci" may not use it']],
    );
  });

  it('is a model of which one name is enough', async () => {
    const providers = pair();
    const candidates = candidatesOf(providers).map((one) => ({
      ...one,
      names: [...one.names, `${one.provider.id}.short`],
    }));
    const router = createRouter({ providers, candidates });
    const inbound = { head: { stream: false }, request: () => userSays('hi') } as Inbound;
    for (const models of [['two.*'], ['two-model'], ['two/two-model']]) {
      const { order } = await router.explain({ caller: { tenant: 'local', models }, inbound });
      expect(order.map(({ candidate }) => candidate)).toEqual(['two/two-model']);
    }
  });

  it('is said of a caller without a key, too', async () => {
    const { removed } = await decided({ tenant: 'local', models: ['two-model'] });
    expect(removed).toMatchObject([{ candidate: 'one/one-model', reason: 'the caller may not use it' }]);
  });

  it('holds for a model that is named: nobody else is asked in its place', async () => {
    const [one, two] = pair();
    const { generate } = createRouter({ providers: [one, two] });
    const caller = { tenant: 'local', key: 'ci', models: ['two-model'] };
    await expect(generate({ ...userSays('hi'), model: 'one-model' }, { caller })).rejects.toThrow(
      /the key "ci" may not use it/,
    );
    expect([one.calls, two.calls]).toEqual([[], []]);
  });
});

describe("a provider that is called with the caller's own credential", () => {
  const body = new TextEncoder().encode(JSON.stringify({ prompt: 'hi', model: 'one-model', stream: true }));
  const inbound = (format: WireFormat, credentials?: Record<string, string>): Inbound => ({
    wire: { format, body, path: '/tiny', headers: {}, credentials },
    head: format.server.scanHead(body, '/tiny'),
    request: () => userSays('hi'),
  });
  const login = { authorization: 'Bearer mine' };

  it('gets the one that was shown, and nobody else does', async () => {
    const one = { ...fakeProvider('one', healthy), callerCredentials: true as const };
    const plain = fakeProvider('one', healthy);
    for (const provider of [one, plain]) {
      const { body: answer } = await createRouter({ providers: [provider] }).forward({
        inbound: inbound(tinyFormat(), login),
      });
      for await (const _ of answer);
    }
    expect(one.calls[0]?.credentials).toEqual(login);
    expect(plain.calls[0]?.credentials).toBeUndefined();
  });

  it.each([
    ['shows none', inbound(tinyFormat()), 'this request shows none'],
    ['came by another API', inbound(tinyFormat('other'), login), 'came by another API'],
  ])('is left out where the request %s', async (_what, request, reason) => {
    const one = { ...fakeProvider('one', healthy), callerCredentials: true as const };
    const { removed } = await createRouter({ providers: [one] }).explain({ inbound: request });
    expect(removed).toMatchObject([{ kind: 'missing-key', reason: expect.stringContaining(reason) }]);
    expect(one.calls).toEqual([]);
  });

  it.each([
    [401, 'says nothing of the endpoint', []],
    [503, 'is one of the endpoint', ['one']],
  ])('whose answer is %i: that %s', async (status, _whose, leftAlone) => {
    const answer = answers(status, { error: { message: 'no' } });
    const one = { ...fakeProvider('one', answer), callerCredentials: true as const };
    const router = createRouter({ providers: [one], retry: { maxAttempts: 1 } });
    for (let call = 0; call < 6; call += 1) {
      await router.forward({ inbound: inbound(tinyFormat(), login) }).catch(() => undefined);
    }
    expect(router.endpoints().map(({ provider }) => provider)).toEqual(leftAlone);
  });
});
