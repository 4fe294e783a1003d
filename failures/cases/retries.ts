import { advisory, primaryAtLeast, primaryAtMost, primaryAtMostWithin, required } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Errors before the first byte: when to try the same place again, and when to go on. */
export const RETRIES: readonly FailureCase[] = [
  {
    id: 'S01',
    title: '429 with Retry-After: 2, once',
    wall: 20,
    faults: { primary: { error: 'rate_limit_exceeded', retryAfter: '2', times: 1 } },
    checks: [
      primaryAtMostWithin(required, 2, 1.5),
      primaryAtLeast(advisory, 2),
      advisory(
        'waits for 1.8 s at least before the second attempt',
        ({ primary: [first, second] }) => first !== undefined && second !== undefined && second.at - first.at >= 1.8,
      ),
    ],
  },
  {
    id: 'S02',
    title: '429 without a header, always',
    wall: 40,
    faults: { primary: { error: 'rate_limit_exceeded' } },
    checks: [primaryAtMostWithin(required, 4, 3), primaryAtMost(required, 6)],
  },
  {
    id: 'S03',
    title: '500 once',
    wall: 20,
    faults: { primary: { error: 'server_error', times: 1 } },
    checks: [primaryAtLeast(advisory, 2)],
  },
  {
    id: 'S04',
    title: '503 overloaded, always',
    wall: 40,
    faults: { primary: { error: 'overloaded' } },
    checks: [primaryAtMost(required, 6)],
  },
  {
    id: 'S05',
    title: 'TCP reset before the headers, once',
    wall: 20,
    faults: { primary: { reset: true, times: 1 } },
  },
];
