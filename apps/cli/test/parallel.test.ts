import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScriptRule, type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  sandbox.write('.gitignore', 'generated.py\n');
  for (const name of ['a', 'b', 'c', 'sub/d', 'generated']) sandbox.write(`src/${name}.py`, `name = "${name}"\n`);
  sandbox.write('src/notes.txt', 'not Python');
  sandbox.write('.claude-code/router-config.yml', configuration());
});
afterEach(() => sandbox.remove());

const configuration = (rest = '') => `
router: { retry: { max_attempts: 1 } }
providers:
  openai: { endpoint: "${simulator.url}/openai/v1/", api_key: "\${K}", models: [gpt-4o], default: gpt-4o }
${rest}`;
const REVIEW = 'Review all Python files in src/';
const env = { K: 'sk-planted-secret' };
/** The files that requests were about, in the order in which they came. */
const asked = () =>
  simulator.requests.map(({ body }) => /<file path="([^"]+)">/.exec(JSON.stringify(body).replaceAll('\\"', '"'))?.[1]);
const about = (name: string): ScriptRule['when'] => ({ prompt: new RegExp(`about src/${name}\\.py alone`) });
const runs = () => readdirSync(join(sandbox.home, '.claude-code/runs'));

describe('--parallel', () => {
  it('asks about each file that the sentence names, .gitignore respected, and shows the answers in order', async () => {
    simulator.script([
      { when: about('a'), behave: { text: 'Answer a.', latency: 300 } },
      { behave: { text: 'Answer.' } },
    ]);
    const { code, stdout, stderr } = await sandbox.run(['--parallel', REVIEW], { env });
    expect(code, stderr).toBe(0);
    expect(stdout.match(/^==> .* <==$/gm)).toEqual([
      '==> src/a.py <==',
      '==> src/b.py <==',
      '==> src/c.py <==',
      '==> src/sub/d.py <==',
    ]);
    expect(stdout).toMatch(/^==> src\/a\.py <==\nAnswer a\.\n\n==> src\/b\.py <==\nAnswer\.\n/);
    expect(asked().sort()).toEqual(['src/a.py', 'src/b.py', 'src/c.py', 'src/sub/d.py']);
    expect(stderr).toMatch(/^\[4\/4\] src\/\S+: openai\/gpt-4o · \d+ in \/ \d+ out · \$\S+ · /m);
    expect(stderr).toMatch(/^4 of 4 answered · \d+ in \/ \d+ out · \$\S+ · /m);
    expect(runs()).toEqual([]);
  });

  it('has no more requests under way than parallel_requests', async () => {
    sandbox.write('.claude-code/router-config.yml', configuration('performance: { parallel_requests: 1 }'));
    await sandbox.run(['--parallel', REVIEW], { env });
    expect(asked()).toEqual(['src/a.py', 'src/b.py', 'src/c.py', 'src/sub/d.py']);
  });

  it('takes patterns instead, and leaves out what is not wanted', async () => {
    await sandbox.run(['--parallel', '--files', 'src/*.{py,txt}', '--files', '!src/b.py', 'Look at this'], { env });
    expect(asked().sort()).toEqual(['src/a.py', 'src/c.py', 'src/notes.txt']);
    simulator.reset();
    await sandbox.run(['--parallel', '--files', '!src/sub/**', REVIEW], { env });
    expect(asked().sort()).toEqual(['src/a.py', 'src/b.py', 'src/c.py']);
  });

  it('goes on when one fails, and a rerun asks only for what is missing', async () => {
    simulator.script([{ when: about('b'), behave: { status: 400 } }, { behave: { text: 'Fine.' } }]);
    const first = await sandbox.run(['--parallel', REVIEW], { env });
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/src\/b\.py: failed: openai/);
    expect(first.stderr).toMatch(/1 of 4 failed\. The same command asks only for what is missing/);
    expect(first.stdout).not.toContain('src/b.py');
    simulator.reset();
    simulator.script([{ behave: { text: 'Now.' } }]);
    const second = await sandbox.run(['--parallel', REVIEW], { env });
    expect([second.code, asked()]).toEqual([0, ['src/b.py']]);
    expect(second.stdout).toContain('==> src/a.py <==\nFine.\n');
    expect(second.stdout).toContain('==> src/b.py <==\nNow.\n');
    expect(second.stderr).toMatch(/4 of 4 answered \(3 by an earlier run\)/);
    expect(runs()).toEqual([]);
  });

  it('asks again about a file that was changed in between, and about all with --fresh', async () => {
    simulator.script([{ when: about('b'), behave: { status: 400 } }]);
    await sandbox.run(['--parallel', REVIEW], { env });
    sandbox.write('src/a.py', 'changed = True\n');
    simulator.requests.length;
    simulator.reset();
    simulator.script([{ when: about('b'), behave: { status: 400 } }]);
    await sandbox.run(['--parallel', REVIEW], { env });
    expect(asked().sort()).toEqual(['src/a.py', 'src/b.py']);
    simulator.reset();
    await sandbox.run(['--parallel', '--fresh', REVIEW], { env });
    expect(asked()).toHaveLength(4);
  });

  it('stops where a budget does and says what is left, with exit code 3', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      configuration('performance: { parallel_requests: 1 }\nbudget: { daily: 0.003 }'),
    );
    simulator.script([{ behave: { text: 'word '.repeat(30), inputTokens: 100, outputTokens: 200 } }]);
    const { code, stderr } = await sandbox.run(['--parallel', '--max-tokens', '100', REVIEW], { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/A budget stopped this \(.*daily budget.*\): \d of 4 are left: .*src\/sub\/d\.py/);
    expect(simulator.requests.length).toBeLessThan(4);
  });

  it('is interrupted by Ctrl-C: calls are ended, what is done is kept, the exit code is 130', async () => {
    simulator.script([{ when: about('a'), behave: { text: 'Done.' } }, { behave: { words: 40, stall: 5 } }]);
    const child = sandbox.start(['--parallel', REVIEW], env);
    const end = finished(child);
    await firstMatch(child.stdout, /Done\./);
    child.kill('SIGINT');
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toMatch(/This was interrupted: 3 of 4 are left/);
    simulator.reset();
    await sandbox.run(['--parallel', REVIEW], { env });
    expect(asked().sort()).toEqual(['src/b.py', 'src/c.py', 'src/sub/d.py']);
  });

  it('waits for a rate limit of the provider and asks again', async () => {
    simulator.script([{ when: { ...about('a'), nth: 1 }, behave: { status: 429, retryAfter: '0' } }]);
    const { code, stderr } = await sandbox.run(['--parallel', REVIEW], { env });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/src\/a\.py: waits 1 s for a rate limit/);
  });

  it('refuses a folder for the answers that can not be made, before anybody is asked', async () => {
    sandbox.write('taken', 'a file');
    const { code, stderr } = await sandbox.run(['--parallel', '--out', 'taken/results', REVIEW], { env });
    expect([code, stderr]).toEqual([
      2,
      "signalbox: Answers can't be written into taken/results (ENOTDIR): nothing was asked.\n",
    ]);
    expect(simulator.requests).toEqual([]);
  });

  it('writes a file for each answer with --out, and lines of JSON with --json', async () => {
    simulator.script([{ when: about('c'), behave: { status: 400 } }, { behave: { text: 'Fine.' } }]);
    const { stdout } = await sandbox.run(['--parallel', '--json', '--out', 'results', REVIEW], { env });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ file, outcome }) => [file, outcome])).toEqual([
      ['src/a.py', 'answered'],
      ['src/b.py', 'answered'],
      ['src/c.py', 'failed'],
      ['src/sub/d.py', 'answered'],
      [undefined, undefined],
    ]);
    expect(lines[0]).toMatchObject({ answer: 'Fine.', out: 'results/src/a.py.md', model: 'openai/gpt-4o' });
    expect(lines.at(-1)).toMatchObject({ total: { tasks: 4, answered: 3, failed: 1, left: [], stoppedBy: null } });
    expect(readFileSync(join(sandbox.project, 'results/src/sub/d.py.md'), 'utf8')).toBe('Fine.\n');
    expect(existsSync(join(sandbox.project, 'results/src/c.py.md'))).toBe(false);
  });

  it('prints the plan and what it would cost with --dry-run, and sends nothing', async () => {
    const { code, stdout } = await sandbox.run(['--parallel', '--dry-run', REVIEW], { env });
    expect([code, simulator.requests.length]).toEqual([0, 0]);
    expect(stdout).toMatch(/src\/sub\/d\.py +\d+ +\d+ +openai\/gpt-4o +\$/);
    expect(stdout).toMatch(/4 requests, 4 at a time, about \$\S+ \(estimated; nothing was sent\)/);
    const { stdout: json } = await sandbox.run(['--parallel', '--dry-run', '--json', REVIEW], { env });
    expect(JSON.parse(json)).toMatchObject({
      requests: [{ tasks: ['src/a.py'], model: 'openai/gpt-4o' }, {}, {}, {}],
      total: { nanoUsd: expect.any(Number) },
    });
  });

  it('says in a sentence what is wrong', async () => {
    const cases: [string[], RegExp][] = [
      [['--parallel', 'Hello there'], /names no files that are here/],
      [['--parallel', '--files', 'nowhere/*.py', 'x'], /No file matches nowhere\/\*\.py/],
      [['--out', 'results', 'x'], /--out says something about --parallel or --join/],
      [['--parallel', '--explain', REVIEW], /--dry-run prints the plan/],
      [['--parallel', '--compare', 'a,b', REVIEW], /use one of them/],
      [['--parallel', '--parallel-requests', '0', REVIEW], /whole number above 0/],
    ];
    for (const [words, pattern] of cases) {
      const { code, stdout, stderr } = await sandbox.run(words, { env });
      expect([code, stdout], words.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(pattern);
    }
  });
});

