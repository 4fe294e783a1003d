import { afterEach, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
afterEach(() => under.close());

it('a gateway that drains says so in the words of each API, and lets what runs end', async () => {
  under = await startGateway();
  const { url } = under.gateway;
  const post = (path: string, body: object = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const stream = await post('/v1/chat/completions', {
    model: 'gpt-4o-mini',
    stream: true,
    messages: [{ role: 'user', content: '[[simulate: words=3; stall=2; hold=60000]] go' }],
  });
  const closing = under.gateway.close(60_000);
  const message = expect.stringContaining('shutting down');
  for (const [path, body] of [
    ['/v1/messages', { type: 'error', error: { type: 'overloaded_error', message } }],
    ['/v1/chat/completions', { error: expect.objectContaining({ message, type: 'server_error' }) }],
    ['/v1/responses', { error: expect.objectContaining({ message }) }],
    ['/v1beta/models/gemini-2.5-flash:generateContent', { error: { code: 503, message, status: 'UNAVAILABLE' } }],
    ['/api/chat', { error: message }],
  ] as const) {
    const answer = await post(path);
    const [status, wait, connection] = [
      answer.status,
      answer.headers.get('retry-after'),
      answer.headers.get('connection'),
    ];
    expect([path, status, wait, connection]).toEqual([path, 503, '1', 'close']);
    expect(await answer.json()).toEqual(body);
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(503);
  await stream.body?.cancel();
  await closing;
});
