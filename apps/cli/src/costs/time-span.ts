import { RouterError } from '@signalbox/core';
import { createCalendar } from '@signalbox/cost-tracker';

/** A span of time that a report is about: Unix milliseconds, `to` excluded. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  /** As a heading: `Today's Usage`. */
  readonly title: string;
  /** Which budget is about exactly this span. */
  readonly period?: 'day' | 'month' | undefined;
}

/** What a user may say of the span, as flags. */
export interface SpanOptions {
  readonly today?: boolean | undefined;
  readonly week?: boolean | undefined;
  readonly month?: boolean | undefined;
  readonly since?: string | undefined;
}

const QUARTER = 900_000;
const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY,
  w: 7 * DAY,
  mo: 30 * DAY,
  y: 365 * DAY,
};

/** The span that flags ask for; today where they ask for none. Throws RouterError `usage`. */
export function timeSpan(options: SpanOptions, now: number, timeZone: string | undefined): TimeSpan {
  const calendar = createCalendar(timeZone);
  const chosen = Object.entries(options).filter(
    ([name, value]) => SPANS.has(name) && value !== undefined && value !== false,
  );
  if (chosen.length > 1) {
    const names = chosen.map(([name]) => `--${name}`).join(' and ');
    throw new RouterError({ kind: 'usage', message: `${names} say different things: choose one.` });
  }
  const { from, to } = calendar.day(now);
  if (options.since !== undefined) {
    return { from: sinceMoment(options.since, now, timeZone), to, title: `Usage Since ${options.since}` };
  }
  if (options.week === true)
    return { from: calendar.day(from - 6 * DAY + DAY / 2).from, to, title: 'Usage of the Last 7 Days' };
  if (options.month === true) return { ...calendar.month(now), title: "This Month's Usage", period: 'month' };
  return { from, to, title: "Today's Usage", period: 'day' };
}

const SPANS: ReadonlySet<string> = new Set(['today', 'week', 'month', 'since']);

/** `7d`, `12h`, `6mo`, `2026-11-01` or a moment of ISO 8601, as the quarter of an hour that it is in. Throws RouterError `usage`. */
export function sinceMoment(text: string, now: number, timeZone: string | undefined): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})(mo|[mhdwy])$/.exec(text.trim()) ?? [];
  const length = UNITS[unit];
  const moment =
    count !== undefined && length !== undefined
      ? now - Number(count) * length
      : (createCalendar(timeZone).beginOf(text.trim()) ??
        (/^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN));
  if (!Number.isFinite(moment) || moment < 0) {
    throw new RouterError({
      kind: 'usage',
      message: `"${text}" is no moment: write 7d, 12h, 30m (minutes), 2w, 6mo (months of 30 days), 1y, a date such as 2026-11-01, or 2026-11-01T08:00.`,
    });
  }
  if (moment > now) {
    throw new RouterError({
      kind: 'usage',
      message: `"${text}" is still to come: nothing has been booked since then.`,
    });
  }
  return Math.floor(moment / QUARTER) * QUARTER;
}
