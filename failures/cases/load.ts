import { advisory, primaryAtMost, required, totalAtMost } from '../checks.ts';
import type { FailureCase, Stage } from '../failure-case.ts';

const STREAMS = 50;

const sendAll = (stage: Stage) => Promise.all(Array.from({ length: STREAMS }, () => stage.send()));

/** Many at once, and much at once: what keeps a machine busy. */
export const LOAD: readonly FailureCase[] = [
  {
    id: 'X09.line',
    title: 'one line of 64 MiB',
    wall: 60,
    faults: { primary: { hugeEvent: 64 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X25.storm',
    title: `${STREAMS} streams at once, the primary always 503`,
    wall: 120,
    faults: { primary: { error: 'overloaded' } },
    play: sendAll,
    checks: [
      primaryAtMost(advisory, STREAMS * 1.2),
      required('the fallback is called once for each', ({ fallback }) => fallback.length === STREAMS),
    ],
  },
  {
    id: 'X25.cuts',
    title: `${STREAMS} streams at once, each cut after 40 words`,
    wall: 120,
    faults: { primary: { cut: 40 } },
    play: sendAll,
    probe: true,
  },
];
