import { type Simulator, startSimulator } from '@signalbox/simulator';
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
});
afterEach(() => sandbox.remove());

const keys = { ANTHROPIC_API_KEY: 'sk-ant-planted-secret', OPENAI_API_KEY: 'sk-planted-secret' };

/** The specification's basic configuration, pointed at local fakes. */
const basic = () => `
router:
  enabled: true
  retry:
    max_attempts: 1
providers:
  anthropic:
    endpoint: ${simulator.url}/anthropic
    api_key: \${ANTHROPIC_API_KEY}
    models:
      - claude-sonnet-4
      - claude-haiku-4
    default: claude-sonnet-4
  openai:
    endpoint: ${simulator.url}/openai/v1/
    api_key: \${OPENAI_API_KEY}
    models:
      - gpt-4-turbo
      - gpt-3.5-turbo
    default: gpt-4-turbo
routing:
  strategy: best_for_task
  fallback_order:
    - anthropic
    - openai
`;
const sent = () => simulator.requests.map((request) => [request.path, (request.body as { model?: string }).model]);

describe('without any key', () => {
  it('decides for real and says that the answer is not, naming the variable to set', async () => {
    const { code, stdout, stderr } = await sandbox.run(['Refactor this legacy codebase']);
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(40);
    expect(stderr).toMatch(/^simulated: no provider has an API key.*set ANTHROPIC_API_KEY/m);
    expect(stderr).toMatch(
      /^→ anthropic\/claude-opus-\S+ \(best_for_task: .*high complexity.*\) · \d+ in \/ \d+ out · simulated, \$0 · /m,
    );
  });

  it('prints one JSON object with --json: answer, decision, usage, cost, attempts', async () => {
    const { code, stdout } = await sandbox.run(['--json'], { input: 'What is the capital of Portugal?\n' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      answer: expect.any(String),
      simulated: true,
      cost: { usd: 0, nanoUsd: 0 },
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      decision: { strategy: 'best_for_task', task: { complexity: 'low' }, order: expect.any(Array) },
      attempts: [{ outcome: 'success', simulated: true }],
    });
  });
});

