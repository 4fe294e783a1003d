import { required, totalAtMost } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { FailureCase, Stage } from '../failure-case.ts';
import { waitSeconds } from '../wait-seconds.ts';

const AT_ONCE = 5;
/** An answer that is nobody's any more when it comes. */
const LATE = { text: 'late '.repeat(400).trim(), interval: 0 };

/** Several requests at once, and then as long as the abandoned calls need to answer. */
const sendAndWait =
  (seconds: number) =>
  async (stage: Stage): Promise<readonly ClientView[]> => {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.send()));
    await waitSeconds(stage.clock, seconds);
    return answers;
  };

const abandoned = required('abandoned calls are closed', ({ primary }) =>
  primary.every((attempt) => attempt.status === undefined || attempt.aborted),
);
// One for each answer of the fallback may stay, to be used again.
const bounded = required('no connection is left to an abandoned call', ({ connections }) => connections <= AT_ONCE);

/** Providers who answer when nobody waits for them any more. */
export const LATE_ANSWERS: readonly FailureCase[] = [
  {
    id: 'X20.first',
    title: `${AT_ONCE} calls that answer after 15 s, when others have done so`,
    wall: 40,
    faults: { primary: { ...LATE, slowFirstToken: 15_000 } },
    play: sendAndWait(6),
    probe: true,
    checks: [abandoned, bounded, totalAtMost(required, 20)],
  },
  {
    id: 'X20.mid',
    title: `${AT_ONCE} calls that stall after 20 words and go on after 20 s`,
    wall: 60,
    faults: { primary: { stall: 20, hold: 20_000 } },
    play: sendAndWait(8),
    probe: true,
    checks: [abandoned, bounded, totalAtMost(required, 25)],
  },
];
