import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveGateway } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';
import { send, WAYS } from './ways-in.ts';

let open: GatewayUnderTest;
beforeAll(async () => {
  open = await startGateway();
});
afterAll(() => open.close());

const CHAT = '/v1/chat/completions';
const say = (content: string) => [{ role: 'user', content }];
const chat = (fields: object = {}) => JSON.stringify({ model: 'gpt-4o-mini', messages: say('hi'), ...fields });

describe('the end of a gateway', () => {
  it.each(WAYS)('lets in nobody more, and what runs end: %s', async (way) => {
    const under = await startGateway();
    const { url } = under.gateway;
    const stream = chat({ stream: true, messages: say('[[simulate: words=20; interval=40]] go') });
    const running = send(url, { path: CHAT, body: stream }, way);
    await expect.poll(() => under.simulator.requests[0]?.eventsSent ?? 0).toBeGreaterThan(0);
    const closed = under.gateway.close(60_000);
    const refused = await send(url, { path: CHAT, body: chat() }, way);
    expect([refused.status, refused.head]).toEqual([503, expect.stringMatching(/^retry-after: 1$/im)]);
    expect((await running).body).toContain('[DONE]');
    await closed;
    await under.close();
  });
});

describe('an answer that can not go on', () => {
  it.each(WAYS)('is broken off, with nothing of our own in it: %s', async (way) => {
    const { ready } = open;
    const faults: unknown[] = [];
    const broken = (async function* () {
      yield Buffer.from('data: {}\n\n');
      // Its first bytes are on their way.
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('planted');
    })();
    const forward: typeof ready.router.forward = async (call) => ({
      ...(await ready.router.forward(call)),
      body: broken,
    });
    const gateway = await serveGateway({
      router: { ...ready.router, forward },
      port: 0,
      onFault: (fault) => faults.push(fault),
    });
    const answer = await send(gateway.url, { path: CHAT, body: chat({ stream: true }) }, way);
    expect([answer.status, answer.body]).toEqual([200, 'data: {}\n\n']);
    expect(answer.whole).toBe(false);
    expect(faults).toEqual([expect.objectContaining({ message: 'planted' })]);
    await gateway.close(0);
  });
});
