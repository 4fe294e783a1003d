import { type Simulator, startSimulator } from '@signalbox/simulator';
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

/** Prices: $10 and $30 for a million tokens; an answer costs $0.0121, as it is thought to before. */
const ANSWER = { text: 'Good.', inputTokens: 10, outputTokens: 400 };

const configure = (more: string, provider = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo, gpt-4o-mini]${provider} }\nretry: { max_attempts: 1 }\n${more}\n`,
  );

type Ask = (fields?: object, key?: string) => Promise<Response>;

/** Two gateways of one user, each a process of its own, while `work` runs. */
async function whileBothServe(work: (first: Ask, second: Ask) => Promise<void>): Promise<void> {
  const children = [0, 1].map(() => sandbox.start(['serve', '--port', '0']));
  const ended = children.map(finished);
  try {
    const urls = await Promise.all(
      children.map(async ({ stderr }) => (await firstMatch(stderr, /serves on (http:\S+)/))[1]),
    );
    const [first, second] = urls.map(
      (url): Ask =>
        async (fields = {}, key) => {
          const answer = await fetch(`${url}/v1/chat/completions`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
            },
            body: JSON.stringify({
              model: 'gpt-4-turbo',
              max_tokens: 400,
              messages: [{ role: 'user', content: 'hi' }],
              ...fields,
            }),
          });
          return new Response(await answer.text(), answer);
        },
    );
    if (first === undefined || second === undefined) throw new Error('no gateway');
    await work(first, second);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(ended);
  }
}

/** So many requests to each of both, at once; answers the statuses. */
const both = async (first: Ask, second: Ask, each: number, fields?: object, key?: string) => {
  const answers = await Promise.all(
    Array.from({ length: each }, () => [first(fields, key), second(fields, key)]).flat(),
  );
  return answers.map(({ status }) => status);
};
const count = (statuses: readonly number[], wanted: number) => statuses.filter((status) => status === wanted).length;

async function makeKey(...words: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await sandbox.run(['keys', 'create', ...words]);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

describe('two gateways of one user', () => {
  it('share a budget, exactly where answers come whole and are capped', async () => {
    configure(`budget: { daily: 0.10, time_zone: ${zoneWhereItIsNoon()} }`);
    simulator.script([{ behave: ANSWER }]);
    await whileBothServe(async (first, second) => {
      const statuses: number[] = [];
      // One after the other at each, both at once: what one has spent, the other knows.
      for (let turn = 0; turn < 8; turn += 1) statuses.push(...(await both(first, second, 1)));
      expect(count(statuses, 429)).toBeGreaterThan(0);
      expect(simulator.requests.length).toBe(count(statuses, 200));
      // $0.10 pays for eight answers and not for a ninth, whoever asks. What one holds counts as reserved for the other until it is given back.
      while (simulator.requests.length < 8) {
        await expect.poll(async () => (await second()).status, { timeout: 5_000 }).toBe(200);
      }
      expect([(await first()).status, (await second()).status, simulator.requests.length]).toEqual([429, 429, 8]);
    });
  });

  it("share a provider's rate limit: no minute has more than it allows, over both", async () => {
    configure('throughput: { queue_timeout: 0 }', ', rate_limit: 10/minute');
    simulator.script([{ behave: ANSWER }]);
    await whileBothServe(async (first, second) => {
      const statuses = [...(await both(first, second, 4)), ...(await both(first, second, 8))];
      expect([count(statuses, 200), simulator.requests.length]).toEqual([10, 10]);
      expect(count(statuses, 429)).toBe(14);
    });
  });

  it('share the uses of a rule', async () => {
    configure(
      `routing: { strategy: custom_rules, rules: [{ pattern: deep, model: openai.gpt-4-turbo, max_daily_uses: 4 }, { default: openai.gpt-4o-mini }] }\nbudget: { time_zone: ${zoneWhereItIsNoon()} }`,
    );
    simulator.script([{ behave: ANSWER }]);
    const deep = { model: 'auto', messages: [{ role: 'user', content: 'a deep one' }] };
    await whileBothServe(async (first, second) => {
      expect(count(await both(first, second, 6, deep), 200)).toBe(12);
    });
    const models = simulator.requests.map(({ body }) => (body as { model: string }).model);
    expect(models.filter((model) => model === 'gpt-4-turbo')).toHaveLength(4);
    // And whoever comes later knows it from the books.
    const later = await sandbox.run(['--json', 'another deep one']);
    expect(JSON.parse(later.stdout)).toMatchObject({ model: 'gpt-4o-mini' });
  });

  it("share a key's budget and its requests a minute; a revoked key opens neither, and a new secret is the same key", async () => {
    configure(`budget: { time_zone: ${zoneWhereItIsNoon()} }`);
    simulator.script([{ behave: ANSWER }]);
    const quick = await makeKey('quick', '--rpm', '6');
    const poor = await makeKey('poor', '--budget-daily', '0.03');
    await whileBothServe(async (first, second) => {
      expect(count(await both(first, second, 6, {}, quick), 200)).toBe(6);

      expect((await first({}, poor)).status).toBe(200);
      // What the first has spent counts twice for a moment: until it has given back what it held.
      await expect.poll(async () => (await second({}, poor)).status, { timeout: 5_000 }).toBe(200);
      const refused = await first({}, poor);
      expect([refused.status, await refused.text()]).toEqual([
        429,
        expect.stringContaining('The daily budget of key poor'),
      ]);

      const rotated = (await sandbox.run(['keys', 'rotate', 'poor'])).stdout.trim();
      await expect.poll(async () => (await second({}, poor)).status, { timeout: 5_000 }).toBe(401);
      expect(await (await second({}, rotated)).text()).toContain('The daily budget of key poor');
      await sandbox.run(['keys', 'revoke', 'poor']);
      await expect.poll(async () => (await first({}, rotated)).status, { timeout: 5_000 }).toBe(401);
    });
  });
});
