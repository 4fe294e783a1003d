import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

/** The attempts since the last look, in short. */
function attemptsOf(under: GatewayUnderTest) {
  let seen = under.rows.length;
  return () => {
    const rows = under.rows.slice(seen).map(({ attempt }) => attempt);
    seen = under.rows.length;
    return rows.map(
      ({ model, providerKey, cause, error }) => `${model} ${providerKey} ${cause} ${error?.kind ?? 'ok'}`,
    );
  };
}

const ask = async (under: GatewayUnderTest, model: string, stream = false) => {
  const response = await fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Say hello' }] }),
  });
  return { status: response.status, text: await response.text() };
};

/** Two keys, one of which the provider answers so. */
describe.each([
  ['authentication', 'error=invalid_api_key', true],
  ['permission', 'status=403', false],
  ['rate-limit', 'status=429', false],
  ['rate-limit', 'status=429; retryAfter=60', false],
  ['quota', 'error=insufficient_quota', false],
] as const)('a key that is answered with "%s" (%s)', (kind, directive, everyModel) => {
  let under: GatewayUnderTest;
  let attempts: () => readonly string[];
  beforeAll(async () => {
    under = await startGateway(
      '',
      (url) => `  openai: { endpoint: "${url}/v1", api_keys: [bad, good], models: [gpt-4o-mini, gpt-4-turbo] }`,
    );
    under.simulator.script([{ when: { key: 'bad' }, behave: directive }]);
    attempts = attemptsOf(under);
  });
  afterAll(() => under.close());

  it('gives its turn to the next one, and the caller sees nothing of it', async () => {
    expect(await ask(under, 'gpt-4o-mini', true)).toMatchObject({ status: 200 });
    expect(attempts()).toEqual([`gpt-4o-mini key-1 first ${kind}`, 'gpt-4o-mini key-2 retry ok']);
  });

  it('is left alone from then on: the next requests go to the other at once', async () => {
    for (let request = 0; request < 3; request += 1) await ask(under, 'gpt-4o-mini');
    expect(attempts()).toEqual(Array(3).fill('gpt-4o-mini key-2 first ok'));
    expect(under.simulator.requests).toHaveLength(5);
  });

  it(everyModel ? 'is no good for other models either' : 'may serve other models', async () => {
    for (let request = 0; request < 2; request += 1) await ask(under, 'gpt-4-turbo');
    expect(attempts().some((one) => one.startsWith('gpt-4-turbo key-1'))).toBe(!everyModel);
  });
});

describe('keys that are all refused', () => {
  let under: GatewayUnderTest;
  beforeAll(async () => {
    under = await startGateway(
      '',
      (url) => `
  openai: { endpoint: "${url}/v1", api_keys: [one, two, three], models: [gpt-4o-mini] }
  anthropic: { endpoint: "${url}", api_keys: [one, two], models: [claude-haiku-4-5] }`,
    );
    under.simulator.script([{ behave: 'error=invalid_api_key; message=No such key' }]);
  });
  afterAll(() => under.close());

  it('are each asked once, then the provider’s own refusal is the answer', async () => {
    const attempts = attemptsOf(under);
    const { status, text } = await ask(under, 'gpt-4o-mini');
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ error: { message: expect.stringContaining('No such key') } });
    expect(attempts()).toEqual([
      'gpt-4o-mini key-1 first authentication',
      'gpt-4o-mini key-2 retry authentication',
      'gpt-4o-mini key-3 retry authentication',
    ]);
  });

  it('are not all asked again by the next request, which gets the same answer', async () => {
    const attempts = attemptsOf(under);
    expect(await ask(under, 'gpt-4o-mini')).toMatchObject({ status: 401 });
    expect(attempts()).toHaveLength(1);
  });

  it('never show up in an answer or in the books', async () => {
    const { text } = await ask(under, 'claude-haiku-4-5');
    expect(text).not.toMatch(/\b(?:one|two|three)\b/);
    expect(JSON.stringify(under.rows)).not.toMatch(/"(?:one|two|three)"/);
  });
});
