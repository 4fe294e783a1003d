import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { at, post, useSimulator } from './simulator-client.ts';

describe('a script', () => {
  const simulator = useSimulator({ behaviour: { text: 'plain' } });
  const ask = async (model = 'gpt-5', prompt = 'Hello', headers: Record<string, string> = {}) => {
    const body = { model, messages: [{ role: 'user', content: prompt }] };
    const answer = await post(simulator(), '/v1/chat/completions', body, headers);
    return answer.status === 200 ? at(answer.json, 'choices', 0, 'message', 'content') : answer.status;
  };

  test('picks by model, path, format, key and prompt; the first rule that matches decides', async () => {
    simulator().script([
      { when: { model: /^claude/ }, behave: 'text=model' },
      { when: { key: 'bad' }, behave: { status: 401 } },
      { when: { prompt: 'Ping' }, behave: { text: 'pong' } },
      { when: { format: 'openai-responses' }, behave: { text: 'never' } },
      { when: { path: '/v1/chat/completions' }, behave: { text: 'path' } },
    ]);
    expect(await ask('claude-x')).toBe('model');
    expect(await ask('gpt-5', 'Hello', { authorization: 'Bearer bad' })).toBe(401);
    expect(await ask('gpt-5', 'Ping')).toBe('pong');
    expect(await ask()).toBe('path');
  });

  test('picks the nth request of those that match', async () => {
    simulator().script([{ when: { model: 'gpt-5', nth: [1, 3] }, behave: { status: 500 } }]);
    expect([await ask(), await ask('other'), await ask(), await ask(), await ask()]).toEqual([
      500,
      'plain',
      'plain',
      500,
      'plain',
    ]);
  });

  test('may be a function of the request', async () => {
    simulator().script([{ behave: ({ model, nth }) => (nth < 3 ? { status: 503 } : `text=${model}`) }]);
    expect([await ask(), await ask(), await ask()]).toEqual([503, 503, 'gpt-5']);
  });

  test('gives way, key by key, to the prompt, and that to the header', async () => {
    simulator().script([{ behave: { text: 'script', status: 500 } }]);
    expect(await ask('m', 'Hi [[simulate: status=200]]')).toBe('script');
    expect(await ask('m', 'Hi [[simulate: status=200; text=prompt]]')).toBe('prompt');
    expect(await ask('m', 'Hi [[simulate: status=200; text=prompt]]', { 'x-simulate': 'text=header' })).toBe('header');
  });

  test('of a prompt may end in a list', async () => {
    expect(await ask('m', 'Hi [[simulate: text=one; toolCall=[{"name":"f"}]]]')).toBe('one');
  });

  test('starts its counts anew when it is replaced, and ends with a reset', async () => {
    const rule = { behave: { status: 500, times: 1 } };
    simulator().script([rule]);
    expect([await ask(), await ask()]).toEqual([500, 'plain']);
    simulator().script([rule]);
    expect(await ask()).toBe(500);
    simulator().reset();
    expect(await ask()).toBe('plain');
    expect(simulator().requests).toHaveLength(1);
  });

  test('is checked when it is set', () => {
    try {
      simulator().script([{ behave: 'text=ok' }, { behave: { statsu: 1 } as object }]);
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && error.message).toBe(
        'script rule 2 has the unknown key "statsu": did you mean "status"?',
      );
    }
  });

  test('sets counts, and parts never exceed the whole', async () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
    const usage = async (directive: string) =>
      at((await post(simulator(), '/v1/chat/completions', body, { 'x-simulate': directive })).json, 'usage');
    expect(await usage('inputTokens=1000; outputTokens=500; cacheRead=600; reasoningTokens=100')).toMatchObject({
      prompt_tokens: 1000,
      completion_tokens: 500,
      total_tokens: 1500,
      prompt_tokens_details: { cached_tokens: 600 },
      completion_tokens_details: { reasoning_tokens: 100 },
    });
    expect(await usage('inputTokens=1; cacheRead=6; cacheWrite=4; outputTokens=1; reasoningTokens=9')).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 9,
    });
  });
});
