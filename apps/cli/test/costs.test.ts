import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt, Caller, LedgerRow } from '@signalbox/core';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const DAY = 86_400_000;
const usd = (dollars: number) => ({ nanoUsd: Math.round(dollars * 1e9), provenance: 'reported' as const });
let ids = 0;

function rowOf(
  candidate: string,
  attempt: Partial<Attempt>,
  caller: Partial<Caller> = {},
  decision?: string,
): LedgerRow {
  const [provider = '', model = ''] = candidate.split('/');
  ids += 1;
  return {
    decision: {
      id: decision ?? `d${ids}`,
      decidedAt: 0,
      strategy: 'best_for_task',
      reason: '',
      order: [],
      removed: [],
    },
    attempt: {
      candidate,
      provider,
      model,
      cause: 'first',
      startedAt: Date.now(),
      durationMs: 1_200,
      firstContentMs: 300,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
      usage: { inputTokens: 1_000, outputTokens: 100, provenance: 'reported' },
      ...attempt,
    },
    caller: { tenant: 'local', ...caller },
  };
}

function book(rows: readonly LedgerRow[]): void {
  const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
  for (const row of rows) ledger.append(row);
  ledger.close();
}

const times = (count: number, row: () => LedgerRow): LedgerRow[] => Array.from({ length: count }, row);
const configure = (text: string) => sandbox.write('.claude-code/router-config.yml', text);
/** A day of work, as in the specification; the days before don't matter to it. */
const aDay = () => [
  ...times(15, () => rowOf('anthropic/claude-opus-4', { cost: usd(8.5 / 15) })),
  ...times(45, () => rowOf('anthropic/claude-sonnet-4', { cost: usd(3.2 / 45) })),
  ...times(200, () => rowOf('anthropic/claude-haiku-4', { cost: usd(0.64 / 200) })),
  ...times(20, () => rowOf('openai/gpt-4-turbo', { cost: usd(4.5 / 20) })),
  ...times(80, () => rowOf('openai/gpt-3.5-turbo', { cost: usd(1.17 / 80) })),
  rowOf('openai/gpt-4-turbo', { cost: usd(99), startedAt: Date.now() - 3 * DAY }),
];

