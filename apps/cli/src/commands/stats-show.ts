import { formatUsd, nanoToUsd } from '@signalbox/core';
import { createCalendar } from '@signalbox/cost-tracker';
import type { LedgerTotals, ModelPerformance, SqliteLedger } from '@signalbox/store-sqlite';
import { type ModelQuality, modelQualities } from '../costs/model-quality.ts';
import { percent, qualityTable, speedTable } from '../costs/model-tables.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { reportConfiguration } from '../costs/report-configuration.ts';
import { sparkline } from '../costs/sparkline.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface StatsShowOptions {
  readonly daily?: boolean | undefined;
  readonly weekly?: boolean | undefined;
  readonly monthly?: boolean | undefined;
  readonly json: boolean;
  readonly config?: string | undefined;
}

const HOUR = 3_600_000;

/** Times from one to the next, ascending: what stands between two is one bar. */
interface Bars {
  readonly title: string;
  readonly unit: 'hour' | 'day';
  readonly bounds: readonly number[];
}

/** `signalbox stats show`: how much was asked, how well it went and what it cost. */
export async function statsShow(options: StatsShowOptions): Promise<number> {
  const configuration = await reportConfiguration(options.config);
  return readLedger((ledger) => {
    const bars = barsOf(options, Date.now(), configuration.budget.timeZone);
    const report = readReport(ledger, bars);
    if (options.json) process.stdout.write(`${JSON.stringify(jsonOf(report), null, 2)}\n`);
    else process.stdout.write(`${textOf(report)}\n`);
    return EXIT.success;
  });
}

/** A week by default: long enough to see a habit, short enough to change it. */
function barsOf({ daily, monthly }: StatsShowOptions, now: number, timeZone: string | undefined): Bars {
  const calendar = createCalendar(timeZone);
  const today = calendar.day(now);
  if (daily === true) {
    const bounds: number[] = [];
    for (let at = today.from; at < today.to; at += HOUR) bounds.push(at);
    return { title: 'Today', unit: 'hour', bounds: [...bounds, today.to] };
  }
  const days = monthly === true ? 30 : 7;
  const bounds = [today.to, today.from];
  while (bounds.length <= days) bounds.push(calendar.day((bounds.at(-1) ?? 0) - 1).from);
  return { title: `The last ${days} days`, unit: 'day', bounds: bounds.reverse() };
}

interface Report {
  readonly bars: Bars;
  readonly total: LedgerTotals;
  readonly series: readonly LedgerTotals[];
  readonly spend: ReadonlyMap<string, LedgerTotals>;
  readonly models: readonly ModelPerformance[];
  readonly quality: ReadonlyMap<string, ModelQuality>;
}

function readReport(ledger: SqliteLedger, bars: Bars): Report {
  const { bounds } = bars;
  const sum = (from: number | undefined, to: number | undefined) => ledger.totals({ from, to })[0] as LedgerTotals;
  const span = { from: bounds[0], to: bounds.at(-1) };
  return {
    bars,
    total: sum(span.from, span.to),
    series: bounds.slice(1).map((to, index) => sum(bounds[index], to)),
    spend: new Map(ledger.totals({ ...span, by: ['candidate'] }).map((one) => [one.group.candidate ?? '', one])),
    models: ledger.performance(span),
    quality: modelQualities(ledger.learning().verdicts(span)),
  };
}

function causes({ models }: Report, cause: string): number {
  return models.reduce((sum, model) => sum + (model.causes[cause] ?? 0), 0);
}

function errorsOf({ models }: Report): readonly (readonly [kind: string, count: number])[] {
  const kinds = new Map<string, number>();
  for (const { errors } of models) {
    for (const [kind, count] of Object.entries(errors)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  return [...kinds].sort((one, other) => other[1] - one[1]);
}

function textOf(report: Report): string {
  const { bars, total, series } = report;
  if (total.attempts === 0) return `${bars.title}: nothing was asked.`;
  const errors = errorsOf(report);
  const failed = errors.reduce((sum, [, count]) => sum + count, 0);
  const kinds = errors.map(([kind, count]) => `${count} ${kind}`).join(', ');
  const escalated = report.models.reduce((sum, model) => sum + model.escalations, 0);
  const lines = [
    `${bars.title}, by ${bars.unit}`,
    '',
    `requests    ${sparkline(series.map((one) => one.requests))}  ${total.requests}`,
    `spend       ${sparkline(series.map((one) => one.nanoUsd))}  ${formatUsd(total.nanoUsd)}`,
    `tokens      ${sparkline(series.map((one) => one.inputTokens + one.outputTokens))}  ${total.inputTokens} in (${total.cacheReadTokens} from providers' caches), ${total.outputTokens} out`,
    '',
    `errors      ${failed} of ${total.attempts} attempts (${percent(failed, total.attempts)})${kinds === '' ? '' : `: ${kinds}`}`,
    `failovers   ${causes(report, 'failover')}, retries ${causes(report, 'retry')}, hedges ${causes(report, 'hedge')}, continued answers ${causes(report, 'continuation')}; ${escalated} left a model for another`,
    `cache       ${total.cacheHits} kept answers (${percent(total.cacheHits, total.requests)} of requests) saved ${formatUsd(total.savedNanoUsd)}`,
  ];
  if (total.unknownPrices > 0)
    lines.push(`unknown     ${total.unknownPrices} attempts at an unknown price are not in the spend`);
  const width = terminalWidth(process.stdout);
  const head = lines.map((line) => wrapped(line, width, ' '.repeat(12)));
  return [...head, '', speedTable(report, width), '', qualityTable(report, width)].join('\n');
}

function jsonOf(report: Report) {
  const { bars, total, series, models, spend, quality } = report;
  const { bounds } = bars;
  const iso = (at: number | undefined) => new Date(at ?? 0).toISOString();
  const plain = ({ group: _group, ...sums }: LedgerTotals) => ({ usd: nanoToUsd(sums.nanoUsd), ...sums });
  return {
    from: iso(bounds[0]),
    to: iso(bounds.at(-1)),
    total: plain(total),
    errors: Object.fromEntries(errorsOf(report)),
    failovers: causes(report, 'failover'),
    retries: causes(report, 'retry'),
    hedges: causes(report, 'hedge'),
    continuations: causes(report, 'continuation'),
    escalations: models.reduce((sum, model) => sum + model.escalations, 0),
    series: series.map((one, index) => ({ from: iso(bounds[index]), ...plain(one) })),
    models: models.map((model) => {
      const totals = spend.get(model.candidate);
      return {
        ...model,
        ...(totals === undefined ? {} : plain(totals)),
        quality: quality.get(model.candidate) ?? null,
      };
    }),
  };
}
