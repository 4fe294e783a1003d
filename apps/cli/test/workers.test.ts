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

const configure = (models: string, more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [${models}] }\n${more}`,
  );

/** A busy machine may take its time. */
const POLL = { timeout: 15_000 };

/** Two workers while `work` runs. */
async function withTwoWorkers(
  words: readonly string[],
  work: (gateway: {
    readonly url: string;
    readonly pids: readonly number[];
    said(): string;
    signal(name: NodeJS.Signals): void;
  }) => Promise<void>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = sandbox.start(['serve', '--port', '0', '--workers', '2', ...words]);
  let said = '';
  child.stderr.on('data', (chunk: Uint8Array) => {
    said += Buffer.from(chunk).toString();
  });
  const ended = finished(child);
  let signalled = false;
  const signal = (name: NodeJS.Signals) => {
    signalled ||= name === 'SIGTERM';
    child.kill(name);
  };
  try {
    const [, url = '', first, second] = await firstMatch(
      child.stderr,
      /serves on (http:\S+) with 2 workers: (\d+), (\d+)/,
    );
    const pids = [Number(first), Number(second)];
    await work({ url, pids, said: () => said, signal });
  } finally {
    if (!signalled) child.kill('SIGTERM');
  }
  const { code } = await ended;
  return { code, said };
}

/** Each on a connection of its own, so that the workers get them in turns. */
const ask = (url: string, content: string, fields: object = {}, headers: object = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify({ model: 'gpt-4-turbo', messages: [{ role: 'user', content }], ...fields }),
  });
const look = (url: string) => fetch(url, { headers: { connection: 'close' } });

describe('signalbox serve --workers', () => {
  it('answers in several processes, which are measured as one', async () => {
    configure('gpt-4-turbo');
    const { code, said } = await withTwoWorkers(['--log', 'info'], async ({ url, said: soFar }) => {
      for (let count = 0; count < 6; count += 1) expect((await ask(url, 'hi')).status).toBe(200);
      await expect.poll(() => soFar().match(/"msg":"request"/g)?.length, POLL).toBe(6);
      for (let count = 0; count < 3; count += 1) {
        const text = await (await look(`${url}/metrics`)).text();
        expect(text).toContain('signalbox_requests_total{api="openai-chat",status="200",outcome="complete"} 6');
        expect(text).toMatch(/^process_cpu_seconds_total /m);
      }
    });
    const workers = said.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).worker] : []));
    expect(new Set(workers)).toEqual(new Set([1, 2]));
    expect(code).toBe(0);
  });

  it('starts one again that ended, and is not ready until then', async () => {
    configure('gpt-4-turbo');
    await withTwoWorkers([], async ({ url, pids, said }) => {
      const state = async () => (await look(`${url}/readyz`)).text();
      const READY = '{"status":"ready"}';
      await expect.poll(state, POLL).toBe(READY);
      let pid = pids[0] ?? 0;
      let unready = READY;
      // Who looks too late sees a worker that is up again: the next time it is away for longer.
      for (let turn = 0; turn < 6 && unready === READY; turn += 1) {
        process.kill(pid, 'SIGKILL');
        await expect.poll(() => said().match(/Worker 1 ended \(SIGKILL\)/g)?.length, POLL).toBe(turn + 1);
        unready = await state();
        // The other one goes on answering.
        expect((await ask(url, 'hi')).status).toBe(200);
        await expect.poll(() => said().match(/Worker 1 is up again/g)?.length, POLL).toBe(turn + 1);
        pid = Number(/.*up again: (\d+)/s.exec(said())?.[1]);
      }
      expect(unready).toBe('{"status":"not ready","reason":"1 of 2 workers are not up"}');
      await expect.poll(state, POLL).toBe(READY);
    });
  });

  it('leaves nobody waiting who was on the way to a worker that is killed', async () => {
    configure('gpt-4-turbo');
    await withTwoWorkers([], async ({ url, pids: [first = 0], said }) => {
      // It takes nothing any more, and nobody knows.
      process.kill(first, 'SIGSTOP');
      const outcomes = [1, 2, 3, 4].map(() =>
        ask(url, 'hi').then(
          ({ status }) => status,
          () => 'broken',
        ),
      );
      // The other worker's are answered; the one that was handed to the first is not.
      await expect.poll(() => simulator.requests.length, POLL).toBe(3);
      process.kill(first, 'SIGKILL');
      await expect.poll(said, POLL).toContain('Worker 1 ended (SIGKILL)');
      expect((await Promise.all(outcomes)).sort()).toEqual([200, 200, 200, 'broken']);
    });
  });

  it('lets running answers of all end when it is told to stop', async () => {
    configure('gpt-4-turbo');
    const answers: Promise<string>[] = [];
    const { code, said } = await withTwoWorkers([], async ({ url, signal }) => {
      const streams = await Promise.all(
        [1, 2, 3, 4].map(() => ask(url, '[[simulate: words=30; interval=50]] go', { stream: true })),
      );
      answers.push(...streams.map((one) => one.text()));
      signal('SIGTERM');
      for (const text of await Promise.all(answers)) expect(text).toContain('[DONE]');
    });
    expect(said).toContain('signalbox is shutting down: 4 answers may still end');
    expect(code).toBe(0);
  });

  it('reloads in all of them, and says so once', async () => {
    configure('gpt-4-turbo');
    await withTwoWorkers([], async ({ url, said, signal }) => {
      configure('gpt-4-turbo, gpt-4o-mini');
      signal('SIGHUP');
      const knowsMini = async () => (await (await look(`${url}/v1/models`)).text()).includes('"gpt-4o-mini"');
      await expect
        .poll(async () => [await knowsMini(), await knowsMini(), await knowsMini(), await knowsMini()], POLL)
        .toEqual([true, true, true, true]);
      await expect.poll(said, POLL).toMatch(/The changed configuration is in effect/);
      expect(said().match(/The changed configuration is in effect/g)?.length).toBeLessThanOrEqual(2);
    });
  });

  it('holds to one budget together', async () => {
    configure('gpt-4-turbo', `budget: { daily: 0.01, time_zone: ${zoneWhereItIsNoon()} }\n`);
    // 0.3 cents an answer, as is expected of it: three fit.
    simulator.script([{ behave: { text: 'Good.', inputTokens: 5, outputTokens: 100 } }]);
    await withTwoWorkers([], async ({ url }) => {
      const statuses: number[] = [];
      for (let count = 0; count < 8; count += 1) statuses.push((await ask(url, 'hi', { max_tokens: 100 })).status);
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(3);
      expect(statuses.at(-1)).toBe(429);
    });
  });

  it('tells an alert once, whoever notices and whoever is killed, and forgets no spending', async () => {
    const budget = `{ daily: 0.1, time_zone: ${zoneWhereItIsNoon()}, alerts: [{ threshold: 10%, action: notify }] }`;
    configure('gpt-4-turbo', `budget: ${budget}\n`);
    simulator.script([{ behave: { text: 'Good.', inputTokens: 1_000, outputTokens: 100 } }]);
    const { said } = await withTwoWorkers([], async ({ url, pids, said: soFar }) => {
      const statuses: number[] = [];
      const askFor = async (count: number) => {
        for (let turn = 0; turn < count; turn += 1) statuses.push((await ask(url, 'hi', { max_tokens: 100 })).status);
      };
      await askFor(3);
      await expect.poll(soFar, POLL).toContain('10 % of the daily budget');
      // What is not written yet may be lost.
      const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db'), readsOnly: true });
      await expect.poll(() => ledger.totals()[0]?.requests, POLL).toBe(3);
      ledger.close();
      process.kill(pids[0] ?? 0, 'SIGKILL');
      await expect.poll(soFar, POLL).toContain('Worker 1 is up again');
      await askFor(9);
      // Each is expected to cost 0.3 cents and costs 1.3: the eighth still seems to fit, and a ninth where one worker's last row has not reached the other.
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(9);
      expect(statuses.at(-1)).toBe(429);
    });
    expect(said.match(/10 % of the daily budget/g)).toHaveLength(1);
  });

  it('holds to the limits of a key together', async () => {
    configure('gpt-4-turbo');
    const make = async (...words: string[]) => (await sandbox.run(['keys', 'create', ...words])).stdout.trim();
    const [ten, tokens] = [await make('ten', '--rpm', '10'), await make('tokens', '--tpm', '1000')];
    await withTwoWorkers([], async ({ url, signal, said }) => {
      const statuses = async (key: string, count: number) => {
        const answers = await Promise.all(
          Array.from({ length: count }, () => ask(url, 'hi', { max_tokens: 50 }, { authorization: `Bearer ${key}` })),
        );
        await Promise.all(answers.map((one) => one.text()));
        return answers.map(({ status }) => status);
      };
      const first = await statuses(ten, 30);
      expect(first.filter((status) => status === 200)).toHaveLength(10);
      expect(first.filter((status) => status === 429)).toHaveLength(20);
      // What was used is not forgotten when the configuration is read anew.
      signal('SIGHUP');
      await expect.poll(said, POLL).toMatch(/The changed configuration is in effect/);
      expect(await statuses(ten, 6)).toEqual([429, 429, 429, 429, 429, 429]);
      // 350 tokens an answer, which is seen when it is there: the third is beyond the limit, and a worker that holds a little may let one more in.
      simulator.script([{ behave: { text: 'Good.', inputTokens: 300, outputTokens: 50 } }]);
      const one: number[] = [];
      for (let count = 0; count < 6; count += 1) one.push(...(await statuses(tokens, 1)));
      expect(one.slice(0, 3)).toEqual([200, 200, 200]);
      expect(one.slice(4)).toEqual([429, 429]);
    });
  });

  it('lets in as many requests of a key at the same time as it may have, over both, and the next as soon as one is over', async () => {
    configure('gpt-4-turbo');
    const key = (await sandbox.run(['keys', 'create', 'two', '--concurrent', '2'])).stdout.trim();
    const headers = { authorization: `Bearer ${key}` };
    await withTwoWorkers([], async ({ url, signal, said }) => {
      const streams = await Promise.all(
        Array.from({ length: 8 }, () => ask(url, '[[simulate: words=3; stall=2]] go', { stream: true }, headers)),
      );
      const open = streams.filter(({ status }) => status === 200);
      expect(open).toHaveLength(2);
      const refused = streams.find(({ status }) => status === 429);
      expect(await refused?.json()).toMatchObject({
        error: { message: expect.stringContaining('he key "two" has 2 calls under way, as many as it may have') },
      });
      // They go on under a configuration that was read anew.
      signal('SIGHUP');
      await expect.poll(said, POLL).toMatch(/The changed configuration is in effect/);
      for (let count = 0; count < 4; count += 1) expect((await ask(url, 'hi', {}, headers)).status).toBe(429);
      await Promise.all(open.map((one) => one.body?.cancel()));
      await expect.poll(async () => (await ask(url, 'hi', {}, headers)).status, POLL).toBe(200);
      // One after the other they get in, whichever worker is asked.
      for (let count = 0; count < 10; count += 1) {
        const answer = await ask(url, 'hi', {}, headers);
        expect(answer.status).toBe(200);
        await answer.text();
      }
    });
  });

  it('ends with one sentence where the configuration is bad', async () => {
    sandbox.write('.claude-code/router-config.yml', 'routing: { stratgy: manual }\n');
    const { code, stderr } = await sandbox.run(['serve', '--port', '0', '--workers', '2']);
    expect(code).toBe(2);
    expect(stderr.match(/unknown key/g)).toHaveLength(1);
  });
});
