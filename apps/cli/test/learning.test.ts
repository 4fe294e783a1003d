import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { analyseTask, sketchOf } from '@signalbox/task-analysis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
let file: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  file = join(sandbox.home, '.claude-code', 'signalbox.db');
  configure();
});
afterEach(() => sandbox.remove());

const configure = (more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-sonnet-4-5, claude-haiku-4-5] }
${more}`,
  );

describe('signalbox feedback', () => {
  it('judges the last answer, and explain shows what it changed', async () => {
    const { decision } = JSON.parse((await sandbox.run(['--json', 'Implement a new feature with tests'])).stdout);
    const judged = await sandbox.run(['feedback', 'last', 'bad', '--note', 'did not compile']);
    expect(judged).toEqual({
      code: 0,
      stderr: '',
      stdout: `bad: anthropic/claude-sonnet-4-5, decision ${decision.id}. It counts for what is expected of it at code_generation.\n`,
    });
    const byId = await sandbox.run(['feedback', decision.id.slice(0, 30), 'bad', '--json']);
    expect(JSON.parse(byId.stdout)).toMatchObject({ id: decision.id, verdict: 'bad', counts: true });
    const { stdout } = await sandbox.run(['explain', 'Implement a new feature with tests']);
    expect(stdout).toMatch(/anthropic\/claude-sonnet-4-5: table 0\.9\d\d, 1 outcome -> 0\.9\d\d/);
    const asJson = JSON.parse((await sandbox.run(['explain', '--json', 'Implement a new feature with tests'])).stdout);
    const sonnet = asJson.order.find((one: { model: string }) => one.model === 'claude-sonnet-4-5');
    expect(sonnet.evidence.posterior).toBeLessThan(sonnet.evidence.prior);
  });

  it('says in one sentence what it can not judge', async () => {
    expect(await sandbox.run(['feedback', 'last', 'good'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nothing has been booked yet: send a prompt, then look again.\n',
    });
    await sandbox.run(['--model', 'claude-haiku-4-5', 'hi']);
    expect((await sandbox.run(['feedback', 'zz', 'good'])).stderr).toMatch(/^signalbox: There is no decision "zz"/);
    expect((await sandbox.run(['feedback', 'last', 'fine'])).stderr).toBe(
      'signalbox: The verdict is "fine": say good or bad.\n',
    );
    expect((await sandbox.run(['feedback', 'last', 'good'])).stdout).toContain(
      'It is written down and changes nothing, since the model was named by its caller, so the task was not analysed.',
    );
  });
});

/** Judged answers of two models in the user's ledger; the small one fails where `goodShare` says so. */
function fillLedger(count: number, isGood: (model: string, special: boolean, chance: number) => boolean): void {
  mkdirSync(join(sandbox.home, '.claude-code'), { recursive: true });
  const ledger = createSqliteLedger({ file });
  const nouns = ['invoices', 'customers', 'sensors', 'recipes', 'tickets', 'parcels', 'rooms', 'meters'];
  const verdicts: boolean[] = [];
  const models: string[] = [];
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const noun = () => nouns[Math.floor(random() * nouns.length)];
  for (let n = 0; n < count; n += 1) {
    const special = random() < 0.4;
    const prompt = `Write a function that sorts ${noun()} and ${noun()} by ${noun()}${special ? ' under kubernetes' : ''}`;
    const task = analyseTask(prompt, undefined, { keepsSketches: true });
    const model = random() < 0.5 ? 'claude-haiku-4-5' : 'claude-sonnet-4-5';
    models.push(model);
    verdicts.push(isGood(model, special, random()));
    ledger.append({
      decision: { id: `d${n}`, decidedAt: n, strategy: 'best_for_task', reason: '', task, order: [], removed: [] },
      attempt: {
        candidate: `anthropic/${model}`,
        provider: 'anthropic',
        model,
        cause: 'first',
        startedAt: n,
        durationMs: 1,
        outcome: 'success',
        lane: 'bytes',
        simulated: false,
        notes: [],
      },
      caller: { tenant: 'local', session: String(n) },
      sketch: sketchOf(task),
    });
  }
  const learning = ledger.learning();
  for (const [n, good] of verdicts.entries())
    learning.judge({ decision: `d${n}`, candidate: `anthropic/${models[n]}` }, { good, source: 'feedback' });
  ledger.close();
}

describe('signalbox learn', () => {
  it('says how much is needed where there is too little', async () => {
    fillLedger(20, (_, __, chance) => chance < 0.7);
    const { code, stdout } = await sandbox.run(['learn']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^20 answers to routed prompts, judged or asked for again \(\d+ good, \d+ bad\): too little to learn from/,
    );
    expect(stdout).toContain('At least 200 are needed, 40 of each kind.');
  });

  it('finds what is there, switches it on, and routes by it until it is forgotten', async () => {
    fillLedger(500, (model, special, chance) => chance < (model === 'claude-haiku-4-5' && special ? 0.1 : 0.9));
    const dry = await sandbox.run(['learn', '--json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ kind: 'learned', outcomes: 500, isGain: true, applied: false });
    const prompt = 'Write a function that sorts rooms and meters by parcels under kubernetes';
    expect((await sandbox.run(['explain', prompt])).stdout).not.toContain('learned heads');
    const { code, stdout } = await sandbox.run(['learn', '--apply']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/with the heads +0\.\d+ +gain \+0\.\d+, 99 % between \+0\.\d+ and \+0\.\d+/);
    expect(stdout).toContain('It is switched on');
    const explained = JSON.parse((await sandbox.run(['explain', '--json', prompt])).stdout);
    const haiku = explained.order.find((one: { model: string }) => one.model === 'claude-haiku-4-5');
    expect(haiku.evidence.learned).toBeLessThan(haiku.evidence.posterior - 0.1);
    expect(haiku.quality).toBe(haiku.evidence.learned);
    expect((await sandbox.run(['learn', '--reset'])).stdout).toBe('What was learned is forgotten.\n');
    expect((await sandbox.run(['explain', prompt])).stdout).not.toContain('learned heads');
  });

  it.each([
    ['of another version', (was: string) => JSON.stringify({ ...JSON.parse(was), version: 2 })],
    ['cut off', (was: string) => was.slice(0, 500)],
    ['something else', () => 'null'],
  ])('passes over what was learned where it is %s, says so, and can forget or replace it', async (_, change) => {
    fillLedger(500, (model, special, chance) => chance < (model === 'claude-haiku-4-5' && special ? 0.1 : 0.9));
    await sandbox.run(['learn', '--apply']);
    const ledger = createSqliteLedger({ file });
    const learning = ledger.learning();
    learning.keepLearned(change(learning.learned() ?? ''));
    ledger.close();
    const explained = await sandbox.run(['explain', 'Write a function that sorts rooms under kubernetes']);
    expect(explained.stdout).toMatch(/claude-haiku-4-5: table 0\.\d+, \d+ outcomes -> 0\.\d+$/m);
    const dry = await sandbox.run(['learn']);
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    expect(dry.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'is of another version of this program, or damaged, and is not used',
    );
    expect((await sandbox.run(['learn', '--apply'])).stdout).not.toContain('damaged');
    expect((await sandbox.run(['learn', '--reset'])).stdout).toBe('What was learned is forgotten.\n');
  });

  it('says where the configuration does not route by it', async () => {
    configure('routing: { learning: { outcomes: false } }\n');
    fillLedger(500, (model, special, chance) => chance < (model === 'claude-haiku-4-5' && special ? 0.1 : 0.9));
    const { stdout } = await sandbox.run(['learn', '--apply']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('The configuration says routing.learning.outcomes: false');
    expect(JSON.parse((await sandbox.run(['learn', '--json'])).stdout)).toMatchObject({ inUse: false });
  });

  it('refuses to switch on what is chance', async () => {
    fillLedger(500, (_, __, chance) => chance < 0.7);
    const { code, stdout } = await sandbox.run(['learn', '--apply']);
    expect(code).toBe(1);
    expect(stdout).toContain('It is not switched on: no gain beyond chance.');
    expect((await sandbox.run(['learn', '--reset'])).stdout).toBe('Nothing had been learned.\n');
  });
});

describe('signalbox serve', () => {
  async function served(words: readonly string[], work: (url: string) => Promise<void>): Promise<string> {
    const child = sandbox.start(['serve', '--port', '0', ...words]);
    const ended = finished(child);
    const [url = ''] = await firstMatch(child.stderr, /http:\/\/127\.0\.0\.1:\d+/);
    try {
      await work(url);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    return (await ended).stderr;
  }
  const chat = (url: string, model: string, rest: object = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Design a distributed system' }], ...rest }),
    });

  it('takes feedback, and keeps what it measured for the next time', async () => {
    await served([], async (url) => {
      const id = (await chat(url, 'auto')).headers.get('x-signalbox-decision');
      const verdict = await fetch(`${url}/v1/feedback`, {
        method: 'POST',
        body: JSON.stringify({ id, verdict: 'good' }),
      });
      expect(await verdict.json()).toMatchObject({ id, verdict: 'good', counts: true });
    });
    await served([], async (url) => {
      const { providers } = (await (await fetch(`${url}/health/providers`)).json()) as {
        providers: { models: { calls: number }[] }[];
      };
      expect(providers.flatMap(({ models }) => models.map(({ calls }) => calls))).toEqual([1]);
    });
  });

  it('serves a mode: its model, and its sampling where the caller says nothing', async () => {
    configure('speed_mode: { model: claude-haiku-4-5, temperature: 0.7 }\nquality_mode: { model: claude-sonnet-4-5 }');
    await served(['--mode', 'speed'], async (url) => {
      expect((await chat(url, 'auto')).headers.get('x-signalbox-model')).toBe('claude-haiku-4-5');
      expect((await chat(url, 'auto', { temperature: 0.1 })).headers.get('x-signalbox-model')).toBe('claude-haiku-4-5');
      expect((await chat(url, 'signalbox/quality')).headers.get('x-signalbox-model')).toBe('claude-sonnet-4-5');
      expect((await chat(url, 'claude-sonnet-4-5')).headers.get('x-signalbox-model')).toBe('claude-sonnet-4-5');
    });
    const temperatures = simulator.requests.map(({ body }) => (body as { temperature?: number }).temperature);
    expect(temperatures).toEqual([0.7, 0.1, undefined, undefined]);
  });

  it('does not start in a mode that nobody has written', async () => {
    const { code, stderr } = await sandbox.run(['serve', '--port', '0', '--mode', 'balanced']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no balanced_mode in the configuration');
  });
});

describe('a mistyped model', () => {
  it('is told of when the configuration is read, with its place and what was meant', async () => {
    configure('routing:\n  rules:\n    - { task_type: translation, prefer: anthropic.sonet }\n');
    const { code, stderr } = await sandbox.run(['config', 'validate']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'warning: .claude-code/router-config.yml:5:41 routing.rules[0].prefer: nobody here has a model "anthropic.sonet", so it is passed over. Did you mean "anthropic.sonnet"?\n',
    );
  });

  it.each([
    ['router: { default_model: claude-sonet-4-5 }', 'claude-sonet-4-5', 'claude-sonnet-4-5'],
    ['speed_priority: [claude-haiku-4, gpt-35-turb]', 'gpt-35-turb', 'gpt-3.5-turbo'],
    ['routing: { quality: { anthropic.haku: 0.5 } }', 'anthropic.haku', 'anthropic.haiku'],
    ['budget: { per_model: { anthropic.ops: { daily: 5 } } }', 'anthropic.ops', 'anthropic.opus'],
  ])('is told of in %s', async (yaml, name, meant) => {
    configure(yaml);
    const { code, stderr } = await sandbox.run(['config', 'validate']);
    expect(code).toBe(0);
    expect(stderr).toContain(`nobody here has a model "${name}", so it is passed over. Did you mean "${meant}"?`);
  });
});
