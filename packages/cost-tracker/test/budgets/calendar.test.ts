import { RouterError } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../src/index.ts';

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);
const dayAt = (zone: string, at: string) => {
  const { from, to } = createCalendar(zone).day(Date.parse(at));
  return [iso(from), iso(to)];
};

describe('days of a time zone', () => {
  test.each([
    ['UTC', '2026-11-25T12:00Z', '2026-11-25T00:00', '2026-11-26T00:00'],
    ['Europe/Lisbon', '2026-07-01T23:30Z', '2026-07-01T23:00', '2026-07-02T23:00'],
    ['Asia/Kathmandu', '2026-11-25T18:20Z', '2026-11-25T18:15', '2026-11-26T18:15'],
    ['Pacific/Kiritimati', '2026-11-25T09:59Z', '2026-11-24T10:00', '2026-11-25T10:00'],
    ['America/New_York', '2026-11-25T04:59Z', '2026-11-24T05:00', '2026-11-25T05:00'],
  ])('%s at %s', (zone, at, from, to) => {
    expect(dayAt(zone, at)).toEqual([from, to]);
  });

  test('have 23 and 25 hours where clocks are changed, also at midnight itself', () => {
    const hours = (zone: string, at: string) => {
      const { from, to } = createCalendar(zone).day(Date.parse(at));
      return (to - from) / HOUR;
    };
    expect(hours('Europe/Berlin', '2026-03-29T12:00Z')).toBe(23);
    expect(hours('Europe/Berlin', '2026-10-25T12:00Z')).toBe(25);
    // Lebanon's clocks go from 00:00 to 01:00: the day begins at one.
    expect(hours('Asia/Beirut', '2026-03-29T12:00Z')).toBe(23);
  });

  test('follow each other without gap, in every zone, and a moment is in its own', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata');
    fc.assert(
      fc.property(
        zones,
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (zone, date) => {
          const calendar = createCalendar(zone);
          for (const span of ['day', 'month'] as const) {
            const { from, to } = calendar[span](date.getTime());
            expect(from <= date.getTime() && date.getTime() < to).toBe(true);
            expect(calendar[span](to).from).toBe(to);
            expect(calendar[span](from - 1).to).toBe(from);
            expect(from % (HOUR / 4)).toBe(0);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('of a zone that does not exist are an error that says so', () => {
    try {
      createCalendar('Europe/Lissabon');
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && [error.kind, error.message]).toEqual([
        'configuration',
        'The time zone "Europe/Lissabon" is unknown: use a name such as Europe/Lisbon or UTC.',
      ]);
    }
  });
});
