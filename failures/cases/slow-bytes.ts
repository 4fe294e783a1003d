import { required, totalAtMost } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Bytes come, but nothing with them: timers must not look at bytes. */
export const SLOW_BYTES: readonly FailureCase[] = [
  {
    id: 'X04.headers',
    title: 'a byte of headers every 2 s',
    wall: 130,
    faults: { primary: { slowHeaders: 2_000, hold: 120_000 } },
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X04.event',
    title: '20 words, then an event that never ends',
    wall: 130,
    faults: { primary: { drip: 20, hold: 120_000 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X04.comments',
    title: 'comments alone for 60 s',
    wall: 130,
    faults: { primary: { slowFirstToken: 60_000, comments: true } },
    checks: [totalAtMost(required, 45)],
  },
];
