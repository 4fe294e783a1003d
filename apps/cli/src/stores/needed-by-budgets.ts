import { existsSync } from 'node:fs';
import type { Configuration } from '@signalbox/config';
import { createCalendar } from '@signalbox/cost-tracker';
import { gatewayKeysFile, openGatewayKeys } from './open-gateway-keys.ts';

/**
 * Says since when (Unix milliseconds, at a moment) attempts may not be forgotten, since budgets count them: the beginning of the month where anything is limited by the
 * month, else of the day. Otherwise a budget would be whole again whenever the books are pruned.
 */
export async function neededByBudgets(configuration: Configuration): Promise<(now: number) => number> {
  const calendar = createCalendar(configuration.budget.timeZone);
  const period = (await isLimitedByMonth(configuration)) ? 'month' : 'day';
  return (now) => calendar[period](now).from;
}

async function isLimitedByMonth({ budget, gateway }: Configuration): Promise<boolean> {
  const { monthly, perKey = {}, perTag = {}, perModel = {} } = budget;
  if (monthly !== undefined || gateway.jwt?.claims?.budgetMonthly !== undefined) return true;
  if ([perKey, perTag, perModel].some((limits) => Object.values(limits).some((limit) => limit.monthly !== undefined)))
    return true;
  if (!existsSync(gatewayKeysFile())) return false;
  const keys = await openGatewayKeys();
  try {
    return keys.list().some(({ limits }) => limits.budgetMonthly !== undefined);
  } finally {
    keys.close();
  }
}
