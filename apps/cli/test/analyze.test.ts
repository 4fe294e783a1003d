import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('signalbox analyze', () => {
  it('answers each line with one line, in the same order, whatever the id is', async () => {
    const prompts = [
      'What is the capital of France?',
      'Solve 3x + 4 = 19',
      'Summarize this article',
      'Implement a parser in Rust',
    ];
    const input = prompts.map((prompt, id) => JSON.stringify({ id: id === 2 ? 'two' : id, prompt })).join('\n\n');
    const { code, stdout, stderr } = await sandbox.run(['analyze', '--jsonl'], { input });
    expect([code, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toMatchObject([
      { id: 0, task_type: 'knowledge_qa', complexity: 'low' },
      { id: 1, task_type: 'math' },
      { id: 'two', task_type: 'summarization' },
      { id: 3, task_type: 'code', complexity: 'medium' },
    ]);
    for (const line of lines(stdout)) {
      expect(line.score).toEqual(expect.any(Number));
      expect(line.difficulty).toEqual(expect.any(Number));
      const quality = Object.values(line.quality as Record<string, number>);
      expect(quality.length).toBeGreaterThan(20);
      expect(quality.every((share) => share > 0 && share < 1)).toBe(true);
    }
  });

  it('expects the quality of the models asked about, and leaves out those it knows nothing of', async () => {
    const words = ['analyze', '--models', 'claude-opus-5, gpt-4o-mini, nonesuch', 'Prove Fermat’s last theorem'];
    const { stdout } = await sandbox.run(words);
    const { quality } = JSON.parse(stdout) as { quality: Record<string, number> };
    expect(Object.keys(quality)).toEqual(['claude-opus-5', 'gpt-4o-mini']);
    expect(quality['claude-opus-5']).toBeGreaterThan(quality['gpt-4o-mini'] ?? 1);
  });

  it('says which line is wrong and how, after what came before it', async () => {
    const input = '{"id":1,"prompt":"hi"}\n{"id":2}\n{"id":3,"prompt":"ho"}\n';
    const { code, stdout, stderr } = await sandbox.run(['analyze', '--jsonl'], { input });
    expect(code).toBe(2);
    expect(lines(stdout).map((line) => line.id)).toEqual([1]);
    expect(stderr).toBe(
      'signalbox: Line 2 is not of the form {"id": "…", "prompt": "…"}: it has no "prompt" that is text.\n',
    );
    const broken = await sandbox.run(['analyze', '--jsonl'], { input: 'hello' });
    expect(broken.stderr).toContain('Line 1 is not of the form {"id": "…", "prompt": "…"}: it is no JSON object.');
  });

  it('reads its prompts from the standard input only', async () => {
    const { code, stderr } = await sandbox.run(['analyze', '--jsonl', 'prompts.jsonl']);
    expect([code, stderr]).toEqual([
      2,
      'signalbox: analyze --jsonl reads its prompts from the standard input: signalbox analyze --jsonl < prompts.jsonl.\n',
    ]);
  });
});
