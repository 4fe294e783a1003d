import { QUARTER, QUARTERS_A_DAY } from '../schema/sums-schema.ts';

/** A part of a time, `to` excluded: numbers of quarters of an hour, or of days of UTC. */
export interface KeptSpan {
  readonly of: 'quarter' | 'day';
  readonly from: number;
  readonly to: number;
}

/** No clock gets there; a whole number of days. */
const NEVER = QUARTERS_A_DAY * 2 ** 32;

/** A time between whole quarters of an hour (Unix milliseconds; `undefined`: without a bound) as the days of UTC that are in it, and the quarters before and after. */
export function keptSpans(from: number | undefined, to: number | undefined): readonly KeptSpan[] {
  const first = from === undefined ? -NEVER : from / QUARTER;
  const last = to === undefined ? NEVER : to / QUARTER;
  const firstDay = Math.ceil(first / QUARTERS_A_DAY);
  const lastDay = Math.floor(last / QUARTERS_A_DAY);
  if (firstDay >= lastDay) return [{ of: 'quarter', from: first, to: last }];
  const spans: readonly KeptSpan[] = [
    { of: 'quarter', from: first, to: firstDay * QUARTERS_A_DAY },
    { of: 'day', from: firstDay, to: lastDay },
    { of: 'quarter', from: lastDay * QUARTERS_A_DAY, to: last },
  ];
  return spans.filter((one) => one.from < one.to);
}