describe('costs show', () => {
  it('is a tree of providers and models, the dearest first, with the total beside the daily budget', async () => {
    configure('budget: { daily: 50.00 }\n');
    book(aDay());
    const { code, stdout, stderr } = await sandbox.run(['costs', 'show']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        "Today's Usage:",
        '├─ Anthropic Claude: $12.34',
        '│  ├─ claude-opus-4:   $8.50 (15 requests)',
        '│  ├─ claude-sonnet-4: $3.20 (45 requests)',
        '│  └─ claude-haiku-4:  $0.64 (200 requests)',
        '├─ OpenAI GPT: $5.67',
        '│  ├─ gpt-4-turbo:   $4.50 (20 requests)',
        '│  └─ gpt-3.5-turbo: $1.17 (80 requests)',
        '└─ Total: $18.01 / $50.00 daily budget',
        '',
      ].join('\n'),
    );
  });

  it('shows a budget of another time than its own with what was spent in that time', async () => {
    configure('budget: { monthly: 400 }\n');
    book([rowOf('openai/gpt', { cost: usd(18.01) })]);
    const day = (await sandbox.run(['costs', 'show'])).stdout.split('\n');
    expect(day.slice(-3)).toEqual(['├─ Total: $18.01', '└─ This month: $18.01 / $400.00 monthly budget', '']);
    const month = (await sandbox.run(['costs', 'show', '--month'])).stdout.split('\n');
    expect(month.slice(-2)).toEqual(['└─ Total: $18.01 / $400.00 monthly budget', '']);
    configure('budget: { daily: 50, monthly: 400 }\n');
    const week = (await sandbox.run(['costs', 'show', '--week'])).stdout.split('\n');
    expect(week.slice(-4, -1)).toEqual([
      '├─ Total: $18.01',
      '├─ Today: $18.01 / $50.00 daily budget',
      '└─ This month: $18.01 / $400.00 monthly budget',
    ]);
    expect(JSON.parse((await sandbox.run(['costs', 'show', '--json'])).stdout)).toMatchObject({
      budget: { title: 'daily budget', limitUsd: 50 },
      budgets: [
        { title: 'daily budget', limitUsd: 50, spentUsd: 18.01 },
        { title: 'monthly budget', limitUsd: 400, spentUsd: 18.01 },
      ],
    });
  });

  it('says what is not in the sum: unknown prices, simulated calls; and what is an estimate', async () => {
    book([
      rowOf('lab/any', {}),
      rowOf('openai/gpt', { cost: { nanoUsd: 5e8, provenance: 'estimated' } }),
      rowOf('openai/gpt', { simulated: true, cost: usd(0) }),
      rowOf('openai/gpt', { cause: 'cache', lane: 'cache', cost: usd(0), saved: usd(0.25) }),
    ]);
    const { stdout } = await sandbox.run(['costs', 'show']);
    expect(stdout).toContain('gpt: ~$0.50 (2 requests)');
    expect(stdout).toContain('any: $0.00 (1 request, 1 at an unknown price)');
    expect(stdout).toContain('1 call at an unknown price is not in it: give its model cost_per_1k_tokens.');
    expect(stdout).toContain('1 kept answer saved $0.25.');
    expect(stdout).toContain('1 request went to the simulator and cost nothing.');
  });

  it.each([
    [['--week'], 117.01],
    [['--since', '4d'], 117.01],
    [['--today'], 18.01],
  ])('%j adds up to $%d', async (words, total) => {
    book(aDay());
    const { stdout } = await sandbox.run(['costs', 'show', ...words, '--json']);
    expect(JSON.parse(stdout).total.usd).toBeCloseTo(total, 6);
  });

  it('goes by whatever is asked for, in JSON and in CSV that no spreadsheet takes for a formula', async () => {
    book([
      rowOf('openai/gpt', { cost: usd(1) }, { user: 'ann', tags: ['ci', 'nightly'] }),
      rowOf('openai/gpt', { cost: usd(2) }, { user: '=cmd()', tags: ['ci'] }),
    ]);
    const byUser = JSON.parse((await sandbox.run(['costs', 'show', '--by', 'user,model', '--json'])).stdout);
    expect(byUser.groups).toMatchObject([
      { user: '=cmd()', model: 'gpt', usd: 2, requests: 1 },
      { user: 'ann', model: 'gpt', usd: 1, requests: 1 },
    ]);
    const byTag = (await sandbox.run(['costs', 'show', '--by', 'tag'])).stdout;
    expect(byTag).toMatch(/ci:\s+\$3\.00 \(2 requests\)/);
    expect(byTag).toMatch(/nightly: \$1\.00 \(1 request\)/);
    const csv = (await sandbox.run(['costs', 'show', '--by', 'user', '--csv'])).stdout.split('\n');
    expect(csv[0]).toMatch(/^user,requests,attempts,/);
    expect(csv[1]).toMatch(/^'=cmd\(\),1,1,/);
  });

  it('counts days in the time zone of the budget, whatever that of the machine', async () => {
    configure('budget: { time_zone: Asia/Tokyo }\n');
    const at = (time: string) => ({ cost: usd(1), startedAt: Date.parse(time) });
    const lateInLondon = rowOf('openai/gpt', at('2025-03-01T20:00:00Z'), { user: 'ann' });
    book([rowOf('openai/gpt', at('2025-03-01T02:00:00Z'), { user: 'ann' }), lateInLondon]);
    const shown = async (by: string) =>
      JSON.parse((await sandbox.run(['costs', 'show', '--since', '2025-03-01', '--by', by, '--json'])).stdout).groups;
    expect(await shown('day')).toMatchObject([
      { day: '2025-03-01', usd: 1 },
      { day: '2025-03-02', usd: 1 },
    ]);
    expect(await shown('user,day')).toMatchObject([
      { user: 'ann', day: '2025-03-01' },
      { user: 'ann', day: '2025-03-02' },
    ]);
  });

  it.each([
    [['--by', 'colour'], '--by knows no "colour"'],
    [['--since', 'yesterday'], '"yesterday" is no moment'],
    [['--week', '--month'], '--week and --month say different things'],
    [['--since', '2026-02-30'], 'is no moment'],
    [['--since', '0d'], 'is no moment'],
    [['--since', '2999-01-01'], 'is still to come'],
    [['--by', ','], '--by knows no ""'],
    [['--json', '--csv'], "'--json' cannot be used with option '--csv'"],
  ])('%j is wrong usage, in a sentence', async (words, sentence) => {
    book(aDay());
    const { code, stderr } = await sandbox.run(['costs', 'show', ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it.each([
    [['costs', 'show']],
    [['stats', 'show']],
    [['costs', 'savings']],
    [['costs', 'prune', '--older-than', '1d']],
  ])('%j without a ledger is a friendly sentence', async (words) => {
    const { code, stdout, stderr } = await sandbox.run(words);
    expect([code, stdout, stderr]).toEqual([0, '', 'Nothing has been booked yet: send a prompt, then look again.\n']);
  });

  it.each([
    [['costs', 'show', '--json'], 'total'],
    [['stats', 'show', '--json'], 'total'],
    [['costs', 'savings', '--json'], 'answers'],
  ])('%j without a ledger is a whole answer about nothing, for programs', async (words, key) => {
    const { code, stdout, stderr } = await sandbox.run(words);
    expect(JSON.parse(stdout)).toHaveProperty(key);
    expect([code, stderr]).toEqual([0, 'Nothing has been booked yet: send a prompt, then look again.\n']);
  });

  it.each([[['costs', 'show', '--csv']], [['costs', 'export']]])(
    '%j without a ledger is its head alone',
    async (words) => {
      const { code, stdout } = await sandbox.run(words);
      expect([code, stdout.split('\n').length]).toEqual([0, 2]);
    },
  );

  it.each([
    [['costs', 'show', '--since', 'banana'], '"banana" is no moment'],
    [['costs', 'show', '--today', '--week'], 'say different things'],
    [['costs', 'export', '--since', 'banana'], '"banana" is no moment'],
  ])('%j without a ledger is wrong usage all the same', async (words, sentence) => {
    const { code, stderr } = await sandbox.run(words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it('shows names of callers in columns, whatever is in them', async () => {
    const names = ['ann', '\u001b[2Jbob', 'José 🚀', '日本語', ''];
    book(names.map((user) => rowOf('anthropic/haiku', { cost: usd(1) }, { user })));
    const { stdout } = await sandbox.run(['costs', 'show', '--by', 'user']);
    expect(stdout).not.toContain('\u001b');
    for (const line of ['ann:         ', '\\u001b[2Jbob: ', 'José 🚀:     ', '日本語:      ', '"":          '])
      expect(stdout).toContain(`─ ${line}`);
  });
});

describe('costs estimate', () => {
  it('compares what a file would cost with each model, with prices of the configuration', async () => {
    configure(`
providers:
  anthropic:
    api_key: k
    models:
      opus: { name: claude-opus-4-20250514, cost_per_1k_tokens: { input: 0.015, output: 0.075 } }
      haiku: { name: claude-haiku-4-5, cost_per_1k_tokens: { input: 0.00025, output: 0.00125 } }
`);
    const file = sandbox.write('review.js', 'let abcdefgh = jklmnopqrs\n'.repeat(500));
    const { code, stdout } = await sandbox.run([
      'costs',
      'estimate',
      file,
      '--output-tokens',
      '1000',
      '--config',
      '.claude-code/router-config.yml',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('Task: "review.js (500 lines)"');
    expect(stdout).toMatch(
      /Using anthropic\/claude-opus-4\S*:\n {2}Input: {2}[\d.]+k tokens × \$0\.015 = \$0\.0\d+\n {2}Output: 1k tokens × \$0\.075 = \$0\.075\n/,
    );
    expect(stdout).toContain('  Output: 1k tokens × $0.00125 = $0.00125');
    expect(stdout).toMatch(/Savings: anthropic\/claude-haiku-4-5 is 60x cheaper than anthropic\/claude-opus-4\S*!/);
  });

  it('adds up to the last figure: two thousand tokens to review, a thousand of review', async () => {
    configure(`
providers:
  anthropic:
    api_key: k
    models:
      opus: { name: claude-opus-4-1, cost_per_1k_tokens: { input: 0.015, output: 0.075 } }
      sonnet: { name: claude-sonnet-4-5, cost_per_1k_tokens: { input: 0.003, output: 0.015 } }
      haiku: { name: claude-haiku-4-5, cost_per_1k_tokens: { input: 0.00025, output: 0.00125 } }
`);
    const file = sandbox.write('review.js', `${'return total;\n'.repeat(100)}${'return totals;\n'.repeat(400)}`);
    const { stdout } = await sandbox.run(['costs', 'estimate', file, '--output-tokens', '1000']);
    expect(stdout.match(/^ {2}(?:Input|Output|Total):.*$/gm)).toEqual([
      '  Input:  2k tokens × $0.015 = $0.030',
      '  Output: 1k tokens × $0.075 = $0.075',
      '  Total:  $0.105',
      '  Input:  2k tokens × $0.003 = $0.006',
      '  Output: 1k tokens × $0.015 = $0.015',
      '  Total:  $0.021',
      '  Input:  2k tokens × $0.00025 = $0.0005',
      '  Output: 1k tokens × $0.00125 = $0.00125',
      '  Total:  $0.00175',
    ]);
    expect(stdout).toMatch(
      /Savings: anthropic\/claude-haiku-4-5\S* is 60x cheaper than anthropic\/claude-opus-4-1\S*!/,
    );
  });

  it('takes a prompt, and only the models that are named', async () => {
    const words = ['costs', 'estimate', 'Review this file', '--models', 'openai.gpt35,anthropic.haiku', '--json'];
    const { stdout } = await sandbox.run(words);
    const shown = JSON.parse(stdout);
    expect(shown).toMatchObject({ task: 'Review this file', provenance: 'estimated' });
    expect(shown.models.map((one: { model: string }) => one.model).sort()).toEqual([
      expect.stringMatching(/^anthropic\//),
      expect.stringMatching(/^openai\//),
    ]);
  });

  it('says what is missing', async () => {
    expect(await sandbox.run(['costs', 'estimate', 'x', '--models', 'gpt-99'])).toMatchObject({ code: 2, stdout: '' });
    const { code, stderr } = await sandbox.run(['costs', 'estimate', 'src/nowhere.js']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no file src/nowhere.js')]);
  });
});

describe('costs savings', () => {
  const order = ['anthropic/claude-opus-4-1', 'anthropic/claude-sonnet-4-5', 'anthropic/claude-haiku-4-5'].map(
    (candidate) => {
      const [provider = '', model = ''] = candidate.split('/');
      return { candidate, provider, model };
    },
  );
  const million = { inputTokens: 100_000, outputTokens: 10_000, provenance: 'reported' } as const;

  it('compares what was routed with always the dearest, the default and the cheapest that could have answered', async () => {
    configure('router: { default_model: claude-sonnet-4-5 }\n');
    const routed = rowOf('anthropic/claude-haiku-4-5', { usage: million, cost: usd(0.15) });
    const byHand = rowOf('anthropic/claude-opus-4-1', { usage: million, cost: usd(2.25) });
    book([
      { ...routed, decision: { ...routed.decision, order } },
      { ...byHand, decision: { ...byHand.decision, strategy: 'manual', order } },
    ]);
    const { code, stdout } = await sandbox.run(['costs', 'savings']);
    expect(code).toBe(0);
    // $15 and $75, $3 and $15, $1 and $5 for a million tokens.
    expect(stdout).toMatch(/1 routed answer:\n {2}as routed, failed attempts too +\$0\.15\n/);
    expect(stdout).toMatch(/always the dearest that could +\$2\.25 {3}\$2\.10 saved\n/);
    expect(stdout).toMatch(/always claude-sonnet-4-5 +\$0\.45 {3}\$0\.30 saved\n/);
    expect(stdout).toMatch(/always the cheapest that could +\$0\.15 {3}\$0\.00 saved\n/);
    expect(JSON.parse((await sandbox.run(['costs', 'savings', '--json'])).stdout)).toMatchObject({
      answers: 1,
      dearestUsd: 2.25,
    });
  });

  const routedTo = (candidate: string, attempt: Partial<Attempt>, id?: string): LedgerRow => {
    const row = rowOf(candidate, { usage: million, ...attempt }, {}, id);
    return { ...row, decision: { ...row.decision, order } };
  };
  const savings = async () => JSON.parse((await sandbox.run(['costs', 'savings', '--json'])).stdout);

  it('goes by what is paid: prices of the configuration, cached tokens as cached, failed attempts too', async () => {
    configure(`providers:
  anthropic:
    models:
      opus: { name: claude-opus-4-1, cost_per_1k_tokens: { input: 0.0015, output: 0.0075 } }
      sonnet: { name: claude-sonnet-4-5 }
      haiku: { name: claude-haiku-4-5 }
`);
    const cached = { ...million, cacheReadTokens: 100_000 };
    book([
      routedTo('anthropic/claude-haiku-4-5', { outcome: 'failure', usage: undefined, cost: usd(0.01) }, 'r1'),
      routedTo('anthropic/claude-haiku-4-5', { cause: 'retry', usage: cached, cost: usd(0.06) }, 'r1'),
    ]);
    const { spentUsd, dearestUsd, cheapestUsd } = await savings();
    expect(spentUsd).toBeCloseTo(0.07, 6);
    // Sonnet: a tenth of $0.30 for what is read from the cache, and $0.15. Opus has a tenth of its list price here.
    expect(dearestUsd).toBeCloseTo(0.18, 6);
    expect(cheapestUsd).toBeCloseTo(0.06, 6);
  });

  it('leaves out, and says so, what has no price, what cost us nothing, what was simulated or kept', async () => {
    configure(
      'router: { default_model: lab/any }\nproviders:\n  anthropic: {}\n  lab: { type: openai, endpoint: "http://127.0.0.1:9/v1", api_key: k, models: [any] }\n',
    );
    const unknown = routedTo('anthropic/claude-haiku-4-5', { cost: usd(0.15) });
    const other = { candidate: 'lab/some', provider: 'lab', model: 'some' };
    book([
      routedTo('anthropic/claude-haiku-4-5', { cost: usd(0.15) }),
      { ...unknown, decision: { ...unknown.decision, order: [...order, other] } },
      routedTo('anthropic/claude-haiku-4-5', { cost: undefined }),
      routedTo('anthropic/claude-haiku-4-5', { cost: { nanoUsd: 0, provenance: 'counted' } }),
      routedTo('anthropic/claude-haiku-4-5', { simulated: true, cost: { nanoUsd: 0, provenance: 'counted' } }),
      routedTo('anthropic/claude-haiku-4-5', { lane: 'cache', cause: 'cache', cost: usd(0), saved: usd(0.15) }),
    ]);
    expect(await savings()).toMatchObject({ answers: 1, unknown: 2, included: 1, spentUsd: 0.15, dearestUsd: 2.25 });
    const { stdout } = await sandbox.run(['costs', 'savings']);
    expect(stdout).toContain("2 more can't be compared: a price is unknown.");
    expect(stdout).toContain("1 more were on the caller's own bill and cost nothing.");
    expect(stdout).toContain('What lab/any would have cost is not known: it has no price.');
  });
});

describe('costs export and prune', () => {
  it('gives every attempt, and forgets what is old', async () => {
    book([
      rowOf('openai/gpt', { cost: usd(1), startedAt: Date.now() - 100 * DAY }),
      rowOf('openai/gpt', { cost: usd(2) }, { user: 'ann', tags: ['a', 'b'] }),
    ]);
    const everything = await sandbox.run(['costs', 'prune', '--older-than', '0d']);
    expect([everything.code, everything.stderr]).toEqual([2, expect.stringContaining('one day at least')]);
    const csv = (await sandbox.run(['costs', 'export'])).stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(3);
    expect(csv[2]).toContain(`,1,${new Date().toISOString().slice(0, 2)}`);
    expect(csv[2]).toMatch(/,ann,.*a b$/);
    const file = join(sandbox.project, 'all.jsonl');
    expect((await sandbox.run(['costs', 'export', '--format', 'jsonl', '--since', '7d', '-o', file])).code).toBe(0);
    expect(
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ costNanoUsd: 2e9, user: 'ann', tags: ['a', 'b'] }]);
    expect((await sandbox.run(['costs', 'prune', '--older-than', '90d'])).stdout).toBe(
      '1 attempt older than 90d is forgotten.\n',
    );
    expect((await sandbox.run(['costs', 'export'])).stdout.trimEnd().split('\n')).toHaveLength(2);
    expect((await sandbox.run(['costs', 'prune', '--older-than', 'ages'])).code).toBe(2);
    // Minutes everywhere else, so it is said what was understood.
    expect(await sandbox.run(['costs', 'prune', '--older-than', '2m'])).toEqual({
      code: 0,
      stdout: '0 attempts older than 2m are forgotten.\n',
      stderr: 'warning: --older-than 2m was read as 2 months of 30 days, not as minutes; write 2mo.\n',
    });
    expect(await sandbox.run(['costs', 'prune', '--older-than', '2mo'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a budget by the month', () => {
  // Three weeks into a month, whenever this runs.
  const now = Date.parse('2026-11-20T12:00:00Z');
  const shift = `const Real = Date; const ahead = ${now} - Real.now();
    globalThis.Date = class extends Real {
      constructor(...parts) { super(...(parts.length === 0 ? [Real.now() + ahead] : parts)); }
      static now() { return Real.now() + ahead; }
    };`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}` };
  const bookThree = () =>
    book([
      rowOf('openai/gpt', { cost: usd(1), startedAt: now - 30 * DAY }),
      rowOf('openai/gpt', { cost: usd(2), startedAt: now - 10 * DAY }),
      rowOf('openai/gpt', { cost: usd(4), startedAt: now - DAY / 24 }),
    ]);
  const spent = async () => (await sandbox.run(['costs', 'show', '--month'], { env })).stdout.match(/Total: (.*)/)?.[1];

  it('is not whole again when the books are pruned', async () => {
    bookThree();
    configure('budget: { monthly: 50, time_zone: UTC }\n');
    const prune = () => sandbox.run(['costs', 'prune', '--older-than', '3d'], { env });
    expect(await prune()).toEqual({
      code: 0,
      stdout: '1 attempt older than 3d is forgotten.\n',
      stderr: 'What budgets count of this day or month is kept.\n',
    });
    expect(await spent()).toBe('$6.00 / $50.00 monthly budget');
    // Nobody counts by the month: what is asked for is done.
    configure('budget: { daily: 50, time_zone: UTC }\n');
    expect(await prune()).toMatchObject({ stdout: '1 attempt older than 3d is forgotten.\n', stderr: '' });
    expect(await spent()).toBe('$4.00');
  });

  it('is not whole again either when the books forget by themselves', async () => {
    bookThree();
    configure('budget: { monthly: 50, time_zone: UTC }\ncost_tracking: { keep: 3d }\n');
    await sandbox.run(['trust']);
    expect(await sandbox.run(['hello'], { env })).toMatchObject({ code: 0 });
    expect(await spent()).toBe('$6.00 / $50.00 monthly budget');
    // It did forget: the month before is gone.
    const days = (await sandbox.run(['costs', 'show', '--since', '60d', '--json'], { env })).stdout;
    expect(JSON.parse(days).total.nanoUsd).toBe(usd(6).nanoUsd);
  });

  it('of a key alone holds as well', async () => {
    bookThree();
    await sandbox.run(['keys', 'create', 'ci', '--budget-monthly', '5']);
    const { stdout } = await sandbox.run(['costs', 'prune', '--older-than', '3d'], { env });
    expect(stdout).toBe('1 attempt older than 3d is forgotten.\n');
  });
});

describe('explain', () => {
  it('knows what other programs have spent, of budgets and of the daily uses of rules', async () => {
    configure(`
providers:
  openai:
    api_key: sk-test
    models: { gpt4: gpt-4-turbo, gpt35: gpt-3.5-turbo }
routing:
  strategy: best_for_task
  rules: [{ task_complexity: high, model: openai.gpt4, max_daily_uses: 1 }]
budget: { daily: 10, alerts: [{ threshold: 50%, action: switch_to_cheaper }] }
`);
    const explain = async () => {
      const { stdout } = await sandbox.run(['explain', '--json', 'Design the architecture of a distributed database']);
      return JSON.parse(stdout);
    };
    expect(await explain()).toMatchObject({ winner: 'openai/gpt-4-turbo', rule: 'task_complexity high' });
    const row = rowOf('openai/gpt-4-turbo', { cost: usd(6) });
    book([{ ...row, decision: { ...row.decision, rule: 'task_complexity high' } }]);
    const after = await explain();
    expect(after).toMatchObject({ winner: 'openai/gpt-3.5-turbo', cheaperFirst: expect.stringContaining('50 %') });
    expect(after.rule).toBeUndefined();
  });
});

describe('stats show', () => {
  it('says how much was asked, how well it went and what it cost, by model', async () => {
    const second = { cause: 'failover', durationMs: 3_000, cost: usd(2) } as const;
    book([
      ...times(9, () => rowOf('anthropic/haiku', { cost: usd(0.1), durationMs: 1_000 })),
      rowOf(
        'anthropic/haiku',
        { outcome: 'failure', usage: undefined, error: { kind: 'overloaded', message: '' } },
        {},
        'one',
      ),
      rowOf('openai/gpt', second, {}, 'one'),
      rowOf('anthropic/haiku', { cause: 'cache', lane: 'cache', cost: usd(0), saved: usd(0.1) }),
      rowOf('openai/gpt', { cost: usd(5), startedAt: Date.now() - 20 * DAY }),
    ]);
    const { stdout } = await sandbox.run(['stats', 'show', '--weekly']);
    expect(stdout).toMatch(/^requests {4}\s+█ {2}11$/m);
    expect(stdout).toMatch(/^spend .*█ {2}\$2\.90$/m);
    expect(stdout).toMatch(/^errors {6}1 of 12 attempts \(8\.3 %\): 1 overloaded$/m);
    expect(stdout).toMatch(/^failovers {3}1, retries 0/m);
    expect(stdout).toMatch(/^cache {7}1 kept answers \(9\.1 % of requests\) saved \$0\.10$/m);
    expect(stdout).toMatch(/anthropic\/haiku\s+11\s+\$0\.90\s+1\.0 s/);
    expect(stdout).toMatch(/openai\/gpt\s+1\s+\$2\.00\s+3\.0 s/);
    // Attempts, errors, aborted, retries; who had to be stepped in for, and who stepped in.
    expect(stdout).toMatch(/anthropic\/haiku\s+11\s+9\.1 %\s+0 %\s+0\s+1\s+0/);
    expect(stdout).toMatch(/openai\/gpt\s+1\s+0 %\s+0 %\s+0\s+0\s+1/);
    const month = JSON.parse((await sandbox.run(['stats', 'show', '--monthly', '--json'])).stdout);
    expect(month).toMatchObject({ total: { requests: 12, usd: 7.9 }, failovers: 1, errors: { overloaded: 1 } });
    expect(month.series).toHaveLength(30);
    expect(
      JSON.parse((await sandbox.run(['stats', 'show', '--daily', '--json'])).stdout).series.length,
    ).toBeGreaterThan(22);
  });

  it('says what people said of each model, as a share with the interval in which it lies', async () => {
    const answers = Array.from({ length: 12 }, (_, n) => rowOf('anthropic/haiku', {}, {}, `judged${n}`));
    book([...answers, rowOf('openai/gpt', {}, {}, 'judged-by-model'), rowOf('google/gemini', {})]);
    const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
    const learning = ledger.learning();
    for (let n = 0; n < 12; n += 1) {
      const answer = { decision: `judged${n}`, candidate: 'anthropic/haiku' };
      learning.judge(answer, { good: n < 9, source: n % 2 === 0 ? 'feedback' : 'comparison' });
    }
    learning.judge({ decision: 'judged-by-model', candidate: 'openai/gpt' }, { good: true, source: 'judge-model' });
    ledger.close();
    const { stdout } = await sandbox.run(['stats', 'show']);
    expect(stdout).toMatch(/anthropic\/haiku .* 9 of 12 \(47–91 %\)/);
    expect(stdout).toMatch(/openai\/gpt .* 0 +- *$/m);
    const { models } = JSON.parse((await sandbox.run(['stats', 'show', '--json'])).stdout);
    const quality = (candidate: string) => models.find((one: { candidate: string }) => one.candidate === candidate);
    expect(quality('anthropic/haiku').quality).toMatchObject({
      good: 9,
      bad: 3,
      share: 0.75,
      interval: [expect.closeTo(0.468, 2), expect.closeTo(0.911, 2)],
      sources: { feedback: { good: 5, bad: 1 }, comparison: { good: 4, bad: 2 } },
    });
    expect(quality('openai/gpt').quality).toMatchObject({ share: null, sources: { 'judge-model': { good: 1 } } });
    expect(quality('google/gemini').quality).toBeNull();
  });
});
