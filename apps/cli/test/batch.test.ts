import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

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
  sandbox.write('q.jsonl', QUESTIONS);
});
afterEach(() => sandbox.remove());

const configuration = (rest = '') => `
router: { retry: { max_attempts: 1 } }
providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: "\${K}", models: [claude-haiku-4-5], default: claude-haiku-4-5 }
  openai: { endpoint: "${simulator.url}/openai/v1/", api_key: "\${K}", models: [gpt-4o, gpt-3.5-turbo], default: gpt-4o }
  google: { endpoint: "${simulator.url}/gemini", api_key: "\${K}", models: [gemini-2.5-pro], default: gemini-2.5-pro }
${rest}`;
const QUESTIONS = [
  { id: 'one', prompt: 'Question one', model: 'claude-haiku-4-5' },
  { id: 'two', prompt: 'Question two', model: 'gpt-4o', max_tokens: 40 },
  {
    custom_id: 'three',
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'Question three' }] },
  },
  {
    custom_id: 'four',
    params: { model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'Question four' }] },
  },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');
const env = { K: 'sk-planted-secret' };
const run = (...words: string[]) => sandbox.run(words, { env });
const posts = () => simulator.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
/** The simulator's batches are done at the second look. */
const looked = () => run('batch', 'status', 'q.jsonl');
const spent = async () => JSON.parse((await run('costs', 'show', '--json')).stdout).total.nanoUsd;

