import { Ollama } from 'ollama';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
let client: Ollama;
beforeAll(async () => {
  under = await startGateway();
  client = new Ollama({ host: under.gateway.url });
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe("Ollama's /api/generate, with its own client", () => {
  it.each(['mistral:7b', 'gpt-4o-mini', 'claude-haiku-4-5', 'gemini-2.5-flash', 'gpt-5-mini'])(
    'answers whole: %s',
    async (model) => {
      under.simulator.script([{ behave: { text: 'Lisbon.', inputTokens: 12, outputTokens: 3 } }]);
      const answer = await client.generate({ model, prompt: 'The capital of Portugal?', stream: false });
      expect(answer).toMatchObject({
        response: 'Lisbon.',
        done: true,
        done_reason: 'stop',
        eval_count: 3,
        prompt_eval_count: 12,
      });
      expect(answer).not.toHaveProperty('message');
      expect(Date.parse(String(answer.created_at))).toBeGreaterThan(0);
    },
  );

  it('streams, and ends once', async () => {
    under.simulator.script([{ behave: { words: 60 } }]);
    const lines = [];
    for await (const line of await client.generate({
      model: 'claude-haiku-4-5',
      prompt: 'Count to five',
      stream: true,
    }))
      lines.push(line);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.map((line) => line.done)).toEqual([...lines.slice(1).map(() => false), true]);
    expect(lines.map((line) => line.response).join('').length).toBeGreaterThan(10);
  });

  it('carries the system text, images, options and the format over', async () => {
    await client.generate({
      model: 'gpt-4o-mini',
      prompt: 'What is this?',
      system: 'Be brief.',
      images: [PIXEL],
      format: { type: 'object', properties: { name: { type: 'string' } } },
      options: { temperature: 0.5, num_predict: 20 },
      stream: false,
    });
    expect(under.simulator.requests[0]?.body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: expect.arrayContaining([expect.objectContaining({ type: 'image_url' })]) },
      ],
      temperature: 0.5,
      response_format: { type: 'json_schema' },
    });
  });

  it('gives thoughts their own field', async () => {
    const answer = await client.generate({
      model: 'claude-haiku-4-5',
      prompt: 'Think',
      think: true,
      stream: false,
    });
    expect(answer.thinking?.length).toBeGreaterThan(0);
  });

  it.each([
    [{ prompt: 'x', suffix: 'y' }, /"suffix" can't be carried over/],
    [{ prompt: 'x', raw: true }, /"raw" can't be carried over/],
    [{ prompt: 'x', context: [1, 2] }, /"context" can't be carried over/],
    [{ prompt: '' }, /prompt/],
    [{ prompt: 5 }, /prompt/],
    [{ prompt: 'x', system: 5 }, /system/],
  ])('refuses %j in a sentence', async (fields, sentence) => {
    const answer = await fetch(`${under.gateway.url}/api/generate`, {
      method: 'POST',
      body: JSON.stringify({ model: 'mistral:7b', ...fields }),
    });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toMatch(sentence);
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('ends a stream that was cut in an error line', async () => {
    const answer = await fetch(`${under.gateway.url}/api/generate`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-4o-mini', prompt: '[[simulate: words=40; cut=10]] go' }),
    });
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toEqual({ error: expect.any(String) });
    expect(lines.some((line) => line.done === true)).toBe(false);
  });
});
