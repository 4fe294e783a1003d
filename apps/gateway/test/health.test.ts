import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderHealth } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeEach(async () => {
  under = await startGateway();
});
afterEach(() => under.close());

async function health(): Promise<Readonly<Record<string, ProviderHealth>>> {
  const answer = await fetch(`${under.gateway.url}/health/providers`);
  const { providers } = (await answer.json()) as { providers: readonly ProviderHealth[] };
  return Object.fromEntries(providers.map((one) => [one.provider, one]));
}

async function ask(model: string): Promise<number> {
  const answer = await fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
  await answer.text();
  return answer.status;
}

describe('GET /health/providers', () => {
  it('lists every provider as well before anything was called', async () => {
    const found = await health();
    expect(Object.keys(found)).toEqual(['anthropic', 'openai', 'google', 'responses', 'local']);
    expect(found.openai).toEqual({ provider: 'openai', state: 'ok', endpoints: [], models: [] });
  });

  it('has the times of what was called', async () => {
    expect(await ask('gpt-4o-mini')).toBe(200);
    expect((await health()).openai?.models).toEqual([
      expect.objectContaining({ model: 'gpt-4o-mini', calls: 1, failure_share: 0 }),
    ]);
  });

  it('says that a model is left alone after five failures in a row, and that the other one is well', async () => {
    under.simulator.script([{ behave: 'status=500' }]);
    for (let call = 0; call < 5; call += 1) expect(await ask('gpt-4o-mini')).toBe(500);
    const { openai } = await health();
    expect(openai).toMatchObject({
      state: 'degraded',
      endpoints: [{ model: 'gpt-4o-mini', state: 'open', failures_in_a_row: 5, reason: 'failed 5 times in a row' }],
    });
    expect(Date.parse(openai?.endpoints[0]?.until ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('says that a key was refused', async () => {
    under.simulator.script([{ behave: 'status=401' }]);
    expect(await ask('gemini-2.5-flash')).toBe(401);
    expect((await health()).google).toMatchObject({
      state: 'down',
      endpoints: [{ state: 'parked', reason: 'authentication' }],
    });
  });
});
