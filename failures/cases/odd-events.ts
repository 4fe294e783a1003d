import { advisory, hasUsage, noMalformedEvents, required, saneUsage } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

const MANY_SCRIPTS = 'Weiche größer 日本語の駅 поезд 🚂🚃 नदी עברית e\u0301tage '.repeat(4).trim();
const LAYOUTS = ['crlf', 'cr', 'bom', 'no-space', 'multi-line'] as const;

/** Events that the standards allow but few expect, and events that they don't allow. */
export const ODD_EVENTS: readonly FailureCase[] = [
  { id: 'X08.finish', title: 'the finish comes twice', wall: 20, faults: { primary: { duplicateFinish: true } } },
  { id: 'X08.role', title: 'the role comes twice', wall: 20, faults: { primary: { duplicateOpening: true } } },
  {
    id: 'X10.split',
    title: 'characters split over packets',
    wall: 30,
    faults: { primary: { text: MANY_SCRIPTS, splitBytes: 5, interval: 0 } },
    expected: MANY_SCRIPTS,
    checks: [noMalformedEvents],
  },
  {
    id: 'X10.invalid',
    title: 'bytes that are not UTF-8 in a field',
    wall: 20,
    faults: { primary: { invalidUtf8: 11 } },
    checks: [noMalformedEvents],
  },
  ...LAYOUTS.map(
    (layout): FailureCase => ({
      id: `X10.${layout}`,
      title: `events written with ${layout}`,
      wall: 20,
      faults: { primary: { layout } },
      checks: [
        noMalformedEvents,
        advisory('the primary answers: nothing is wrong', ({ fallback }) => fallback.length === 0),
      ],
    }),
  ),
];

/** Counts that no client should have to add up. */
export const COUNTS: readonly FailureCase[] = [
  {
    id: 'X11.missing',
    title: 'no counts',
    wall: 20,
    faults: { primary: { noUsage: true } },
    checks: [hasUsage(advisory), saneUsage],
  },
  {
    id: 'X11.negative',
    title: 'counts below zero',
    wall: 20,
    faults: { primary: { badUsage: 'negative' } },
    checks: [hasUsage(advisory), saneUsage],
  },
  {
    id: 'X11.null',
    title: 'counts that are null',
    wall: 20,
    faults: { primary: { badUsage: 'null' } },
    checks: [hasUsage(advisory), saneUsage],
  },
  {
    id: 'X11.twice',
    title: 'counts twice',
    wall: 20,
    faults: { primary: { duplicateUsage: true } },
    checks: [hasUsage(required), saneUsage],
  },
];
