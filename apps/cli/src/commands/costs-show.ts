import type { Configuration } from '@signalbox/config';
import { formatUsd, nanoToUsd, RouterError } from '@signalbox/core';
import { createCalendar } from '@signalbox/cost-tracker';
import type { LedgerTotals, SqliteLedger, TotalsGroup } from '@signalbox/store-sqlite';
import { type BudgetLine, budgetLines, totalOf } from '../costs/budget-lines.ts';
import { csvLine } from '../costs/csv.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { reportConfiguration } from '../costs/report-configuration.ts';
import { type SpanOptions, type TimeSpan, timeSpan } from '../costs/time-span.ts';
import { drawTree, type TreeLine } from '../costs/tree.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface CostsShowOptions extends SpanOptions {
  readonly by?: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  readonly config?: string | undefined;
}

/** What costs can be shown by, under the names that people use. */
const GROUPS: Readonly<Record<string, TotalsGroup>> = {
  provider: 'provider',
  model: 'model',
  user: 'user',
  key: 'key',
  tag: 'tag',
  strategy: 'strategy',
  task: 'taskType',
  session: 'session',
  day: 'day',
};

const PROVIDER_TITLES: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic Claude',
  openai: 'OpenAI GPT',
  google: 'Google Gemini',
  local: 'Local models',
};

/** `signalbox costs show`: what was spent, as a tree. */
export async function costsShow(options: CostsShowOptions): Promise<number> {
  const by = readGroups(options.by);
  const configuration = await reportConfiguration(options.config);
  const span = timeSpan(options, Date.now(), configuration.budget.timeZone);
  const asData = options.json || options.csv;
  return readLedger(
    async (ledger) => {
      const report = readReport(ledger, span, by, configuration.budget);
      if (options.json) process.stdout.write(`${JSON.stringify(jsonReport(report), null, 2)}\n`);
      else if (options.csv) process.stdout.write(csvReport(report));
      else process.stdout.write(`${(await textReport(report)).join('\n')}\n`);
      return EXIT.success;
    },
    { asData },
  );
}

function readGroups(text = 'provider,model'): readonly TotalsGroup[] {
  const written = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const names = written.length === 0 ? [''] : [...new Set(written)];
  return names.map((name) => {
    const group = Object.hasOwn(GROUPS, name) ? GROUPS[name] : undefined;
    if (group !== undefined) return group;
    throw new RouterError({
      kind: 'usage',
      message: `--by knows no "${name}": use ${Object.keys(GROUPS).join(', ')}, several separated by commas.`,
    });
  });
}

interface Report {
  readonly span: TimeSpan;
  readonly by: readonly TotalsGroup[];
  readonly total: LedgerTotals;
  readonly simulated: LedgerTotals;
  /** Totals by the first group, by the first two, and so on. */
  readonly levels: readonly (readonly LedgerTotals[])[];
  readonly budgets: readonly BudgetLine[];
}

function readReport(
  ledger: SqliteLedger,
  span: TimeSpan,
  by: readonly TotalsGroup[],
  budget: Configuration['budget'],
): Report {
  const { timeZone } = budget;
  const total = totalOf(ledger, span);
  const simulated = totalOf(ledger, span, true);
  const levels = by.map((_, depth) => totalsBy(ledger, span, by.slice(0, depth + 1), timeZone));
  return { span, by, total, simulated, levels, budgets: budgetLines(ledger, span, total, budget) };
}

/** The ledger knows days of UTC and of this machine; those of the configured zone are asked for one by one. */
function totalsBy(
  ledger: SqliteLedger,
  { from, to }: TimeSpan,
  by: readonly TotalsGroup[],
  timeZone: string | undefined,
): readonly LedgerTotals[] {
  if (timeZone === undefined || !by.includes('day')) return ledger.totals({ from, to, days: 'local', by });
  const calendar = createCalendar(timeZone);
  const others = by.filter((group) => group !== 'day');
  const found: LedgerTotals[] = [];
  for (let at = from; at < to; at = calendar.day(at).to) {
    const bounds = { from: at, to: Math.min(to, calendar.day(at).to) };
    for (const { group, ...sums } of ledger.totals({ ...bounds, by: others })) {
      if (sums.attempts > 0) found.push({ group: { ...group, day: calendar.dateOf(at) }, ...sums });
    }
  }
  if (others.length === 0) return found;
  return found.sort((one, other) => other.nanoUsd - one.nanoUsd || other.attempts - one.attempts);
}