describe('with a configuration', () => {
  beforeEach(() => sandbox.write('.claude-code/router-config.yml', basic()));

  it('routes, streams the answer to stdout alone, and sums up on stderr', async () => {
    simulator.script([{ behave: { text: 'The answer.', inputTokens: 412, outputTokens: 96 } }]);
    const { code, stdout, stderr } = await sandbox.run(['List all Python files'], { env: keys });
    expect([code, stdout]).toEqual([0, 'The answer.\n']);
    expect(stderr).toMatch(/→ anthropic\/claude-haiku-4-5 \(best_for_task: .*\) · 412 in \/ 96 out · \$0\.00089 · \d/);
    expect(sent()).toEqual([['/anthropic/v1/messages', 'claude-haiku-4-5']]);
  });

  it('says which id is sent for a name that was never served', async () => {
    const { stderr } = await sandbox.run(['--model', 'claude-haiku-4', 'hi'], { env: keys });
    expect(stderr).toMatch(/warning: .*claude-haiku-4.*claude-haiku-4-5/);
  });

  it('sends to the model that is named and to no other', async () => {
    const { stderr } = await sandbox.run(['--model', 'claude-opus-4', 'Complex task'], { env: keys });
    expect(sent()).toEqual([['/anthropic/v1/messages', expect.stringContaining('claude-opus-4')]]);
    expect(stderr).toMatch(/warning: .*no longer served/);
  });

  it("sends to a provider's default model", async () => {
    await sandbox.run(['--provider', 'openai', 'Task for GPT'], { env: keys });
    expect(sent()).toEqual([['/openai/v1/chat/completions', 'gpt-4-turbo']]);
  });

  it.each([
    [
      ['--provider-chain', 'anthropic,opneai', 'hi'],
      '--provider-chain names "opneai", which is neither a provider nor a model that is known. Did you mean "openai"?',
    ],
    [
      ['--provider-chain', 'a,b', 'hi'],
      '--provider-chain names "a", which is neither a provider nor a model that is known. See "signalbox models".',
    ],
    [[''], 'The prompt is empty: write signalbox "your prompt". See --help.'],
    [['explain', ' '], 'The prompt is empty: write signalbox "your prompt". See --help.'],
  ])('refuses %j before anything is sent', async (words, sentence) => {
    const { code, stderr } = await sandbox.run(words, { env: keys });
    expect([code, stderr]).toEqual([2, `signalbox: ${sentence}\n`]);
    expect(sent()).toEqual([]);
  });

  it('passes over members of a chain that are known and not set up', async () => {
    const words = ['--provider-chain', 'mistral,local,gpt-4o,openai', 'hi'];
    expect((await sandbox.run(words, { env: keys })).code).toBe(0);
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['an image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['a PDF', '%PDF-1.7\n'],
  ])('sends %s that is piped in to nobody as text, and says how it is passed', async (_, input) => {
    for (const words of [['What is it?'], []]) {
      const { code, stderr } = await sandbox.run(words, { env: keys, input });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^signalbox: The standard input is no text: pass images and PDFs by name \(--file NAME\)/);
    }
    expect(sent()).toEqual([]);
  });

  it('fails over to the next provider, and says so', async () => {
    simulator.script([
      { when: { path: '/anthropic/v1/messages' }, behave: { status: 529 } },
      { behave: { text: 'from GPT' } },
    ]);
    const { code, stdout, stderr } = await sandbox.run(
      ['--provider-chain', 'anthropic,openai', 'Build user dashboard'],
      { env: keys },
    );
    expect([code, stdout]).toEqual([0, 'from GPT\n']);
    expect(stderr).toMatch(/openai\/gpt-4-turbo \(fallback_chain: .*1 failed attempt before/);
  });

  it('shows every attempt with --verbose when all failed', async () => {
    simulator.script([{ behave: { status: 503 } }]);
    const { code, stderr } = await sandbox.run(['--verbose', '--provider-chain', 'anthropic,openai', 'hi'], {
      env: keys,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^signalbox: All 2 attempts failed: .*\. Try again later, or name others/m);
    expect(stderr).not.toContain('.;');
    expect(stderr).toMatch(/1\. anthropic\/.*overloaded/);
    expect(stderr).toMatch(/2\. openai\/.*HTTP 503/);
  });

  it.each([
    [{ status: 429, retryAfter: '77' }, /[^.]\. Try again in 77 s, as the provider asks, or name others/],
    [{ status: 429, retryAfter: '7200' }, /\. Try again in 2 h, as the provider asks, or name others/],
  ])('says when a provider wants to be asked again: %j', async (behave, sentence) => {
    simulator.script([{ behave }]);
    const { code, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'hi'], { env: keys });
    expect(code).toBe(1);
    expect(stderr.replace(/\n\s+/g, ' ')).toMatch(sentence);
  });

  it('takes an image, a system prompt and limits along', async () => {
    sandbox.write('pixel.png', 'not looked at here');
    await sandbox.run(
      ['--image', 'pixel.png', '--system', 'Be brief', '--max-tokens', '50', '--model', 'gpt-4-turbo', 'What is it?'],
      { env: keys },
    );
    expect(simulator.requests[0]?.body).toMatchObject({
      max_completion_tokens: 50,
      messages: [{ content: 'Be brief' }, { content: [{ type: 'image_url' }, { type: 'text', text: 'What is it?' }] }],
    });
  });

  it('is continued when a stream is cut, and says that an attempt failed', async () => {
    simulator.script([{ when: { nth: 1 }, behave: { words: 40, cut: 10 } }, { behave: { words: 40 } }]);
    const { code, stdout, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'hi'], { env: keys });
    expect(code).toBe(0);
    expect(stdout.trim().split(/\s+/)).toHaveLength(40);
    expect(stderr).toMatch(/1 failed attempt before/);
  });

  it('ends with an error after what had come when nobody can go on', async () => {
    simulator.script([{ when: { nth: 1 }, behave: { words: 40, cut: 10 } }, { behave: { status: 500 } }]);
    const { code, stdout, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'hi'], { env: keys });
    expect(code).toBe(1);
    expect(stdout.trim().split(/\s+/)).toHaveLength(10);
    expect(stderr).toMatch(/signalbox: openai/);
  });

  it('is interrupted by Ctrl-C: the call is ended, the exit code is 130', async () => {
    simulator.script([{ behave: { words: 40, stall: 5 } }]);
    const child = sandbox.start(['--model', 'gpt-4-turbo', 'hi'], keys);
    const end = finished(child);
    await firstMatch(child.stdout, /\w+ \w+/);
    child.kill('SIGINT');
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toMatch(/→ openai\/gpt-4-turbo/);
    await simulator.requests[0]?.done;
    expect(simulator.requests[0]?.aborted).toBe(true);
  });

  it('says which limit a prompt would never fit, before anything is sent', async () => {
    const limited = basic().replace(
      '    api_key: ${OPENAI_API_KEY}',
      '    api_key: ${OPENAI_API_KEY}\n    tokens_per_minute: 20',
    );
    sandbox.write('.claude-code/router-config.yml', limited);
    const { code, stdout, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'word '.repeat(100)], { env: keys });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^signalbox: No model can take this request\. openai\/gpt-4-turbo: about \d+ tokens of input are more than its limit of 20 tokens a minute\.$/m,
    );
    expect(simulator.requests).toHaveLength(0);
  });

  it('never shows a key', async () => {
    simulator.script([{ behave: { status: 401 } }]);
    const all = [
      await sandbox.run(['--verbose', 'hi'], { env: keys }),
      await sandbox.run(['--json', '--model', 'gpt-4-turbo', 'hi'], { env: keys }),
      await sandbox.run(['config', 'show'], { env: keys }),
    ];
    for (const { stdout, stderr } of all) expect(stdout + stderr).not.toContain('planted-secret');
  });
});

