import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTCOME_WEIGHTS } from '@signalbox/core';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
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
  sandbox.write('.claude-code/router-config.yml', configuration());
});
afterEach(() => sandbox.remove());

const configuration = (rest = '') => `
router: { retry: { max_attempts: 1 } }
fallback: { enabled: true, chain: [openai.gpt-4o] }
providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: "\${K}", models: [claude-haiku-4-5], default: claude-haiku-4-5 }
  openai: { endpoint: "${simulator.url}/openai/v1/", api_key: "\${K}", models: [gpt-4o, gpt-4-turbo], default: gpt-4o }
${rest}`;
const env = { K: 'sk-planted-secret' };
const sent = () => simulator.requests.map(({ body }) => (body as { model?: string }).model).sort();
const HAIKU = { model: 'claude-haiku-4-5' };

describe('--compare', () => {
  it.each(['nowhere/page.html', '.claude-code'])('refuses a page at %s before anybody is asked', async (page) => {
    const { code, stderr } = await sandbox.run(['--compare', 'anthropic,openai', '--html', page, 'Hello'], { env });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^signalbox: \S+ can't be written \((?:ENOENT|EISDIR)\): nothing was asked\.\n$/),
    ]);
    expect(sent()).toEqual([]);
  });

  it('asks providers and models the same at once, shows each answer, then what each took', async () => {
    simulator.script([
      { when: HAIKU, behave: { text: 'From Haiku.', inputTokens: 10, outputTokens: 20, latency: 200 } },
      { behave: { text: 'From GPT.', inputTokens: 10, outputTokens: 20 } },
    ]);
    const { code, stdout, stderr } = await sandbox.run(['--compare', 'anthropic, openai, gpt-4-turbo', 'Hello'], {
      env,
    });
    expect(code, stderr).toBe(0);
    expect(sent()).toEqual(['claude-haiku-4-5', 'gpt-4-turbo', 'gpt-4o']);
    expect(stdout).toMatch(
      /^==> anthropic \(anthropic\/claude-haiku-4-5\) <==\nFrom Haiku\.\n\n==> openai \(openai\/gpt-4o\) <==\nFrom GPT\.\n\n==> gpt-4-turbo/,
    );
    expect(stdout).toMatch(/model +first text +total +tokens\/s +tokens +words +cost/);
    expect(stdout).toMatch(/^ 1\. +anthropic\/claude-haiku-4-5 .* 10 in \/ 20 out +2 +\$0\.00011/m);
    expect(stdout).toMatch(/^ 3\. +openai\/gpt-4-turbo .* \$0\.00070/m);
  });

  it('shows who failed, and asks nobody else in their place', async () => {
    simulator.script([{ when: HAIKU, behave: { status: 400 } }, { behave: { text: 'From GPT.' } }]);
    const { code, stdout } = await sandbox.run(['--compare', 'anthropic,openai', 'Hello'], { env });
    expect([code, sent()]).toEqual([1, ['claude-haiku-4-5', 'gpt-4o']]);
    expect(stdout).toMatch(/<==\nfailed: anthropic/);
    expect(stdout).toMatch(/^ 1\. +anthropic\/claude-haiku-4-5 +- +failed/m);
  });

  it('has answers judged by a model that is not told whose they are', async () => {
    simulator.script([
      {
        when: { model: 'gpt-4-turbo' },
        behave: {
          text: '{"verdicts":[{"answer":"A","score":4,"reason":"Short."},{"answer":"B","score":9,"reason":"Good."}]}',
        },
      },
      { when: HAIKU, behave: { text: 'Zebra.' } },
      { behave: { text: 'Ant.' } },
    ]);
    const { stdout, stderr } = await sandbox.run(
      ['--compare', 'anthropic,openai', '--judge', 'gpt-4-turbo', '--json', 'Hello'],
      { env },
    );
    expect(JSON.parse(stdout), stderr).toMatchObject({
      prompt: 'Hello',
      entries: [
        { name: 'anthropic', answer: 'Zebra.', quality: 9, reason: 'Good.' },
        { name: 'openai', answer: 'Ant.', quality: 4, reason: 'Short.' },
      ],
      judge: { model: 'openai/gpt-4-turbo', cost: { nanoUsd: expect.any(Number) } },
    });
    const judged = JSON.stringify(simulator.requests.find(({ model }) => model === 'gpt-4-turbo')?.body);
    expect(judged).toContain('Zebra.');
    expect(judged).not.toMatch(/anthropic|haiku|gpt-4o/);
  });

  it('finds its judge in the configuration, and says so where a judgement can not be used', async () => {
    sandbox.write('.claude-code/router-config.yml', configuration('models: { judge: openai.gpt-4-turbo }'));
    simulator.script([{ when: { model: 'gpt-4-turbo' }, behave: { text: 'Both are fine.' } }]);
    const { code, stderr } = await sandbox.run(['--compare', 'anthropic,openai', 'Hello'], { env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: The judge's answer can't be used: it is not JSON\./);
  });

  it('writes a page in which what models wrote is text', async () => {
    simulator.script([{ behave: { text: '<script>alert(1)</script> & "more"' } }]);
    await sandbox.run(['--compare', 'anthropic,openai', '--html', 'page.html', 'Is <b> bold?'], { env });
    const page = readFileSync(join(sandbox.project, 'page.html'), 'utf8');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;');
    expect(page).toContain('Is &lt;b&gt; bold?');
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/https?:\/\/|src=/);
  });

  it('is interrupted by Ctrl-C: every call is ended', async () => {
    simulator.script([{ behave: { words: 40, stall: 5 } }]);
    const child = sandbox.start(['--compare', 'anthropic,openai', 'Hello'], env);
    const end = finished(child);
    await firstMatch(child.stdout, /\w+ \w+ \w+ \w+/);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    await Promise.all(simulator.requests.map(({ done }) => done));
    expect(simulator.requests.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('asks nobody for a verdict where there is no terminal', async () => {
    await sandbox.run(['--compare', 'anthropic,openai', 'Hello'], { env });
    expect(outcomes()).toEqual([]);
    expect(existsSync(join(sandbox.home, '.claude-code/verdicts.jsonl'))).toBe(false);
  });

  it('writes what a judge says into the ledger, with less weight than a person, and not of its own answer', async () => {
    simulator.script([
      {
        when: { model: 'gpt-4-turbo', prompt: /Judge how well/ },
        behave: {
          text: '{"verdicts":[{"answer":"A","score":3,"reason":"Short."},{"answer":"B","score":9,"reason":"Good."},{"answer":"C","score":10,"reason":"Mine."}]}',
        },
      },
      { when: { model: 'gpt-4-turbo' }, behave: { text: 'Zoo.' } },
      { when: HAIKU, behave: { text: 'Bat.' } },
      { behave: { text: 'Ant.' } },
    ]);
    const words = ['--compare', 'anthropic,openai,gpt-4-turbo', '--judge', 'gpt-4-turbo', 'Write a sorting function'];
    const { stderr } = await sandbox.run(words, { env });
    expect(outcomes(), stderr).toEqual([
      { candidate: 'anthropic/claude-haiku-4-5', good: true, source: 'judge-model', type: 'code_generation' },
      { candidate: 'openai/gpt-4o', good: false, source: 'judge-model', type: 'code_generation' },
    ]);
    expect(OUTCOME_WEIGHTS['judge-model']).toBeLessThan(OUTCOME_WEIGHTS.comparison);
  });

  it('says in a sentence what is wrong', async () => {
    const cases: [string[], RegExp][] = [
      [['--compare', 'anthropic', 'x'], /takes 2 to 12 providers or models/],
      [['--compare', 'anthropic,nobody', 'x'], /"nobody" is unknown/],
      [['--compare', 'anthropic,openai', '--model', 'gpt-4o', 'x'], /put gpt-4o into --compare/],
      [['--judge', 'gpt-4o', 'x'], /--judge says something about --compare/],
    ];
    for (const [words, pattern] of cases) {
      const { code, stdout, stderr } = await sandbox.run(words, { env });
      expect([code, stdout], words.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(pattern);
    }
    expect(simulator.requests).toHaveLength(0);
  });
});

/** What is known of answers, in the ledger. */
function outcomes() {
  const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code/signalbox.db') });
  try {
    return ledger
      .learning()
      .outcomes()
      .map(({ candidate, good, source, taskType: type }) => ({ candidate, good, source, type }))
      .toSorted((one, other) => (one.candidate < other.candidate ? -1 : 1));
  } finally {
    ledger.close();
  }
}
