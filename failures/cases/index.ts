import type { FailureCase, Lane } from '../failure-case.ts';
import { BROKEN_STREAMS, CUT, CUT_WITHOUT_PREFILL } from './broken-streams.ts';
import { CALLER_LEAVES } from './caller-leaves.ts';
import { CONNECTIONS } from './connections.ts';
import { LIMITS_AND_KEYS } from './limits-and-keys.ts';
import { LOAD } from './load.ts';
import { NOT_AN_ANSWER } from './not-an-answer.ts';
import { ODD_EVENTS } from './odd-events.ts';
import { OUTAGES } from './outage.ts';
import { PROVIDER_STREAMS } from './provider-streams.ts';
import { REFUSALS } from './refusals.ts';
import { RETRIES } from './retries.ts';
import { SILENCE, STALLS } from './silence.ts';
import { SLOW_BYTES } from './slow-bytes.ts';
import { TOOL_CALLS } from './tool-calls.ts';
import { WHOLE_ANSWERS } from './whole-answers.ts';

/** In the benchmark's order and way: what a gateway learns in one it takes into the next. */
const SIXTEEN: Lane = {
  remembers: true,
  cases: [...RETRIES, ...SILENCE, CUT, ...STALLS, ...BROKEN_STREAMS, ...REFUSALS, CUT_WITHOUT_PREFILL, ...OUTAGES],
};

const MORE: readonly (readonly FailureCase[])[] = [
  PROVIDER_STREAMS,
  SLOW_BYTES,
  NOT_AN_ANSWER,
  ODD_EVENTS,
  CONNECTIONS,
  LIMITS_AND_KEYS,
  CALLER_LEAVES,
  WHOLE_ANSWERS,
  TOOL_CALLS,
];

export const LANES: readonly Lane[] = [SIXTEEN, ...MORE.map((cases) => ({ cases })), { cases: LOAD, alone: true }];

export const CASES: readonly FailureCase[] = LANES.flatMap((lane) => lane.cases);
