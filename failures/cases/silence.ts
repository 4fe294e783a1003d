import { advisory, primaryExactly, required, totalAtMost } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Providers that say nothing for too long. */
export const SILENCE: readonly FailureCase[] = [
  {
    id: 'S06',
    title: 'no response for 120 s, always',
    wall: 130,
    faults: { primary: { silent: true, hold: 120_000 } },
    checks: [totalAtMost(required, 100), primaryExactly(advisory, 1)],
  },
  {
    id: 'S07',
    title: 'headers at once, first token after 20 s',
    wall: 60,
    faults: { primary: { slowFirstToken: 20_000 } },
    checks: [totalAtMost(advisory, 15)],
  },
];

/** The same in the middle of an answer. */
export const STALLS: readonly FailureCase[] = [
  {
    id: 'S09',
    title: '20 words, then silence for 30 s',
    wall: 70,
    faults: { primary: { stall: 20, hold: 30_000 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
];