describe('keys and models that are not there', () => {
  beforeEach(() =>
    sandbox.write(
      '.claude-code/router-config.yml',
      basic().replace(`endpoint: ${simulator.url}/openai/v1/`, 'rate_limit: 60/minute'),
    ),
  );

  it('a missing key is named by its variable', async () => {
    const { code, stderr } = await sandbox.run(['--provider', 'openai', 'hi'], { env: { ANTHROPIC_API_KEY: 'k' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/signalbox: The provider openai can't be called: no API key: set OPENAI_API_KEY/);
  });

  it('an unknown model is answered with the nearest names', async () => {
    const { code, stderr } = await sandbox.run(['--model', 'claude-sonet-4', 'hi'], { env: keys });
    expect(code).toBe(2);
    expect(stderr).toMatch(/The model "claude-sonet-4" is unknown\. Did you mean claude-sonnet-4/);
  });
});

describe('--private', () => {
  const mixed = () => `
providers:
  openai: { endpoint: "https://api.openai.invalid/v1", api_key: k, models: { gpt4: gpt-4o } }
  local: { endpoint: "${simulator.url}", models: { codellama: "codellama:13b" } }
routing: { strategy: best_for_task, fallback_order: [openai, local] }
`;

  it('asks nobody but local providers, also where the strategy would rather have another', async () => {
    sandbox.write('../home/.claude-code/router-config.yml', mixed());
    const { code, stderr } = await sandbox.run(['--private', 'Prove it']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^→ local\/codellama:13b /m)]);
    expect(sent().map(([, model]) => model)).toEqual(['codellama:13b']);
  });

  it('holds for a model that is named, for comparisons, for many files and in a conversation', async () => {
    sandbox.write('../home/.claude-code/router-config.yml', mixed());
    sandbox.write('a.py', 'x = 1\n');
    const refused = /openai\/gpt-\S+: the data policy allows local providers only/;
    const first = ['--private'];
    const runs = await Promise.all([
      sandbox.run([...first, '--model', 'gpt-4o', 'hi']),
      sandbox.run([...first, '--compare', 'gpt-4o,local', 'hi']),
      sandbox.run([...first, '--parallel', '--model', 'gpt-4o', '--files', '*.py', 'Review this']),
      sandbox.run(['chat', ...first, '--model', 'gpt-4o'], { input: 'hi\n' }),
    ]);
    for (const { code, stdout, stderr } of runs) {
      expect(`${stdout}${stderr}`).toMatch(refused);
      expect(code).toBe(1);
    }
    // The comparison's other member.
    expect(sent().map(([, model]) => model)).toEqual(['codellama:13b']);
  });
});

describe('bad input', () => {
  const noStack = /^\s+at .*:\d+:\d+/m;

  it('is one sentence and exit code 2, never a stack trace', async () => {
    sandbox.write('broken.yml', 'providers: [\n');
    sandbox.write('typo.yml', 'providers:\n  anthropic:\n    api_key: k\n    timeuot: 5s\n');
    const cases: [string[], RegExp][] = [
      [['--max-tokens', 'many', 'hi'], /whole number above 0/],
      [['--temperature', '9', 'hi'], /must be 0 to 2/],
      [['--nonsense', 'hi'], /Unknown option '--nonsense'/],
      [['--image', 'nowhere.png', 'hi'], /nowhere\.png can't be read: there is no such file/],
      [['--image', 'notes.txt', 'hi'], /no image that models take/],
      [['--strategy', 'best_for_tsk', 'hi'], /"best_for_tsk" is not available/],
      [['--chain', 'primary', 'hi'], /no chain "primary"/],
      [['--config', 'nowhere.yml', 'hi'], /nowhere\.yml/],
      [['--config', 'broken.yml', 'hi'], /broken\.yml:\d+:\d+/],
      [['--config', 'typo.yml', 'hi'], /typo\.yml:4:5 .*timeuot.*Did you mean "timeout"/s],
      [['modles'], /did you mean "models"/],
      [[], /no prompt/],
    ];
    const results = await Promise.all(cases.map(([words]) => sandbox.run(words)));
    for (const [index, { code, stdout, stderr }] of results.entries()) {
      const [words, pattern] = cases[index] ?? [[], /never/];
      expect([code, stdout], words.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(pattern);
      expect(stderr).not.toMatch(noStack);
    }
  });
});
