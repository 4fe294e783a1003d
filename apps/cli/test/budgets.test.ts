import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zoneWhereItIsNoon } from './noon-zone.ts';
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

/** gpt-4-turbo: $10 and $30 for a million tokens. */
const configure = (budget: string, more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo${more}] }\nbudget: ${budget}\n`,
  );
/** An answer of a thousand tokens in, a hundred out: 1.3 cents. */
const answerForThirteenMills = () =>
  simulator.script([{ behave: { text: 'Good.', inputTokens: 1000, outputTokens: 100 } }]);
const sentences = (text: string) => text.match(/^budget: .*$/gm);

describe('a daily budget', () => {
  it('is shared by all programs of a user: what does not fit is refused before any call, with exit code 3', async () => {
    configure(`{ daily: 0.03, time_zone: ${zoneWhereItIsNoon()} }`);
    answerForThirteenMills();
    expect((await sandbox.run(['hello'])).code).toBe(0);
    expect((await sandbox.run(['hello'])).code).toBe(0);
    const calls = simulator.requests.length;
    const refused = await sandbox.run(['hello']);
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toMatch(
      /^signalbox: The daily budget of \$0\.030 has \$0\.0040 left, less than this request may cost; it begins anew in \d+ (?:h|min)\. Wait until then, or have the budget raised\.$/m,
    );
    expect(simulator.requests.length).toBe(calls);
    // A shorter answer is covered.
    expect((await sandbox.run(['--max-tokens', '50', 'hello'])).code).toBe(0);
  });

  it('counts what was spent before it was set', async () => {
    const file = join(sandbox.home, '.claude-code', 'signalbox.db');
    configure('{}');
    answerForThirteenMills();
    await sandbox.run(['hello']);
    configure('{ daily: 0.0131 }');
    expect((await sandbox.run(['--max-tokens', '10', 'hello'])).code).toBe(3);
    const ledger = createSqliteLedger({ file });
    expect(ledger.totals()[0]).toMatchObject({ requests: 1, nanoUsd: 13_000_000 });
    ledger.close();
  });

  it('of each user is the budget of who is logged in', async () => {
    configure('{ per_user: { default: 0.001 } }');
    const { code, stderr } = await sandbox.run(['hello']);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/The daily budget of user \S+ of \$0\.0010 has \$0\.0010 left/),
    ]);
  });
});

describe('one request', () => {
  it('has its output capped to what it may cost', async () => {
    configure('{ per_request: 0.02 }');
    expect((await sandbox.run(['hello'])).code).toBe(0);
    expect(simulator.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: expect.any(Number) });
    const { max_completion_tokens: cap = 0 } = (simulator.requests.at(-1)?.body ?? {}) as Record<string, number>;
    expect(cap).toBeGreaterThan(600);
    expect(cap).toBeLessThan(668);
  });
});

describe('alerts', () => {
  it('are said once a day, and a webhook gets them', async () => {
    const got: unknown[] = [];
    let failures = 1;
    const hook = createServer((request, reply) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        // The first try fails: it is repeated.
        if (failures-- > 0) reply.writeHead(503).end();
        else {
          got.push(JSON.parse(text));
          reply.end();
        }
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/alert`;
    configure(`{ daily: 0.1, alerts: [{ threshold: 10%, action: notify }], notify: { webhook: "${url}" } }`);
    answerForThirteenMills();
    const first = await sandbox.run(['--max-tokens', '100', 'hello']);
    expect([first.code, sentences(first.stderr)]).toEqual([0, ['budget: 10 % of the daily budget of $0.10 is spent.']]);
    expect(got).toMatchObject([
      { budget: 'daily budget', threshold: 0.1, action: 'notify', limitUsd: 0.1, spentUsd: 0.013 },
    ]);
    const second = await sandbox.run(['--max-tokens', '100', 'hello']);
    expect([second.code, sentences(second.stderr)]).toEqual([0, null]);
    hook.close();
  });

  it('say which budget to the tenth of a cent, and nothing of what is only reserved', async () => {
    configure('{ daily: 0.035, alerts: [{ threshold: 30%, action: notify }] }');
    // A reservation of three cents.
    expect(sentences((await sandbox.run(['--max-tokens', '1000', 'hello'])).stderr)).toBeNull();
    answerForThirteenMills();
    expect(sentences((await sandbox.run(['--max-tokens', '1000', 'hello'])).stderr)).toEqual([
      'budget: 30 % of the daily budget of $0.035 is spent.',
    ]);
  });

  it('are told once for each limit, however often a program starts and the limit is changed', async () => {
    const told = async (daily: number) => {
      configure(`{ daily: ${daily}, alerts: [{ threshold: 10%, action: notify, release_margin: 2% }] }`);
      answerForThirteenMills();
      return sentences((await sandbox.run(['--max-tokens', '100', 'hello'])).stderr);
    };
    expect(await told(0.1)).toEqual(['budget: 10 % of the daily budget of $0.10 is spent.']);
    expect(await told(0.11)).toEqual(['budget: 10 % of the daily budget of $0.11 is spent.']);
    for (const daily of [0.1, 0.11, 1]) expect(await told(daily)).toBeNull();
  });

  it.each([
    [['costs', 'estimate', 'hello']],
    [['config', 'test-router', 'hello']],
    [['batch', 'status']],
    [['explain', 'hello']],
    [['costs', 'show']],
  ])('are not taken away by a program that only looks: %j', async (words) => {
    sandbox.write('../home/.claude-code/router.js', "exports.selectModel = () => 'gpt-4-turbo';");
    configure('{ daily: 0.1 }');
    answerForThirteenMills();
    await sandbox.run(['--max-tokens', '100', 'hello']);
    configure('{ daily: 0.1, alerts: [{ threshold: 10%, action: notify }] }');
    const looked = await sandbox.run(words);
    expect([looked.code, sentences(looked.stderr)]).toEqual([0, null]);
    answerForThirteenMills();
    const { stderr } = await sandbox.run(['--max-tokens', '100', 'hello']);
    expect(sentences(stderr)).toEqual(['budget: 10 % of the daily budget of $0.10 is spent.']);
  });

  it('switch to what is cheaper, and the decision says so', async () => {
    configure('{ daily: 1, alerts: [{ threshold: 1%, action: switch_to_cheaper }] }', ', gpt-3.5-turbo');
    const ask = async () =>
      JSON.parse((await sandbox.run(['--json', 'Design a distributed system with consensus.'])).stdout);
    const before = await ask();
    expect(before.decision.order[0].model).toBe('gpt-4-turbo');
    answerForThirteenMills();
    await ask();
    const after = await ask();
    expect(after.model).toMatch(/^gpt-3\.5-turbo/);
    expect(after.decision.reason).toMatch(/^the cheapest first, since 1 % of the daily budget is spent; /);
    expect(after.decision.notices).toEqual(['1 % of the daily budget is spent (switch_to_cheaper)']);
  });

  it('block expensive models', async () => {
    configure('{ daily: 0.1, alerts: [{ threshold: 10%, action: block_expensive_models }] }', ', gpt-4o-mini');
    answerForThirteenMills();
    await sandbox.run(['--model', 'gpt-4-turbo', 'hello']);
    const { code, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'hello']);
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('is one of the expensive models, and 10 % of the daily budget is spent'),
    ]);
    expect((await sandbox.run(['--model', 'gpt-4o-mini', 'hello'])).code).toBe(0);
  });

  it('that start a program need trust, and then it gets them', async () => {
    const told = join(sandbox.project, 'told.json');
    configure(`{ daily: 0.1, alerts: [{ threshold: 10%, action: notify }], notify: { command: "cat > ${told}" } }`);
    const refused = await sandbox.run(['hello']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('runs the command')]);
    expect((await sandbox.run(['trust'])).code).toBe(0);
    answerForThirteenMills();
    expect((await sandbox.run(['hello'])).code).toBe(0);
    expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ action: 'notify', budget: 'daily budget' });
  });

  it.each([['CLAUDE_CODE_COST_ALERT_THRESHOLD', '0.10']])(
    '%s=%s is an alert of the daily budget',
    async (name, value) => {
      configure('{}');
      answerForThirteenMills();
      const env = { [name]: value, CLAUDE_CODE_DAILY_BUDGET: '0.10' };
      const { code, stderr } = await sandbox.run(['hello'], { env });
      expect([code, sentences(stderr)]).toEqual([0, ['budget: 10 % of the daily budget of $0.10 is spent.']]);
    },
  );
});

describe('the gateway', () => {
  it('answers a spent budget in the words of the caller, and no retry is worth it before the next day', async () => {
    configure('{ daily: 0 }');
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, url] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const body = JSON.stringify({ model: 'gpt-4-turbo', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
    const ask = (path: string) =>
      fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const anthropic = await ask('/v1/messages');
    expect([anthropic.status, await anthropic.json()]).toEqual([
      429,
      {
        type: 'error',
        error: { type: 'billing_error', message: expect.stringContaining('The daily budget of $0.00 is used up') },
      },
    ]);
    expect(anthropic.headers.get('x-should-retry')).toBe('false');
    expect(Number(anthropic.headers.get('retry-after'))).toBeGreaterThan(0);
    const chat = await ask('/v1/chat/completions');
    expect([chat.status, await chat.json()]).toEqual([
      429,
      { error: expect.objectContaining({ type: 'insufficient_quota' }) },
    ]);
    child.kill('SIGTERM');
    await ended;
  });
});
