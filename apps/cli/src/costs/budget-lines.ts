import type { Configuration } from '@signalbox/config';
import { type NanoUsd, RouterError } from '@signalbox/core';
import { createCalendar } from '@signalbox/cost-tracker';
import type { LedgerTotals, SqliteLedger } from '@signalbox/store-sqlite';
import type { TimeSpan } from './time-span.ts';

/** What was spent of a budget that is for everybody. */
export interface BudgetLine {
  /** `daily budget`. */
  readonly title: string;
  readonly period: 'day' | 'month';
  readonly limit: NanoUsd;
  readonly from: number;
  readonly to: number;
  /** In this day or month, whatever span the report is about. */
  readonly spent: LedgerTotals;
}

/** What was spent in all in a time. Throws RouterError. */
export function totalOf(
  ledger: SqliteLedger,
  { from, to }: Pick<TimeSpan, 'from' | 'to'>,
  simulated = false,
): LedgerTotals {
  const [total] = ledger.totals({ from, to, simulated });
  if (total === undefined) throw new RouterError({ kind: 'internal', message: 'The ledger gave no totals.' });
  return total;
}

/** The budgets for everybody, the one of the report's own span first. */
export function budgetLines(
  ledger: SqliteLedger,
  span: TimeSpan,
  total: LedgerTotals,
  { daily, monthly, timeZone }: Configuration['budget'],
): readonly BudgetLine[] {
  const calendar = createCalendar(timeZone);
  const now = Date.now();
  const lines = [
    { title: 'daily budget', period: 'day', limit: daily, ...calendar.day(now) },
    { title: 'monthly budget', period: 'month', limit: monthly, ...calendar.month(now) },
  ] as const;
  return lines
    .flatMap(({ limit, ...line }): BudgetLine[] =>
      limit === undefined
        ? []
        : [{ ...line, limit, spent: line.period === span.period ? total : totalOf(ledger, line) }],
    )
    .sort((one, other) => Number(other.period === span.period) - Number(one.period === span.period));
}
