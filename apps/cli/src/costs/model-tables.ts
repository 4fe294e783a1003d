import { formatUsd } from '@signalbox/core';
import type { LedgerTotals, ModelPerformance, Percentiles } from '@signalbox/store-sqlite';
import { fittedTable, type TableColumn } from '../terminal/fitted-table.ts';
import type { ModelQuality } from './model-quality.ts';

/** What is known of models in a time. */
export interface ModelFigures {
  readonly spend: ReadonlyMap<string, LedgerTotals>;
  readonly models: readonly ModelPerformance[];
  readonly quality: ReadonlyMap<string, ModelQuality>;
}

type Column = readonly [column: TableColumn, cell: (model: ModelPerformance, figures: ModelFigures) => string];

/** Times: from here on columns go where there is no room for all. */
const SPEED: readonly Column[] = [
  [{ head: 'model' }, ({ candidate }) => candidate],
  [
    { head: 'requests', align: 'right', drop: 3 },
    ({ candidate }, { spend }) => String(spend.get(candidate)?.requests ?? 0),
  ],
  [{ head: 'spend', align: 'right' }, ({ candidate }, { spend }) => formatUsd(spend.get(candidate)?.nanoUsd ?? 0)],
  [{ head: 'p50', align: 'right' }, ({ durationMs }) => time(durationMs, 'p50')],
  [{ head: 'p95', align: 'right' }, ({ durationMs }) => time(durationMs, 'p95')],
  [{ head: 'p99', align: 'right', drop: 4 }, ({ durationMs }) => time(durationMs, 'p99')],
  [{ head: 'first token p50', align: 'right', drop: 1 }, ({ firstContentMs }) => time(firstContentMs, 'p50')],
  [{ head: 'first token p95', align: 'right', drop: 2 }, ({ firstContentMs }) => time(firstContentMs, 'p95')],
];

/** How well each did: what failed, who had to step in, for whom it stepped in itself, and what people said of its answers. */
const QUALITY: readonly Column[] = [
  [{ head: 'model' }, ({ candidate }) => candidate],
  [{ head: 'attempts', align: 'right', drop: 3 }, ({ attempts }) => String(attempts)],
  [{ head: 'errors', align: 'right' }, ({ errors, attempts }) => percent(sumOf(errors), attempts)],
  [{ head: 'aborted', align: 'right', drop: 5 }, ({ aborted, attempts }) => percent(aborted, attempts)],
  [{ head: 'retries', align: 'right', drop: 4 }, ({ causes }) => String(causes.retry ?? 0)],
  [{ head: 'escalated', align: 'right', drop: 1 }, ({ escalations }) => String(escalations)],
  [
    { head: 'stepped in', align: 'right', drop: 2 },
    ({ causes }) => String((causes.failover ?? 0) + (causes.continuation ?? 0)),
  ],
  [{ head: 'good', align: 'right' }, ({ candidate }, { quality }) => shareText(quality.get(candidate))],
];

export const speedTable = (figures: ModelFigures, width: number | undefined) => tableOf(SPEED, figures, width);
export const qualityTable = (figures: ModelFigures, width: number | undefined) => tableOf(QUALITY, figures, width);

function tableOf(columns: readonly Column[], figures: ModelFigures, width: number | undefined): string {
  return fittedTable(
    columns.map(([column]) => column),
    figures.models.map((model) => columns.map(([, cell]) => cell(model, figures))),
    width,
  );
}

/** "12 of 15 (55–93 %)". */
function shareText(quality: ModelQuality | undefined): string {
  if (quality?.interval == null) return '-';
  const [low, high] = quality.interval.map((share) => Math.round(share * 100));
  return `${quality.good} of ${quality.good + quality.bad} (${low}–${high} %)`;
}

function time(percentiles: Percentiles | undefined, which: keyof Percentiles): string {
  if (percentiles === undefined) return '-';
  const value = percentiles[which];
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Number(((part / whole) * 100).toFixed(1))} %`;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
