import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway(
    'caching: { enabled: true, semantic: { enabled: true, model: openai/text-embedding-3-small, threshold: 0.9 } }',
  );
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

async function ask(content: string, fields: object = {}) {
  const before = under.rows.length;
  const answer = await fetch(`${under.gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content }],
      ...fields,
    }),
  });
  const body = (await answer.json()) as { content: { text: string }[] };
  return {
    status: answer.headers.get('x-signalbox-cache'),
    similarity: answer.headers.get('x-signalbox-cache-similarity'),
    text: body.content[0]?.text,
    booked: under.rows.slice(before).map((row) => row.attempt),
  };
}

const paths = () => under.simulator.requests.map((request) => request.path);

describe('a question that means the same as an earlier one', () => {
  it('gets its answer; what the comparison cost is booked', async () => {
    under.simulator.script([{ when: { path: '/anthropic/v1/messages' }, behave: { text: 'Lisbon, on the Tagus.' } }]);
    const first = await ask('Please tell me about the capital of Portugal');
    expect([first.status, first.similarity, first.text]).toEqual(['miss', null, 'Lisbon, on the Tagus.']);
    expect(first.booked.map((attempt) => attempt.model)).toEqual(['text-embedding-3-small', 'claude-haiku-4-5']);
    expect(first.booked[0]?.cost?.nanoUsd).toBeGreaterThan(0);

    const again = await ask('Tell me about the capital of Portugal, please');
    expect([again.status, again.text]).toEqual(['hit', 'Lisbon, on the Tagus.']);
    expect(Number(again.similarity)).toBeGreaterThan(0.9);
    expect(again.booked).toMatchObject([
      { model: 'text-embedding-3-small', cause: 'first' },
      { model: 'claude-haiku-4-5', cause: 'cache', cost: { nanoUsd: 0 }, saved: { nanoUsd: expect.any(Number) } },
    ]);
    expect(paths()).toEqual(['/openai/v1/embeddings', '/anthropic/v1/messages', '/openai/v1/embeddings']);
  });

  it('gets none where a figure, the instructions or the meaning differ', async () => {
    const kept = await ask('Please add 12 and 30 for me now');
    expect(kept.status).toBe('miss');
    expect((await ask('Please add 12 and 31 for me now')).status).toBe('miss');
    expect((await ask('Now please add 12 and 30 for me', { system: 'Answer in French.' })).status).toBe('miss');
    expect((await ask('Please subtract what I wrote down yesterday')).status).toBe('miss');
    expect((await ask('Now please add 12 and 30 for me')).status).toBe('hit');
  });

  it('is answered by the model where the embeddings fail', async () => {
    under.simulator.script([{ when: { path: '/openai/v1/embeddings' }, behave: { status: 500 } }]);
    const answer = await ask('Does this work without vectors?');
    expect([answer.status, answer.text?.length]).toEqual(['miss', expect.any(Number)]);
    expect((await ask('Does this work without vectors?')).status).toBe('hit');
  });
});