describe('batch', () => {
  it('hands requests in to the batch APIs of the providers, those of one model together where that must be', async () => {
    const { code, stdout, stderr } = await run('batch', 'submit', 'q.jsonl');
    expect(code, stderr).toBe(0);
    expect(posts()).toEqual([
      '/anthropic/v1/messages/batches',
      '/openai/v1/files',
      '/openai/v1/batches',
      '/openai/v1/files',
      '/openai/v1/batches',
    ]);
    expect(stdout).toMatch(/msgbatch_sim\d+ +anthropic +claude-haiku-4-5 +2 +\$/);
    expect(simulator.requests[0]?.body).toMatchObject({
      requests: [
        { custom_id: 'r1', params: { model: 'claude-haiku-4-5', messages: [{ role: 'user' }] } },
        { custom_id: 'r4', params: { max_tokens: 9 } },
      ],
    });
    expect(simulator.requests[2]?.body).toMatchObject({ endpoint: '/v1/chat/completions', completion_window: '24h' });
  });

  it('follows it, and fetches the answers in the order of the file at batch prices, booked once', async () => {
    await run('batch', 'submit', 'q.jsonl');
    const early = await run('batch', 'results', 'q.jsonl');
    expect([early.code, early.stdout]).toEqual([1, '']);
    expect(early.stderr).toMatch(/3 batches are not done: msgbatch_sim\d+ \(in_progress\)/);
    const status = await run('batch', 'status', '--json');
    expect(JSON.parse(status.stdout).batches).toMatchObject([
      { file: 'q.jsonl', provider: 'anthropic', status: 'ended', counts: { total: 2, succeeded: 2, failed: 0 } },
      { provider: 'openai', reported: 'completed' },
      { provider: 'openai', reported: 'completed' },
    ]);
    const first = await run('batch', 'results', 'q.jsonl');
    expect(first.code, first.stderr).toBe(0);
    const lines = linesOf(first.stdout);
    expect(lines.map(({ id, model }) => [id, model])).toEqual([
      ['one', 'anthropic/claude-haiku-4-5'],
      ['two', 'openai/gpt-4o'],
      ['three', 'openai/gpt-3.5-turbo'],
      ['four', 'anthropic/claude-haiku-4-5'],
    ]);
    const [one] = lines;
    // Haiku 4.5 costs 1 and 5 dollars for a million tokens, and half of that in a batch.
    const { inputTokens, outputTokens, serviceTier } = one.usage;
    expect([serviceTier, one.cost.nanoUsd]).toEqual(['batch', inputTokens * 500 + outputTokens * 2_500]);
    const sum = lines.reduce((total, { cost }) => total + cost.nanoUsd, 0);
    expect(await spent()).toBe(sum);
    expect((await run('batch', 'results', 'q.jsonl')).stdout).toBe(first.stdout);
    expect(await spent()).toBe(sum);
  });

  it('says which requests failed, at no cost', async () => {
    sandbox.write('q.jsonl', '{"id":"bad","prompt":"x [[simulate: status=500]]","model":"gpt-4o"}\n');
    await run('batch', 'submit', 'q.jsonl');
    await looked();
    await looked();
    const { code, stdout, stderr } = await run('batch', 'results', 'q.jsonl');
    expect([code, linesOf(stdout)]).toMatchObject([1, [{ id: 'bad', kind: 'server', cost: { nanoUsd: 0 } }]]);
    expect(stderr).toMatch(/0 answered · 1 failed/);
  });

  it('hands nothing in twice, unless it is told to', async () => {
    await run('batch', 'submit', 'q.jsonl');
    const again = await run('batch', 'submit', 'q.jsonl');
    expect(again.stderr).toMatch(/was handed in already/);
    expect(posts()).toHaveLength(5);
    await run('batch', 'submit', '--again', 'q.jsonl');
    expect(posts()).toHaveLength(10);
  });

  it('goes on where a submit was refused in the middle', async () => {
    simulator.script([{ when: { path: '/openai/v1/batches', nth: 1 }, behave: { status: 500 } }]);
    const first = await run('batch', 'submit', 'q.jsonl');
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/signalbox: /);
    const second = await run('batch', 'submit', 'q.jsonl');
    expect(second.code, second.stderr).toBe(0);
    expect(posts().filter((path) => path.startsWith('/anthropic'))).toHaveLength(1);
    await looked();
    await looked();
    expect(linesOf((await run('batch', 'results', 'q.jsonl')).stdout)).toHaveLength(4);
  });

  it('does not hand in again what may have been accepted', async () => {
    simulator.script([{ when: { path: '/anthropic/v1/messages/batches' }, behave: { reset: true } }]);
    expect((await run('batch', 'submit', 'q.jsonl')).code).toBe(1);
    const { code, stderr } = await run('batch', 'submit', 'q.jsonl');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there may be a batch of which nothing is known here: look at anthropic's own list/);
  });

  it('says what it would cost, and stops where a budget has less left', async () => {
    const plan = await run('batch', 'submit', '--dry-run', '--json', 'q.jsonl');
    const { batches } = JSON.parse(plan.stdout);
    for (const { predicted, withoutBatch } of batches) expect(predicted.nanoUsd).toBeLessThan(withoutBatch.nanoUsd);
    const same = Array.from(
      { length: 6 },
      (_, index) => `${JSON.stringify({ id: `${index}`, prompt: 'Question', model: 'gpt-4o' })}\n`,
    );
    sandbox.write('q.jsonl', same.join(''));
    const [together] = JSON.parse((await run('batch', 'submit', '--dry-run', '--json', 'q.jsonl')).stdout).batches;
    const daily = together.predicted.nanoUsd - 1;
    sandbox.write('.claude-code/router-config.yml', configuration(`budget: { daily: ${(daily / 1e9).toFixed(9)} }`));
    const all = await run('batch', 'submit', 'q.jsonl');
    expect([all.code, posts()]).toEqual([3, []]);
    expect(all.stderr).toMatch(
      /These requests may come to \$\S+, and the daily budget of \$\S+ has \$\S+ left; nothing was handed in/,
    );
    sandbox.write('.claude-code/router-config.yml', configuration('budget: { daily: 0.000001 }'));
    const one = await run('batch', 'submit', 'q.jsonl');
    expect([one.code, posts()]).toEqual([3, []]);
    expect(one.stderr).toMatch(/No model can take "0"\. .*daily budget/);
  });

  it('says in a sentence what is wrong, with the line', async () => {
    sandbox.write('json.jsonl', '{"id":"a","prompt":"x"}\nnonsense\n');
    sandbox.write('key.jsonl', '{"id":"a","promt":"x"}\n');
    sandbox.write('twice.jsonl', '{"id":"a","prompt":"x"}\n{"id":"a","prompt":"y"}\n');
    sandbox.write('anthropic.jsonl', '{"custom_id":"a","params":{"model":"m","messages":"none"}}\n');
    sandbox.write('empty.jsonl', '\n');
    sandbox.write('good.jsonl', '{"id":"a","prompt":"x"}\n');
    const cases: [string[], RegExp][] = [
      [['submit', 'json.jsonl'], /json\.jsonl:2 is no JSON object/],
      [['submit', 'key.jsonl'], /key\.jsonl:1 has the unknown key "promt"/],
      [['submit', 'twice.jsonl'], /twice\.jsonl:2 has the id "a" of line 1/],
      [['submit', 'anthropic.jsonl'], /anthropic\.jsonl:1 is refused: .*messages/],
      [['submit', 'empty.jsonl'], /empty\.jsonl has no requests/],
      [['submit', 'nowhere.jsonl'], /nowhere\.jsonl can't be read \(ENOENT\)/],
      [
        ['submit', '--provider', 'google', 'good.jsonl'],
        /google\/gemini-2\.5-pro, which has no batch API .* anthropic and openai have one/,
      ],
      [['results', 'good.jsonl'], /good\.jsonl was not handed in from here/],
    ];
    for (const [words, pattern] of cases) {
      const { code, stdout, stderr } = await run('batch', ...words);
      expect([code, stdout], words.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(pattern);
    }
    expect(simulator.requests).toHaveLength(0);
  });
});
