import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway(
    'models: { team: { chain: [gpt-4o-mini, claude-haiku-4-5] } }\nperformance: { hedge_after: 100ms, hedge_share: 50% }',
  );
});
afterAll(() => under.close());

it('a model that says nothing for as long as performance.hedge_after says is answered for by the next; both are booked', async () => {
  under.simulator.script([{ when: { path: '/openai/v1/chat/completions' }, behave: { silent: true } }]);
  const answer = await fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'team', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
  });
  expect(answer.headers.get('x-signalbox-model')).toBe('claude-haiku-4-5');
  expect(await answer.text()).toMatch(/data: \[DONE\]\s*$/);
  expect(under.rows.map(({ attempt }) => [attempt.model, attempt.cause, attempt.outcome])).toEqual([
    ['gpt-4o-mini', 'first', 'aborted'],
    ['claude-haiku-4-5', 'hedge', 'success'],
  ]);
});
