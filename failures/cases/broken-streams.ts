import { advisory, hasUsage, required, totalAtMost } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Streams that break off or hold what they should not. */
export const CUT: FailureCase = {
  id: 'S08',
  title: 'cut after 40 of 60 words, always',
  wall: 40,
  faults: { primary: { cut: 40 } },
};

export const BROKEN_STREAMS: readonly FailureCase[] = [
  {
    id: 'S10',
    title: 'an extra event of broken JSON',
    wall: 30,
    faults: { primary: { malformed: 11 } },
    probe: true,
  },
  {
    id: 'S11',
    title: 'no [DONE]',
    wall: 30,
    faults: { primary: { noDone: true } },
    checks: [totalAtMost(required, 8), hasUsage(advisory)],
  },
];

export const CUT_WITHOUT_PREFILL: FailureCase = {
  id: 'S14',
  title: 'cut after 40 words, and the fallback takes no prefill',
  wall: 40,
  model: 'bench-noprefill',
  faults: { primary: { cut: 40 }, fallback: { noPrefill: true } },
  checks: [
    required(
      'no error after a refused prefill',
      ({ answers, fallback }) =>
        answers.every((answer) => answer.outcome === 'complete') ||
        !fallback.some((attempt) => attempt.prefill && attempt.status === 400),
    ),
  ],
};
