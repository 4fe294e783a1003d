import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Explanation } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeEach(async () => {
  under = await startGateway();
});
afterEach(() => under.close());

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Explanation & { error?: { message: string } } };
}

const messages = [{ role: 'user', content: 'Review this pull request' }];
const PATHS: readonly (readonly [path: string, body: unknown])[] = [
  ['/v1/messages', { model: 'auto', max_tokens: 100, messages }],
  ['/v1/chat/completions', { model: 'auto', messages }],
  ['/v1/responses', { model: 'auto', input: 'Review this pull request' }],
  [
    '/v1beta/models/auto:generateContent',
    { contents: [{ role: 'user', parts: [{ text: 'Review this pull request' }] }] },
  ],
  ['/api/chat', { model: 'auto', messages }],
];

describe('an explanation', () => {
  it('has the task, who was taken out and why, who is kept with score, cost and time, and who wins', async () => {
    const { status, body } = await post('/v1/explain', { prompt: 'Review this pull request' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      winner: 'anthropic/claude-sonnet-4-5',
      strategy: 'best_for_task',
      task: { type: 'code_review', complexity: 'medium' },
      needs: { vision: false, inputTokens: expect.any(Number) },
    });
    expect(body.order).toHaveLength(7);
    for (const entry of body.order) {
      expect(entry.score).toEqual(expect.any(Number));
      expect(entry.quality).toEqual(expect.any(Number));
      expect(entry.latencyMs).toEqual(expect.any(Number));
    }
    expect(body.order[0]?.predictedCost).toBeGreaterThan(0);
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const seen = await post('/v1/explain', { model: 'auto', messages: [{ role: 'user', content: [image] }] });
    expect(seen.body.task?.type).toBe('image_analysis');
    expect(seen.body.removed).toContainEqual({
      candidate: 'local/mistral:7b',
      kind: 'capability',
      reason: 'has no vision',
    });
  });

  it.each([
    [{ prompt: 5 }, 'The field "prompt" must be a text that is not empty.'],
    [{ prompt: ' ' }, 'The field "prompt" must be a text that is not empty.'],
    [{ prompt: 'hi', model: 7 }, 'The field "model" must be a name, such as "auto".'],
    [{ prompt: 'hi', model: {} }, 'The field "model" must be a name, such as "auto".'],
    [{ prompt: 'hi', model: null }, 'The field "model" must be a name, such as "auto".'],
    [{ prompt: 'hi', model: ['gpt-4o-mini'] }, 'The field "model" must be a name, such as "auto".'],
  ])('refuses %j in a sentence', async (asked, message) => {
    const { status, body } = await post('/v1/explain', asked);
    expect([status, body]).toMatchObject([400, { error: { message } }]);
  });

  it('knows the task of an exact choice, too', async () => {
    const { body } = await post('/v1/explain', { model: 'gpt-4o-mini', prompt: 'hi' });
    expect(body).toMatchObject({ winner: 'openai/gpt-4o-mini', strategy: 'manual', task: { complexity: 'low' } });
  });

  it.each(PATHS)('is to be had at %s by a header', async (path, request) => {
    const { status, body } = await post(path, request, { 'x-signalbox-explain': 'true' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ winner: expect.stringContaining('claude-sonnet'), task: { type: 'code_review' } });
  });

  it('costs no call: nobody is asked, nothing is booked, no turn is used up', async () => {
    const ask = () => post('/v1/explain', { model: 'signalbox/round_robin', prompt: 'hi' });
    const first = await ask();
    expect((await ask()).body.winner).toBe(first.body.winner);
    expect(under.simulator.requests).toEqual([]);
    expect(under.rows).toEqual([]);
  });

  it('says what is wrong with the request', async () => {
    expect(await post('/v1/explain', '{')).toMatchObject({
      status: 400,
      body: { error: { message: 'The request body is not valid JSON.' } },
    });
    expect(await post('/v1/explain', { model: 'nonesuch', prompt: 'hi' })).toMatchObject({ status: 404 });
    expect((await post('/v1/explain', {})).status).toBe(400);
  });
});