describe('--join', () => {
  /** Answers each of the tasks behind its mark, but for those left out. */
  const joined = (without: readonly number[] = []): ScriptRule => ({
    when: { prompt: /\[\[answer 1 / },
    behave: ({ prompt }) => {
      const mark = /\[\[answer 1 (\w+)\]\]/.exec(prompt)?.[1];
      const count = prompt.match(/<task number=/g)?.length ?? 0;
      const numbers = Array.from({ length: count }, (_, index) => index + 1).filter((one) => !without.includes(one));
      return { text: numbers.map((one) => `[[answer ${one} ${mark}]]\nAnswer ${one}.`).join('\n') };
    },
  });

  it('puts files into one request and splits the answer again', async () => {
    simulator.script([joined()]);
    const { code, stdout, stderr } = await sandbox.run(['--join', REVIEW], { env });
    expect([code, simulator.requests.length]).toEqual([0, 1]);
    expect(stdout).toContain('==> src/a.py <==\nAnswer 1.\n');
    expect(stdout).toContain('==> src/sub/d.py <==\nAnswer 4.\n');
    expect(stderr).toMatch(/^estimate: 1 request instead of 4/m);
    expect(stderr).toMatch(/src\/a\.py: openai\/gpt-4o \(one request for 4\)/);
  });

  it('asks by itself about what can not be told apart, and says so', async () => {
    simulator.script([joined([2]), { behave: { text: 'By itself.' } }]);
    const { code, stdout, stderr } = await sandbox.run(['--join', REVIEW], { env });
    expect([code, simulator.requests.length]).toEqual([0, 2]);
    expect(stdout).toContain('==> src/b.py <==\nBy itself.\n');
    expect(stderr).toMatch(/src\/b\.py: no answer of its own in the shared one; asked by itself/);
  });

  it('asks by itself about each where the answer is not split at all; what that cost is counted', async () => {
    simulator.script([
      { when: { prompt: /\[\[answer 1 / }, behave: { text: 'Just text.', inputTokens: 1000, outputTokens: 1 } },
      { behave: { text: 'By itself.', inputTokens: 10, outputTokens: 1 } },
    ]);
    const { stdout, stderr } = await sandbox.run(['--join', '--json', REVIEW], { env });
    expect(stderr).toMatch(/could not be split: each is asked by itself/);
    const { total } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(total).toMatchObject({ answered: 4, usage: { inputTokens: 1040 } });
  });

  it('takes so many at a time, and several prompts as well', async () => {
    simulator.script([joined()]);
    await sandbox.run(['--join', '--join-size', '2', REVIEW], { env });
    expect(simulator.requests).toHaveLength(2);
    simulator.reset();
    simulator.script([joined()]);
    const { stdout } = await sandbox.run(['--join', 'What is one?', 'What is two?'], { env });
    expect(simulator.requests).toHaveLength(1);
    expect(stdout).toBe('==> What is one? <==\nAnswer 1.\n\n==> What is two? <==\nAnswer 2.\n\n');
  });
});
