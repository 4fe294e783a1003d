import { advisory, hasUsage, modelContains, primaryAtMost, required } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { FailureCase, Stage } from '../failure-case.ts';
import { waitSeconds } from '../wait-seconds.ts';

const OUTAGE = 60;
const REQUESTS = 20;
const EVERY = 4;

async function sendEveryFourSeconds(stage: Stage): Promise<readonly ClientView[]> {
  const answers: ClientView[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    await waitSeconds(stage.clock, index * EVERY - stage.elapsed());
    answers.push(await stage.send());
  }
  return answers;
}

/** Outages: going on without the provider, coming back to it, and booking who answered. */
export const OUTAGES: readonly FailureCase[] = [
  {
    id: 'S15',
    title: '503 for 60 s, then healthy; 20 requests',
    wall: 30,
    faults: ({ elapsed }) => ({ primary: () => (elapsed() < OUTAGE ? { error: 'overloaded' } : {}) }),
    play: sendEveryFourSeconds,
    checks: [
      required('every request of the outage is answered', ({ answers }) =>
        answers.filter((answer) => answer.sentAt < OUTAGE).every((answer) => answer.outcome === 'complete'),
      ),
      required('the primary answers within 30 s of its recovery', ({ primary }) =>
        primary.some(({ at, status }) => status === 200 && at >= OUTAGE && at <= OUTAGE + 30),
      ),
    ],
  },
  {
    id: 'S16',
    title: '503 always: who answered?',
    wall: 40,
    faults: { primary: { error: 'overloaded' } },
    checks: [modelContains(required, 'fb-ok'), hasUsage(advisory), primaryAtMost(required, 6)],
  },
];
