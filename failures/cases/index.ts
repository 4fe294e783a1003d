import type { FailureCase, Lane } from '../failure-case.ts';
import { BROKEN_STREAMS, CUT, CUT_WITHOUT_PREFILL } from './broken-streams.ts';
import { CALLER_LEAVES } from './caller-leaves.ts';
import { CONNECTIONS } from './connections.ts';
import { HTTP2 } from './http2.ts';
import { LATE_ANSWERS } from './late-answers.ts';
import { LIMITS_AND_KEYS } from './limits-and-keys.ts';
import { LOAD } from './load.ts';
import { NOT_AN_ANSWER } from './not-an-answer.ts';
import { COUNTS, ODD_EVENTS } from './odd-events.ts';
import { throughCaller } from './other-callers.ts';
import { OUTAGES } from './outage.ts';
import { PROVIDER_STREAMS } from './provider-streams.ts';
import { REFUSALS } from './refusals.ts';
import { RETRIES } from './retries.ts';
import { SILENCE, STALLS } from './silence.ts';
import { SLOW_BYTES } from './slow-bytes.ts';
import { CALLS_THAT_BREAK_OFF, TOOL_CALLS } from './tool-calls.ts';
import { WHOLE_ANSWERS } from './whole-answers.ts';

/** In the benchmark's order and way: what a gateway learns in one it takes into the next. */
const SIXTEEN: readonly FailureCase[] = [
  ...[...RETRIES, ...SILENCE, CUT, ...STALLS, ...BROKEN_STREAMS],
  ...[...REFUSALS, CUT_WITHOUT_PREFILL, ...OUTAGES],
];

/** The sixteen, and the counts, for callers of other protocols. */
const OTHER_CALLERS = (['messages', 'responses', 'gemini'] as const).flatMap((caller): readonly Lane[] => [
  { remembers: true, cases: throughCaller(caller, SIXTEEN) },
  { cases: throughCaller(caller, [...COUNTS, ...CALLS_THAT_BREAK_OFF]) },
]);

const MORE: readonly (readonly FailureCase[])[] = [
  PROVIDER_STREAMS,
  SLOW_BYTES,
  NOT_AN_ANSWER,
  ODD_EVENTS,
  COUNTS,
  CONNECTIONS,
  HTTP2,
  LIMITS_AND_KEYS,
  CALLER_LEAVES,
  LATE_ANSWERS,
  WHOLE_ANSWERS,
  CALLS_THAT_BREAK_OFF,
  TOOL_CALLS,
];

export const LANES: readonly Lane[] = [
  { remembers: true, cases: SIXTEEN },
  ...OTHER_CALLERS,
  ...MORE.map((cases) => ({ cases })),
  { cases: LOAD, alone: true },
];

export const CASES: readonly FailureCase[] = LANES.flatMap((lane) => lane.cases);
