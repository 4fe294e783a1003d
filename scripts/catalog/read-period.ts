import { decimalToInteger } from '../../packages/core/src/money.ts';
import { DATE, isCount, isFields, refuseUnknown, show } from './field-checks.ts';
import { BILLED_KINDS, SERVICE_TIERS, type SourcePrice, type SourceRates, UNBILLED_KINDS } from './source-catalog.ts';

const RATE_FIELDS: readonly string[] = [...BILLED_KINDS, ...UNBILLED_KINDS, 'webSearchPer1k'];
const PERIOD_FIELDS = ['effectiveFrom', 'effectiveUntil', 'timeOfDayUTC', 'tiers', ...SERVICE_TIERS];
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:00)?Z$/;

/** Checks one price period and gives it; adds a sentence to `problems` for each thing that is wrong with it. */
export function readPeriod(period: unknown, where: string, problems: string[]): SourcePrice {
  const empty: SourcePrice = { rates: {}, tiers: [], services: {} };
  if (!isFields(period)) {
    problems.push(`${where}: expected an object`);
    return empty;
  }
  const { effectiveFrom, effectiveUntil } = period as { effectiveFrom?: string; effectiveUntil?: string };
  for (const [key, value] of Object.entries({ effectiveFrom, effectiveUntil })) {
    if (value !== undefined && !DATE.test(value))
      problems.push(`${where}.${key}: expected a date, found ${show(value)}`);
  }
  if (effectiveFrom !== undefined && effectiveUntil !== undefined && effectiveFrom >= effectiveUntil) {
    problems.push(`${where}: effectiveFrom ${effectiveFrom} is not before effectiveUntil ${effectiveUntil}`);
  }
  const tiers = Array.isArray(period.tiers) ? period.tiers : [];
  return {
    rates: readRates(period, PERIOD_FIELDS, where, problems),
    effectiveFrom,
    effectiveUntil,
    hoursUtc: readHours(period.timeOfDayUTC, `${where}.timeOfDayUTC`, problems),
    tiers: tiers.map((tier: unknown, at) => {
      const tierWhere = `${where}.tiers[${at}]`;
      const above = isFields(tier) ? tier.aboveInputTokens : undefined;
      if (!isCount(above))
        problems.push(`${tierWhere}.aboveInputTokens: expected a whole number above zero, found ${show(above)}`);
      return { aboveInputTokens: Number(above), rates: readRates(tier, ['aboveInputTokens'], tierWhere, problems) };
    }),
    services: Object.fromEntries(
      SERVICE_TIERS.filter((name) => period[name] !== undefined).map((name) => [
        name,
        readRates(period[name], [], `${where}.${name}`, problems),
      ]),
    ),
  };
}

function readHours(value: unknown, where: string, problems: string[]): SourcePrice['hoursUtc'] {
  if (value === undefined) return undefined;
  const from = isFields(value) ? String(value.from) : '';
  const to = isFields(value) ? String(value.to) : '';
  if (TIME.test(from) && TIME.test(to)) return { from: from.slice(0, 5), to: to.slice(0, 5) };
  problems.push(`${where}: expected from and to as whole minutes like 01:00:00Z, found ${show(value)}`);
  return undefined;
}

function readRates(value: unknown, others: readonly string[], where: string, problems: string[]): SourceRates {
  if (!isFields(value)) {
    problems.push(`${where}: expected an object of rates`);
    return {};
  }
  refuseUnknown(value, [...RATE_FIELDS, ...others], where, problems);
  const rates: Record<string, number> = {};
  for (const kind of RATE_FIELDS) {
    const rate = value[kind];
    if (rate === undefined) continue;
    if (typeof rate !== 'number' || !(rate >= 0) || decimalToInteger(rate, 9) === undefined) {
      problems.push(
        `${where}.${kind}: expected dollars of zero or more, with at most nine decimals, found ${show(rate)}`,
      );
    } else rates[kind] = rate;
  }
  return rates;
}
