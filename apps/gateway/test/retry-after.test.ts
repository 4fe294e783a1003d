import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const start = () => startGateway('retry: { max_attempts: 1 }\n');

async function ask(under: GatewayUnderTest, path: string, model: string, fault: string) {
  const text = `[[simulate: ${fault}]] x`;
  const messages = [{ role: 'user', content: text }];
  const body = path.includes('generateContent')
    ? { contents: [{ role: 'user', parts: [{ text }] }] }
    : path.endsWith('responses')
      ? { model, input: text }
      : { model, max_tokens: 9, stream: false, messages };
  const answer = await fetch(`${under.gateway.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  await answer.text();
  return { status: answer.status, wait: answer.headers.get('retry-after') };
}

/** Each API, by its own provider and by another. */
const WAYS = [
  ['/v1/chat/completions', 'gpt-4-turbo'],
  ['/v1/chat/completions', 'claude-haiku-4-5'],
  ['/v1/messages', 'claude-haiku-4-5'],
  ['/v1/messages', 'gpt-4-turbo'],
  ['/v1/responses', 'gpt-5-mini'],
  ['/v1/responses', 'claude-haiku-4-5'],
  ['/v1beta/models/gemini-2.5-flash:generateContent', ''],
  ['/api/chat', 'mistral:7b'],
  ['/api/chat', 'gpt-4-turbo'],
] as const;

describe.each(WAYS)('a refusal of %s by %s where a limit is reached', (path, model) => {
  // A gateway of its own: a provider that said when it is free again is not asked before, and others would wait for it.
  it('says when to come back, also where the provider does not: a whole second at least', async () => {
    const under = await start();
    try {
      const { status, wait } = await ask(under, path, model, 'error=rate_limit_exceeded');
      expect(status).toBe(429);
      expect(Number(wait)).toBeGreaterThanOrEqual(1);
      expect(await ask(under, path, model, 'error=rate_limit_exceeded; retryAfter=7')).toEqual({
        status: 429,
        wait: '7',
      });
    } finally {
      await under.close();
    }
  });
});

describe('a refusal that would come again', () => {
  let under: GatewayUnderTest;
  beforeAll(async () => {
    under = await start();
  });
  afterAll(() => under.close());

  it.each(WAYS)('of %s by %s does not say when to come back', async (path, model) => {
    const faults = [
      'error=context_length_exceeded',
      'error=invalid_request',
      'error=model_not_found',
      'error=permission_denied; retryAfter=3',
      'error=invalid_api_key; retryAfter=3',
    ];
    for (const fault of faults) expect((await ask(under, path, model, fault)).wait).toBeNull();
  });
});
