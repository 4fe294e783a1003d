import { describe, expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { DIALECTS, post, useSimulator } from './simulator-client.ts';

const clock = createManualClock();

describe('a limit of requests in a time', () => {
  const simulator = useSimulator({ clock, behaviour: { rateLimit: '2/10s' } });

  test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
    '%s: what is more is answered with 429 and when to come back, and is free again when the window has ended',
    async (_name, dialect) => {
      const ask = () => post(simulator(), dialect.path(false), dialect.body('Hi', false), dialect.headers);
      const statuses = [(await ask()).status, (await ask()).status];
      await clock.advance(4_000);
      const refused = await ask();
      expect([...statuses, refused.status]).toEqual([200, 200, 429]);
      expect(refused.headers.get('retry-after-ms')).toBe('6000');
      await clock.advance(6_000);
      expect((await ask()).status).toBe(200);
      await clock.advance(10_000);
    },
  );

  test('is counted for each key and model, and told in the headers of Anthropic and OpenAI', async () => {
    const body = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] };
    const chat = (model: string, key: string) =>
      post(simulator(), '/v1/chat/completions', { ...body, model }, { authorization: `Bearer ${key}` });
    const left = async (model: string, key: string) =>
      (await chat(model, key)).headers.get('x-ratelimit-remaining-requests');
    expect([await left('a', 'k'), await left('a', 'k'), await left('b', 'k'), await left('a', 'l')]).toEqual([
      '1',
      '0',
      '1',
      '1',
    ]);
    const { headers } = await chat('a', 'k');
    expect(headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(headers.get('x-ratelimit-reset-requests')).toBe('10000ms');
    const anthropic = DIALECTS.find(
      (dialect) => dialect.headers !== undefined && 'anthropic-version' in dialect.headers,
    );
    if (anthropic === undefined) throw new Error('no dialect of Anthropic');
    const answer = await post(simulator(), anthropic.path(false), anthropic.body('Hi', false), anthropic.headers);
    expect(answer.headers.get('anthropic-ratelimit-requests-remaining')).toBe('1');
    expect(Date.parse(answer.headers.get('anthropic-ratelimit-requests-reset') ?? '')).toBe(clock.now() + 10_000);
  });

  test('is forgotten with the rest', async () => {
    const body = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] };
    for (let request = 0; request < 3; request += 1) await post(simulator(), '/v1/chat/completions', body);
    simulator().reset();
    expect((await post(simulator(), '/v1/chat/completions', body)).status).toBe(200);
  });

  test('that can’t be read is refused', async () => {
    const headers = { 'x-simulate': 'rateLimit=many' };
    const answer = await post(
      simulator(),
      '/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
      headers,
    );
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('takes requests in a time');
  });
});
