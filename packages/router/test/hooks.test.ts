import type { Caller, StreamEvent } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter, type HookContext, type Hooks, type RouterOptions } from '../src/index.ts';
import { type Behaviour, fakeProvider, finish, start, streams, text, userSays } from './fake-provider.ts';

const healthy = streams(start('real'), text('hello'), finish());

function under(hooks: Hooks, behaviour: Behaviour = healthy, options: Partial<RouterOptions> = {}) {
  const provider = fakeProvider('one', behaviour);
  return { ...createRouter({ providers: [provider], hooks, ...options }), provider };
}

/** What a stream's reader has seen when it ended, and how it ended. */
async function read(events: AsyncIterable<StreamEvent>): Promise<{ seen: StreamEvent[]; error?: unknown }> {
  const seen: StreamEvent[] = [];
  try {
    for await (const event of events) seen.push(event);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

const wordsOf = (events: readonly StreamEvent[]) =>
  events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');

describe('a hook is told who asks', () => {
  const told = async (caller: Caller | undefined, local?: Caller) => {
    const contexts: HookContext[] = [];
    const onRequest: Hooks['onRequest'] = (_, context) => void contexts.push(context);
    const { stream } = under({ onRequest }, healthy, { caller: local });
    await read((await stream({ ...userSays('hi'), model: 'one-model' }, { caller })).events);
    return contexts[0];
  };
  const ann: Caller = { tenant: 'local', user: 'ann' };

  it.each<[string, Caller | undefined, Caller | undefined, Partial<Caller>]>([
    ['nobody where nobody is known', undefined, undefined, { tenant: 'local', user: undefined }],
    ["the router's own caller where a call says none", undefined, ann, { tenant: 'local', user: 'ann' }],
    [
      "the router's own user where a call of its tenant names none",
      { tenant: 'local', session: 's' },
      ann,
      { user: 'ann', session: 's' },
    ],
    [
      'whom the call names',
      { tenant: 'local', user: 'bob', key: 'k', tags: ['t'] },
      ann,
      { user: 'bob', key: 'k', tags: ['t'] },
    ],
    ['nobody where another tenant names nobody', { tenant: 'acme' }, ann, { tenant: 'acme', user: undefined }],
  ])('%s', async (_who, caller, local, expected) => {
    expect((await told(caller, local))?.caller).toMatchObject(expected);
  });

  it('and not what the caller may use or spend, nor with which key it came in', async () => {
    const context = await told({ tenant: 'local', models: ['*'], limits: { requestsPerMinute: 5 } });
    expect(Object.keys(context?.caller ?? {}).sort()).toEqual(['key', 'session', 'tags', 'tenant', 'user']);
    expect(context).toMatchObject({ stream: true, model: 'one-model' });
  });
});

describe('onRequest', () => {
  it.each([undefined, null, 'some words', {}])('that answers %s lets the request pass', async (verdict) => {
    const { generate, provider } = under({ onRequest: (() => verdict) as Hooks['onRequest'] });
    await generate(userSays('hi')).catch(() => undefined);
    expect(String(provider.calls[0]?.body)).toContain('"prompt":"hi"');
  });

  it('that answers with a number has failed', async () => {
    const faults: string[] = [];
    const hooks = { onRequest: (() => 7) as unknown as Hooks['onRequest'], onFault: (one: string) => faults.push(one) };
    const { stream, provider } = under(hooks);
    await expect(stream(userSays('hi'))).rejects.toMatchObject({ kind: 'internal' });
    expect([provider.calls, faults]).toEqual([[], ['The hook onRequest answered with a number.']]);
  });

  it('that throws no error is told of all the same, and passes where that is wanted', async () => {
    const faults: string[] = [];
    const fails = () => {
      throw 'the prompt was: hi';
    };
    const { stream } = under({ onRequest: fails, onFailure: 'pass', onFault: (one) => faults.push(one) });
    expect(wordsOf((await read((await stream(userSays('hi'))).events)).seen)).toBe('hello');
    expect(faults).toEqual(['The hook onRequest threw something.']);
  });
});

describe('a stream', () => {
  const reasoning = (words: string): StreamEvent => ({ type: 'reasoning-delta', index: 0, text: words });
  const signature: StreamEvent = { type: 'reasoning-signature', index: 0, signature: { issuer: 'x', value: 'signed' } };
  const hide: Hooks = { onText: (words) => words.replaceAll('secret', '[hidden]') };

  it('shows nothing of what a hook takes out, wherever the pieces part it', async () => {
    const { stream } = under(hide, streams(start('real'), text('a se'), text('cr'), text('et b'), finish()));
    const { seen } = await read((await stream(userSays('hi'))).events);
    expect(wordsOf(seen)).toBe('a [hidden] b');
    expect(seen.at(-1)).toMatchObject({ type: 'finish', usage: { inputTokens: 10 } });
  });

  it('loses the signature of thoughts that were changed, and keeps that of others', async () => {
    const thinks = (words: string) =>
      streams(start('real'), reasoning(words), signature, { ...text('c'), index: 1 } as StreamEvent, finish());
    const kinds = async (words: string) => {
      const { stream } = under(hide, thinks(words));
      return (await read((await stream(userSays('hi'))).events)).seen.map(({ type }) => type);
    };
    expect(await kinds('a secret')).not.toContain('reasoning-signature');
    expect(await kinds('a thought')).toContain('reasoning-signature');
  });

  it('that is refused at its end never ends well', async () => {
    const seenByHook: string[] = [];
    const { stream } = under({
      onResponse: ({ parts }) => {
        seenByHook.push(parts.map((part) => ('text' in part ? part.text : '')).join(''));
        return { refuse: 'Not that.' };
      },
    });
    const { seen, error } = await read((await stream(userSays('hi'))).events);
    expect([seenByHook, wordsOf(seen)]).toEqual([['hello'], 'hello']);
    expect(seen.some(({ type }) => type === 'finish')).toBe(false);
    expect(error).toMatchObject({ kind: 'invalid-request', message: 'Not that.' });
  });

  it('has what hangs on a text behind it, checked, and without log probabilities', async () => {
    const extension: StreamEvent = {
      type: 'text-extension',
      index: 0,
      extensions: { tiny: { note: 'the secret', logprobs: { tokens: ['sec', 'ret'] }, list: ['secret', 1] } },
    };
    const { stream } = under(hide, streams(start('real'), text('a secret'), extension, finish()));
    const { seen } = await read((await stream(userSays('hi'))).events);
    expect(seen.map(({ type }) => type)).toEqual(['start', 'text-delta', 'text-extension', 'finish']);
    expect(seen[2]).toMatchObject({ extensions: { tiny: { note: 'the [hidden]', list: ['[hidden]', 1] } } });
    expect(JSON.stringify(seen)).not.toContain('logprobs');
  });
});

describe('a whole answer', () => {
  it('is changed in all its texts, and by onResponse behind them', async () => {
    const seen: string[] = [];
    const { generate } = under(
      {
        onText: (words) => words.toUpperCase(),
        onResponse: (response) => {
          seen.push(JSON.stringify(response.parts));
          return { response: { ...response, parts: [{ type: 'text', text: 'checked' }] } };
        },
      },
      () => ({
        status: 200,
        headers: {},
        async *frames() {},
        bytes: async () =>
          new TextEncoder().encode(JSON.stringify({ events: [start('real'), text('hello'), finish()] })),
        discard: () => undefined,
      }),
    );
    const { response } = await generate(userSays('hi'));
    expect(seen).toEqual(['[{"type":"text","text":"HELLO"}]']);
    expect(response.parts).toEqual([{ type: 'text', text: 'checked' }]);
  });
});
