import { primaryAtMost, primaryExactly, required } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Requests that a provider refuses: the same again would be refused again. */
export const REFUSALS: readonly FailureCase[] = [
  {
    id: 'S12',
    title: '400 context_length_exceeded, always',
    wall: 20,
    faults: { primary: { error: 'context_length_exceeded' } },
    checks: [
      primaryAtMost(required, 2),
      required('never the same prompt again', ({ primary: [first, ...others] }) =>
        others.every((attempt) => attempt.promptBytes < (first?.promptBytes ?? 0)),
      ),
    ],
  },
  {
    id: 'S13',
    title: '400 content_policy_violation, always',
    wall: 20,
    ideal: 'error',
    faults: { primary: { error: 'content_policy_violation' } },
    checks: [primaryExactly(required, 1)],
  },
];
