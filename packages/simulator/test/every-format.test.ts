import { describe, expect, test } from 'vitest';
import { startSimulator } from '../src/index.ts';
import { DIALECTS, post, useSimulator } from './simulator-client.ts';

const PROMPT = 'Explain why the sky is blue, please.';

describe.each(DIALECTS)('$name', (dialect) => {
  const simulator = useSimulator();
  const ask = (prompt: string, stream: boolean, headers: Record<string, string> = {}) =>
    post(simulator(), dialect.path(stream), dialect.body(prompt, stream), { ...dialect.headers, ...headers });

  test('answers in English that says it is simulated, names the model and quotes the prompt', async () => {
    const { status, json } = await ask(PROMPT, false);
    expect(status).toBe(200);
    const text = String(dialect.textOf(json));
    expect(text).toMatch(/simulated answer from (claude-sonnet-4-5|gpt-5|gemini-2\.5-flash|llama3\.2)\./);
    expect(text).toContain(PROMPT);
    const words = text.split(' ').length;
    expect(words).toBeGreaterThanOrEqual(30);
    expect(words).toBeLessThanOrEqual(80);
  });

  test('streams the same text that it sends whole', async () => {
    const whole = await ask(PROMPT, false);
    const streamed = await ask(PROMPT, true);
    expect(streamed.status).toBe(200);
    expect(dialect.streamText(streamed.text)).toBe(dialect.textOf(whole.json));
  });

  test('gives the same bytes to the same request, apart from the time', async () => {
    const timeless = (text: string) => text.replace(/"(created|created_at|completed_at)":("[^"]*"|\d+)/g, '"$1":0');
    for (const stream of [false, true]) {
      const [first, second] = [await ask(PROMPT, stream), await ask(PROMPT, stream)];
      expect(timeless(second.text)).toBe(timeless(first.text));
    }
  });

  test('gives other words to another seed', async () => {
    const texts = new Set<unknown>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const other = await startSimulator({ seed });
      const { json } = await post(other, dialect.path(false), dialect.body(PROMPT, false), dialect.headers);
      texts.add(dialect.textOf(json));
      await other.close();
    }
    expect(texts.size).toBeGreaterThan(1);
  });

  test('answers below any mount point', async () => {
    const path = `/some/prefix${dialect.path(false)}`;
    const { status, json } = await post(simulator(), path, dialect.body(PROMPT, false), dialect.headers);
    expect(status).toBe(200);
    expect(dialect.textOf(json)).toContain(PROMPT);
  });

  test('replies with the exact text of a header, a directive in the prompt, and a script', async () => {
    const byHeader = await ask(PROMPT, true, { 'x-simulate': 'text="one; two"' });
    expect(dialect.streamText(byHeader.text)).toBe('one; two');
    const byPrompt = await ask(`${PROMPT} [[simulate: text=three]]`, false);
    expect(dialect.textOf(byPrompt.json)).toBe('three');
    simulator().script([{ behave: { text: 'four' } }]);
    expect(dialect.textOf((await ask(PROMPT, false)).json)).toBe('four');
  });

  test('takes a directive out of what it quotes', async () => {
    const { json } = await ask(`${PROMPT} [[simulate: latency=0]]`, false);
    expect(dialect.textOf(json)).toContain(`"${PROMPT}"`);
    expect(dialect.textOf(json)).not.toContain('simulate:');
  });

  test('writes a chosen number of words, the same ones for every model', async () => {
    const text = String(dialect.textOf((await ask(PROMPT, false, { 'x-simulate': 'words=60' })).json));
    expect(text.split(' ')).toHaveLength(60);
    const other = { ...dialect.body(PROMPT, false), model: 'another-model' };
    const path = dialect.path(false).replace('gemini-2.5-flash', 'another-model');
    const { json } = await post(simulator(), path, other, { ...dialect.headers, 'x-simulate': 'words=60' });
    expect(dialect.textOf(json)).toBe(text);
  });

  test('answers 400 with one sentence to a body that is not JSON', async () => {
    const { status, json, text } = await post(simulator(), dialect.path(false), '{"model":', dialect.headers);
    expect(status).toBe(400);
    expect(json).toBeDefined();
    expect(text).toContain('could not parse the JSON body');
  });

  test('answers 400 in the vendor’s shape to a directive that can’t be read', async () => {
    const { status, json, text } = await ask(PROMPT, false, { 'x-simulate': 'statsu=429' });
    expect(status).toBe(400);
    expect(json).toHaveProperty('error');
    expect(text).toContain('did you mean \\"status\\"?');
  });
});