async function textReport(report: Report): Promise<readonly string[]> {
  const { span, total, simulated, budgets } = report;
  const own = budgets.find((budget) => budget.period === span.period);
  const lines: TreeLine[] = [...branches(report, {}, 0)];
  lines.push({ label: 'Total', amount: against(total, own) });
  // A budget of another time has its own sum beside it.
  for (const budget of budgets.filter((one) => one !== own))
    lines.push({ label: budget.period === 'day' ? 'Today' : 'This month', amount: against(budget.spent, budget) });
  const after: string[] = [];
  if (total.attempts === 0) after.push('Nothing was spent in this time.');
  if (total.unknownPrices > 0)
    after.push(
      `${plural(total.unknownPrices, 'call')} at an unknown price ${total.unknownPrices === 1 ? 'is' : 'are'} not in it: give ${total.unknownPrices === 1 ? 'its model' : 'their models'} cost_per_1k_tokens.`,
    );
  if (total.cacheHits > 0)
    after.push(`${plural(total.cacheHits, 'kept answer')} saved ${formatUsd(total.savedNanoUsd)}.`);
  if (simulated.requests > 0)
    after.push(`${plural(simulated.requests, 'request')} went to the simulator and cost nothing.`);
  return [
    `${span.title}:`,
    ...(await drawTree(lines)),
    ...after.map((note) => wrapped(note, terminalWidth(process.stdout), '  ')),
  ];
}

/** `$12.34 / $50.00 daily budget`. */
function against(spent: LedgerTotals, budget: BudgetLine | undefined): string {
  return budget === undefined ? money(spent) : `${money(spent)} / ${formatUsd(budget.limit)} ${budget.title}`;
}

function branches(
  report: Pick<Report, 'by' | 'levels'>,
  above: LedgerTotals['group'],
  depth: number,
): readonly TreeLine[] {
  const { by, levels } = report;
  const group = by[depth];
  if (group === undefined) return [];
  const parents = by.slice(0, depth);
  return (levels[depth] ?? [])
    .filter((totals) => parents.every((one) => totals.group[one] === above[one]))
    .map((totals) => {
      const name = totals.group[group] ?? '(none)';
      const label = group === 'provider' ? (PROVIDER_TITLES[name] ?? name) : name;
      const children = branches(report, totals.group, depth + 1);
      const note =
        children.length > 0 ? undefined : `(${[plural(totals.requests, 'request'), ...doubts(totals)].join(', ')})`;
      return { label, amount: money(totals), note, children };
    });
}

function doubts({ unknownPrices }: LedgerTotals): readonly string[] {
  return unknownPrices === 0 ? [] : [`${unknownPrices} at an unknown price`];
}

/** A sum with an estimate in it is marked. */
function money({ nanoUsd, provenance }: LedgerTotals): string {
  return `${provenance === 'estimated' && nanoUsd > 0 ? '~' : ''}${formatUsd(nanoUsd)}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function jsonReport({ span, by, total, simulated, levels, budgets }: Report) {
  const budget = budgets.find((one) => one.period === span.period);
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    by,
    groups: (levels.at(-1) ?? []).map(withDollars),
    total: withDollars(total),
    simulated: withDollars(simulated),
    budget:
      budget === undefined
        ? null
        : { title: budget.title, limitUsd: nanoToUsd(budget.limit), limitNanoUsd: budget.limit },
    budgets: budgets.map(({ title, limit, from, to, spent }) => ({
      title,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      limitUsd: nanoToUsd(limit),
      limitNanoUsd: limit,
      spentUsd: nanoToUsd(spent.nanoUsd),
      spentNanoUsd: spent.nanoUsd,
    })),
  };
}

function withDollars({ group, ...sums }: LedgerTotals) {
  return { ...group, usd: nanoToUsd(sums.nanoUsd), ...sums };
}

function csvReport({ by, levels }: Report): string {
  const figures = [
    'requests',
    'attempts',
    'failures',
    'inputTokens',
    'outputTokens',
    'cacheReadTokens',
    'nanoUsd',
  ] as const;
  const lines = (levels.at(-1) ?? []).map((totals) =>
    csvLine([
      ...by.map((one) => totals.group[one]),
      ...figures.map((figure) => totals[figure]),
      nanoToUsd(totals.nanoUsd),
      totals.provenance,
      totals.unknownPrices,
      totals.cacheHits,
      totals.savedNanoUsd,
    ]),
  );
  const head = [...by, ...figures, 'usd', 'provenance', 'unknownPrices', 'cacheHits', 'savedNanoUsd'];
  return `${[csvLine(head), ...lines].join('\n')}\n`;
}
