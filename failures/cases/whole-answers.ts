import { required, totalAtMost } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

const WHOLE = { stream: false } as const;

/** Answers that are not streamed: the client has seen nothing, so each of them can be rescued. */
export const WHOLE_ANSWERS: readonly FailureCase[] = [
  {
    id: 'X23.late',
    title: 'not streamed: the body comes after 20 s',
    wall: 60,
    request: WHOLE,
    faults: { primary: { slowFirstToken: 20_000 } },
  },
  { id: 'X23.cut', title: 'not streamed: cut at 60 %', wall: 40, request: WHOLE, faults: { primary: { cut: 40 } } },
  {
    id: 'X23.stall',
    title: 'not streamed: 60 %, then silence for 60 s',
    wall: 70,
    request: WHOLE,
    faults: { primary: { stall: 20, hold: 60_000 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X23.malformed',
    title: 'not streamed: a body that is not JSON',
    wall: 30,
    request: WHOLE,
    faults: { primary: { malformed: 1 } },
  },
];
