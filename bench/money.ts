// npm run bench:money [-- --rounds N --rows N --starts N --part gateway|growth|reports]: what booking and budgets add to the gateway's CPU per request, what they cost
// with many users, and how long `costs show` takes among a million attempts beside `--version`. Linux only.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LedgerRow } from '../packages/core/src/index.ts';
import { createSqliteLedger } from '../packages/store-sqlite/src/index.ts';
import { type ChildProgram, startProgram } from './child-program.ts';
import { runLoad, WORKLOADS } from './load.ts';
import { median } from './median.ts';
import { measureMoneyGrowth } from './money-growth.ts';
import { startCpu } from './start-cpu.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    rows: { type: 'string', default: '1000000' },
    starts: { type: 'string', default: '2' },
    part: { type: 'string', multiple: true, default: ['gateway', 'growth', 'reports'] },
  },
});
const rounds = Number(values.rounds);
const ROWS = Number(values.rows);
const starts = Number(values.starts);
/** A program that has more code is compiled for longer: until then it looks dearer than it is. */
const WARM_UP_MS = 10_000;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cli = here('../apps/cli/dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));

const BUDGETS = `budget:
  daily: 100000
  monthly: 1000000
  per_user: { default: 100000 }
  per_model: { gpt-4o-mini: { max_daily_uses: 1000000000 } }
  alerts: [{ threshold: 50%, action: notify }, { threshold: 80%, action: switch_to_cheaper }]
`;

try {
  console.log(`${rounds} interleaved rounds, medians\n`);
  if (values.part.includes('gateway')) await measureGateway();
  if (values.part.includes('growth')) await showGrowth();
  if (values.part.includes('reports')) measureReports();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** CPU microseconds of a request in one round, without accounting, with books, and with budgets as well. */
interface Round {
  readonly without: number;
  readonly books: number;
  readonly budgets: number;
}

/** Three gateways, loaded in turns. They are started several times: two processes of the same program differ by several percent, whatever they do. */
async function measureGateway(): Promise<void> {
  const figures = new Map<string, Round[]>(WORKLOADS.map(({ name }) => [name, []]));
  for (let start = 0; start < starts; start += 1) await measureOneStart(start, figures);
  console.log('CPU microseconds per request          neither       books   + budgets   ratio of books   with budgets');
  for (const [name, all] of figures) {
    const cells = [
      name.padEnd(34),
      median(all.map((one) => one.without))
        .toFixed(0)
        .padStart(12),
      median(all.map((one) => one.books))
        .toFixed(0)
        .padStart(11),
      median(all.map((one) => one.budgets))
        .toFixed(0)
        .padStart(11),
      median(all.map((one) => one.books / one.without))
        .toFixed(3)
        .padStart(16),
      median(all.map((one) => one.budgets / one.without))
        .toFixed(3)
        .padStart(14),
    ];
    console.log(cells.join(' '));
  }
}

async function measureOneStart(start: number, figures: ReadonlyMap<string, Round[]>): Promise<void> {
  const programs: ChildProgram[] = [];
  try {
    const upstream = await startProgram([here('upstream.ts')]);
    programs.push(upstream);
    const gateway = async (name: string, more: string) => {
      const home = join(folder, `${name}-${start}`);
      mkdirSync(home);
      const config = join(home, 'router-config.yml');
      const providers = `providers:\n  openai: { endpoint: "${upstream.url}", api_key: k, models: [gpt-4o-mini] }\n`;
      writeFileSync(config, `${providers}${more}`);
      const program = await startProgram([cli, 'serve', '--port', '0', '--config', config], { HOME: home });
      programs.push(program);
      return program;
    };
    const without = await gateway('without', 'cost_tracking: { enabled: false }\n');
    const books = await gateway('books', '');
    const budgets = await gateway('budgets', BUDGETS);
    for (const workload of WORKLOADS) {
      for (const { url } of [without, books, budgets])
        await runLoad(url, { ...workload, requests: Number.POSITIVE_INFINITY }, { limitMs: WARM_UP_MS });
      const cost = async (program: ChildProgram) => {
        const before = program.cpuMicroseconds();
        await runLoad(program.url, workload);
        return (program.cpuMicroseconds() - before) / workload.requests;
      };
      for (let round = 0; round < rounds; round += 1) {
        figures
          .get(workload.name)
          ?.push({ without: await cost(without), books: await cost(books), budgets: await cost(budgets) });
      }
    }
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
}

/** Whether a request costs the same however many users and keys there are. */
async function showGrowth(): Promise<void> {
  const figures = await measureMoneyGrowth(Math.min(rounds, 5));
  const one = figures[0]?.microseconds ?? Number.NaN;
  console.log('\nusers and keys, each with a budget   booking   + admission   beside one user');
  for (const { users, microseconds, bookingMicroseconds } of figures) {
    const cells = [
      String(users).padEnd(34),
      bookingMicroseconds.toFixed(1).padStart(10),
      microseconds.toFixed(1).padStart(13),
      (microseconds / one).toFixed(2).padStart(17),
    ];
    console.log(cells.join(' '));
  }
}

/** Reports over a month of many attempts: 20 users, 6 models. */
function measureReports(): void {
  const home = join(folder, 'reports');
  const file = join(home, '.claude-code', 'signalbox.db');
  const ledger = createSqliteLedger({ file });
  const now = Date.now();
  for (let index = 0; index < ROWS; index += 1) {
    ledger.append(rowOf(index, now - 30 * 86_400_000 * (1 - index / ROWS)));
    if (index % 500 === 499) ledger.flush();
  }
  ledger.close();
  console.log(`\n${ROWS} attempts of 30 days: ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const base = startCpu([cli, '--version'], home, rounds);
  for (const words of [
    ['costs', 'show'],
    ['costs', 'show', '--month', '--by', 'user'],
    ['stats', 'show', '--weekly'],
  ]) {
    const cpu = startCpu([cli, ...words], home, rounds);
    console.log(
      `${words.join(' ').padEnd(34)} ${cpu.toFixed(0).padStart(6)} ms of CPU, ${(cpu / base).toFixed(2)} x --version (${base.toFixed(0)} ms)`,
    );
  }
}

function rowOf(index: number, at: number): LedgerRow {
  const models = ['anthropic/opus', 'anthropic/sonnet', 'anthropic/haiku', 'openai/gpt-5', 'openai/mini', 'google/pro'];
  const candidate = models[index % models.length] ?? '';
  const [provider = '', model = ''] = candidate.split('/');
  const startedAt = Math.floor(at);
  const user = `user-${(index * 7919) % 20}`;
  return {
    decision: {
      id: `${startedAt.toString(16)}-${index.toString(16).padStart(8, '0')}`,
      decidedAt: startedAt,
      requestedModel: model,
      strategy: 'manual',
      reason: 'the caller named the model',
      order: [{ candidate, provider, model }],
      removed: [],
    },
    attempt: {
      candidate,
      provider,
      model,
      cause: 'first',
      startedAt,
      durationMs: 500 + (index % 3_000),
      firstContentMs: 200 + (index % 500),
      outcome: index % 50 === 0 ? 'failure' : 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
      finish: { reason: 'stop' },
      usage: { inputTokens: 1_000 + (index % 9_000), outputTokens: 100 + (index % 900), provenance: 'reported' },
      cost: { nanoUsd: 1_000_000 + (index % 9_000_000), provenance: 'reported' },
    },
    caller: { tenant: 'local', user, key: user, session: `s-${Math.floor(index / 20)}` },
  };
}
