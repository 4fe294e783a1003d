import { primaryExactly, required } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { Check, FailureCase, Stage } from '../failure-case.ts';
import { waitSeconds } from '../wait-seconds.ts';

/** Sends a request, hangs up after so many seconds, and waits for what may still come. */
const hangUpAfter =
  (seconds: number, thenWait: number) =>
  async (stage: Stage): Promise<readonly ClientView[]> => {
    const caller = new AbortController();
    const answer = stage.send(caller.signal);
    await waitSeconds(stage.clock, seconds);
    caller.abort();
    await waitSeconds(stage.clock, thenWait);
    return [await answer];
  };

const noFallback: Check = required('the fallback is not called', ({ fallback }) => fallback.length === 0);
const closedUpstream: Check = required('the upstream call is closed', ({ primary }) =>
  primary.every((attempt) => attempt.aborted),
);

const closedEverywhere: Check = required('calls that were not over are closed', ({ primary, fallback }) =>
  [...primary, ...fallback].every((attempt, index, all) => index < all.length - 1 || attempt.aborted),
);
const once: Check = required('the fallback is called once', ({ fallback }) => fallback.length === 1);

/** Callers who hang up: nothing goes on for nobody. */
export const CALLER_LEAVES: readonly FailureCase[] = [
  {
    id: 'X18.early',
    title: 'the caller leaves before the first token',
    wall: 30,
    ideal: 'error',
    faults: { primary: { silent: true } },
    play: hangUpAfter(2, 1),
    probe: true,
    checks: [primaryExactly(required, 1), closedUpstream, noFallback],
  },
  {
    id: 'X18.mid',
    title: 'the caller leaves in the middle',
    wall: 60,
    ideal: 'error',
    faults: { primary: { interval: 500 } },
    play: hangUpAfter(5, 1),
    probe: true,
    checks: [primaryExactly(required, 1), closedUpstream, noFallback],
  },
  {
    id: 'X18.wait',
    title: 'the caller leaves while a retry is due',
    wall: 30,
    ideal: 'error',
    faults: {
      primary: { error: 'rate_limit_exceeded', retryAfter: '4', times: 1 },
      // Who fails over at once is left as well.
      fallback: { silent: true },
    },
    play: hangUpAfter(2, 5),
    checks: [primaryExactly(required, 1)],
  },
  {
    id: 'X18.fallback',
    title: 'the caller leaves while the fallback is silent',
    wall: 30,
    ideal: 'error',
    faults: { primary: { status: 400, error: 'context_length_exceeded' }, fallback: { silent: true } },
    play: hangUpAfter(2, 1),
    checks: [closedEverywhere, once],
  },
  {
    id: 'X18.rest',
    title: 'the caller leaves while an answer is being continued',
    wall: 30,
    ideal: 'error',
    faults: { primary: { cut: 40 }, fallback: { slowFirstToken: 10_000 } },
    play: hangUpAfter(4, 1),
    checks: [closedEverywhere, once],
  },
  {
    id: 'X18.whole',
    title: 'the caller leaves, not streamed',
    wall: 30,
    ideal: 'error',
    request: { stream: false },
    faults: { primary: { silent: true } },
    play: hangUpAfter(2, 1),
    probe: true,
    checks: [primaryExactly(required, 1), closedUpstream, noFallback],
  },
  {
    id: 'X18.call',
    title: 'the caller leaves while a tool call is held back',
    wall: 30,
    ideal: 'error',
    faults: {
      primary: { text: '', toolCall: [{ name: 'look_up', arguments: { at: 'x'.repeat(600) } }], interval: 500 },
    },
    play: hangUpAfter(4, 1),
    probe: true,
    checks: [primaryExactly(required, 1), closedUpstream, noFallback],
  },
];
