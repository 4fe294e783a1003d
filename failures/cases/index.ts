import type { FailureCase } from '../failure-case.ts';
import { BROKEN_STREAMS, CUT, CUT_WITHOUT_PREFILL } from './broken-streams.ts';
import { OUTAGES } from './outage.ts';
import { REFUSALS } from './refusals.ts';
import { RETRIES } from './retries.ts';
import { SILENCE, STALLS } from './silence.ts';

/** In the order in which they are played: one gateway meets them all, and remembers. */
export const CASES: readonly FailureCase[] = [
  ...RETRIES,
  ...SILENCE,
  CUT,
  ...STALLS,
  ...BROKEN_STREAMS,
  ...REFUSALS,
  CUT_WITHOUT_PREFILL,
  ...OUTAGES,
];
