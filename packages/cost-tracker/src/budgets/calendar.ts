import { RouterError } from '@signalbox/core';

/** Unix milliseconds, `to` excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Days and months of a time zone. */
export interface Calendar {
  day(at: number): Span;
  month(at: number): Span;
  /** The date at a moment: `2026-11-25`. */
  dateOf(at: number): string;
  /** The beginning of a date, `2026-11-25`; `undefined` where there is no such date. */
  beginOf(date: string): number | undefined;
}

const QUARTER = 900_000;
const DAY = 86_400_000;

/**
 * The calendar of an IANA time zone; default: this machine's. Days have 23 to 25 hours where clocks are changed. Throws RouterError
 * `configuration` on a zone that does not exist.
 *
 * @example createCalendar('Europe/Lisbon').day(Date.now()) // from midnight to midnight there
 */
export function createCalendar(timeZone?: string): Calendar {
  const dateAt = dateReader(timeZone);
  let day: Span = { from: 0, to: 0 };
  let month: Span = { from: 0, to: 0 };

  /** The first quarter of an hour of a date: offsets are whole quarters, and no zone is a day and a half from UTC. */
  function begin(year: number, monthIndex: number, date: number): number {
    const utc = new Date(Date.UTC(year, monthIndex, date));
    const wanted = utc.getUTCFullYear() * 10_000 + (utc.getUTCMonth() + 1) * 100 + utc.getUTCDate();
    let before = (utc.getTime() - 1.5 * DAY) / QUARTER;
    let after = (utc.getTime() + 1.5 * DAY) / QUARTER;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (dateAt(middle * QUARTER) >= wanted) after = middle;
      else before = middle;
    }
    return after * QUARTER;
  }

  function partsAt(at: number): readonly [year: number, monthIndex: number, date: number] {
    const date = dateAt(at);
    return [Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100];
  }

  return {
    day(at) {
      if (at < day.from || at >= day.to) {
        const [year, monthIndex, date] = partsAt(at);
        day = { from: begin(year, monthIndex, date), to: begin(year, monthIndex, date + 1) };
      }
      return day;
    },
    month(at) {
      if (at < month.from || at >= month.to) {
        const [year, monthIndex] = partsAt(at);
        month = { from: begin(year, monthIndex, 1), to: begin(year, monthIndex + 1, 1) };
      }
      return month;
    },
    dateOf(at) {
      const [year, monthIndex, date] = partsAt(at);
      return [
        String(year).padStart(4, '0'),
        ...[monthIndex + 1, date].map((part) => String(part).padStart(2, '0')),
      ].join('-');
    },
    beginOf(date) {
      const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
      // A 30th of February becomes a 2nd of March.
      if (at === undefined || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(date)) return undefined;
      return begin(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
    },
  };
}

/** Reads the date at a moment, as a number that grows with it: 20261125. Throws RouterError `configuration`. */
function dateReader(timeZone: string | undefined): (at: number) => number {
  // What `Intl` needs to get ready is longer than a whole report takes: the usual zones go without.
  if (timeZone === undefined) {
    return (at) => {
      const date = new Date(at);
      return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
    };
  }
  if (timeZone === 'UTC') return (at) => Number(new Date(at).toISOString().slice(0, 10).replaceAll('-', ''));
  try {
    // Canadian English writes dates as ISO 8601 does.
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    return (at) => Number(format.format(at).replaceAll('-', ''));
  } catch {
    throw new RouterError({
      kind: 'configuration',
      message: `The time zone "${timeZone}" is unknown: use a name such as Europe/Lisbon or UTC.`,
    });
  }
}
