import type { Behaviour } from '@signalbox/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const WORDS = 'organisation org-planted owes 40 dollars';
const KEYS = { keys: keysOf({ sk: { name: 'ci' } }) };

let under: GatewayUnderTest;
afterEach(() => under.close());

async function ask(path: string, body: object): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signalbox-key': 'sk', authorization: 'Bearer of-the-caller' },
    body: JSON.stringify({ max_tokens: 50, messages: [{ role: 'user', content: 'hi' }], ...body }),
  });
  return { status: answer.status, text: await answer.text() };
}

const failing = (behave: Behaviour) => under.simulator.script([{ behave: { message: WORDS, ...behave } }]);

describe('what a provider says of our account with it', () => {
  it.each([
    [401, 'invalid_api_key', 'refuses the key'],
    [403, 'permission_denied', 'does not allow'],
    [429, 'rate_limit_exceeded', "this gateway's limit"],
  ])('is not told to a caller with a key: of a %i the kind remains', async (status, code, sentence) => {
    under = await startGateway('retry: { max_attempts: 1 }\n', undefined, KEYS);
    failing({ status });
    const one = await ask('/v1/chat/completions', { model: 'gpt-4o-mini' });
    expect([one.status, one.text]).toEqual([status, expect.stringContaining(code)]);
    expect(one.text).toMatch(new RegExp(sentence, 'i'));
    expect(one.text).not.toContain('org-planted');
  });

  it('is not told by an embedding or a chain of models either', async () => {
    under = await startGateway('retry: { max_attempts: 1 }\n', undefined, KEYS);
    failing({ status: 401 });
    const vectors = await ask('/v1/embeddings', { model: 'text-embedding-3-small', input: 'hi' });
    const chain = await ask('/v1/messages', { model: 'auto' });
    expect(chain.text).toContain('attempts failed');
    for (const { text } of [vectors, chain]) expect(text).not.toContain('org-planted');
  });

  it('is told to who needs no key, who runs the gateway himself', async () => {
    under = await startGateway('retry: { max_attempts: 1 }\n');
    failing({ status: 401 });
    const { text } = await ask('/v1/chat/completions', { model: 'gpt-4o-mini' });
    expect(text).toContain(WORDS);
  });

  it("is told where the account is the caller's own", async () => {
    const providers = (simulator: string) =>
      `\n  anthropic: { endpoint: "${simulator}/anthropic", credentials: caller, models: [claude-sonnet-4-5] }`;
    under = await startGateway('retry: { max_attempts: 1 }\n', providers, KEYS);
    failing({ status: 401 });
    const { status, text } = await ask('/v1/messages', { model: 'claude-sonnet-4-5' });
    expect([status, text]).toEqual([401, expect.stringContaining(WORDS)]);
  });

  it.each([
    ['/v1/chat/completions', 'gpt-4o-mini'],
    ['/v1/chat/completions', 'claude-sonnet-4-5'],
    ['/v1/messages', 'claude-sonnet-4-5'],
    ['/v1/messages', 'gpt-4o-mini'],
    ['/v1/responses', 'gpt-4o-mini'],
    ['/api/chat', 'gpt-4o-mini'],
  ])('is not told in a stream of %s by %s that has begun either', async (path, model) => {
    for (const error of ['invalid_api_key', 'permission_denied', 'billing', 'rate_limit_exceeded'] as const) {
      under = await startGateway('retry: { max_attempts: 1 }\n', undefined, KEYS);
      failing({ errorEvent: 2, error });
      const asked = path === '/v1/responses' ? { messages: undefined, input: 'hi' } : {};
      const { status, text } = await ask(path, { model, stream: true, ...asked });
      expect(status).toBe(200);
      expect(text).toMatch(
        /(the provider (refuses the key|does not allow)|account with the provider|limit at the provider)/i,
      );
      expect(text).not.toContain('org-planted');
      await under.close();
    }
    under = await startGateway('retry: { max_attempts: 1 }\n');
    failing({ errorEvent: 2, error: 'invalid_api_key' });
    const { text } = await ask('/v1/chat/completions', { model: 'gpt-4o-mini', stream: true });
    expect(text).toContain('org-planted');
  });

  it('leaves words about the request itself as they came', async () => {
    under = await startGateway('retry: { max_attempts: 1 }\n', undefined, KEYS);
    failing({ status: 400 });
    const { text } = await ask('/v1/messages', { model: 'claude-sonnet-4-5' });
    expect(text).toContain(WORDS);
  });
});
