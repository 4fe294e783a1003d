import { advisory, primaryAtMost, primaryExactly, required, totalAtMost } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { FailureCase, Observation, Stage } from '../failure-case.ts';

const gap = ({ primary: [first, second] }: Observation) =>
  first === undefined || second === undefined ? undefined : second.at - first.at;

async function sendFourTimes(stage: Stage): Promise<readonly ClientView[]> {
  const answers: ClientView[] = [];
  while (answers.length < 4) answers.push(await stage.send());
  return answers;
}

const refusedAtMostOnce = required(
  'the key is tried once, then left alone',
  ({ primary }) => primary.filter((attempt) => attempt.status !== 200).length === 1,
);
const noFallback = required('the provider goes on', ({ fallback }) => fallback.length === 0);

/** Limits in all their spellings, and keys that are not let in. */
export const LIMITS_AND_KEYS: readonly FailureCase[] = [
  {
    id: 'X16.date',
    title: '429 with Retry-After as a date 3 s ahead, once',
    wall: 20,
    faults: { primary: { error: 'rate_limit_exceeded', retryAfter: 'date:3', times: 1 } },
    // The header has whole seconds: up to one of the three is lost.
    checks: [advisory('waits until the date', (seen) => (gap(seen) ?? 0) >= 1.8)],
  },
  {
    id: 'X16.ms',
    title: '429 with retry-after-ms: 1500, once',
    wall: 20,
    faults: { primary: { error: 'rate_limit_exceeded', retryAfter: '1500ms', times: 1 } },
    checks: [advisory('waits for 1.4 s at least', (seen) => (gap(seen) ?? 0) >= 1.4)],
  },
  {
    id: 'X16.529',
    title: '529, always',
    wall: 40,
    faults: { primary: { status: 529 } },
    checks: [primaryAtMost(required, 6)],
  },
  {
    id: 'X16.reset',
    title: '429, and limits that are full again at once',
    wall: 20,
    // The answer's x-ratelimit-reset-* headers say 12 ms and 0 s: no reason to storm.
    faults: { primary: { error: 'rate_limit_exceeded' } },
    checks: [
      primaryAtMost(required, 6),
      advisory('waits for 0.1 s at least before each attempt', ({ primary }) =>
        primary.every((attempt, index) => index === 0 || attempt.at - (primary[index - 1]?.at ?? 0) >= 0.1),
      ),
    ],
  },
  {
    id: 'X16.hour',
    title: '503 with Retry-After: 3600',
    wall: 40,
    faults: { primary: { error: 'overloaded', retryAfter: '3600' } },
    checks: [primaryAtMost(required, 1), totalAtMost(required, 10)],
  },
  {
    id: 'X16.quota',
    title: '429 insufficient_quota',
    wall: 20,
    faults: { primary: { error: 'insufficient_quota' } },
    checks: [primaryAtMost(required, 1)],
  },
  {
    id: 'X17.pool',
    title: 'one of two keys is wrong; four requests',
    wall: 20,
    model: 'bench-pool',
    faults: { primary: ({ key }) => (key === 'bad' ? { error: 'invalid_api_key' } : {}) },
    play: sendFourTimes,
    checks: [refusedAtMostOnce, noFallback],
  },
  {
    id: 'X17.limited',
    title: 'one of two keys has no quota left for an hour; four requests',
    wall: 20,
    model: 'bench-pool',
    faults: { primary: ({ key }) => (key === 'bad' ? { error: 'rate_limit_exceeded', retryAfter: '3600' } : {}) },
    play: sendFourTimes,
    checks: [refusedAtMostOnce, noFallback],
  },
  {
    id: 'X17.allbad',
    title: 'both keys are wrong, and there is no fallback',
    wall: 20,
    model: 'bench-poolalone',
    ideal: 'error',
    faults: { primary: { error: 'invalid_api_key' } },
    checks: [
      primaryExactly(required, 2),
      required('it is returned as it is', ({ answers }) => answers.every((answer) => answer.status === 401)),
    ],
  },
  {
    id: 'X17.fallback',
    title: '401: the key is wrong',
    wall: 20,
    faults: { primary: { error: 'invalid_api_key' } },
    checks: [primaryExactly(required, 1)],
  },
  {
    id: 'X17.alone',
    title: '401, and there is no fallback',
    wall: 20,
    model: 'bench-alone',
    ideal: 'error',
    faults: { primary: { error: 'invalid_api_key' } },
    checks: [
      primaryExactly(required, 1),
      required('the error names the key', ({ answers }) =>
        answers.every((answer) => /key/i.test(`${answer.error?.message} ${answer.error?.code}`)),
      ),
    ],
  },
];
