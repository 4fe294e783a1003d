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

it('tells when the requests of a moment are over, whoever comes meanwhile', async () => {
  under = await startGateway();
  const { gateway, simulator, rows } = under;
  const ask = (path: string, body: object) =>
    fetch(`${gateway.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const paced = { role: 'user', content: '[[simulate: words=3; stall=2; hold=60000]] go' };
  const chat = { model: 'gpt-4o-mini', stream: true, messages: [paced] };
  // Nobody has come yet.
  await gateway.settled();
  // One by the short way in, one through the framework.
  const first = await ask('/v1/chat/completions', chat);
  const gemini = { contents: [{ role: 'user', parts: [{ text: paced.content }] }] };
  const second = await ask('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', gemini);
  const told: string[] = [];
  const both = gateway.settled().then(() => told.push(`both, ${rows.length} booked`));
  const third = await ask('/v1/chat/completions', chat);
  const all = gateway.settled().then(() => told.push(`all, ${rows.length} booked`));
  await first.body?.cancel();
  await expect.poll(() => rows.length).toBe(1);
  expect(told).toEqual([]);
  await second.body?.cancel();
  await both;
  expect(told).toEqual(['both, 2 booked']);
  await third.body?.cancel();
  await all;
  expect([told[1], simulator.requests.length]).toEqual(['all, 3 booked', 3]);
  await gateway.settled();
});
