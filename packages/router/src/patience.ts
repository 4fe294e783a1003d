import type { Candidate, Inbound } from '@signalbox/core';
import type { Timeouts } from './deadline.ts';

/** How long a model that does not think, asked something short, may be silent while others could answer in its place. */
const FIRST_CONTENT_MS = 12_000;
const IDLE_MS = 15_000;
const TOTAL_MS = 600_000;

/** A model that thinks is silent for longer, and so is one that is alone: cutting it off would leave no answer at all. */
const THINKING = 5;
const ALONE = 5;
const IDLE_THINKING = 4;
const IDLE_ALONE = 4;

/** Reading a long prompt takes its time: milliseconds for each thousand tokens of input. */
const READING_MS = 100;
const BYTES_PER_TOKEN = 4;

/**
 * How long to wait for a candidate: a base, raised for models that think, for long prompts, and where nobody else is left to ask. Nothing of
 * the request is decoded for it.
 */
export function patienceFor(candidate: Candidate, inbound: Inbound, othersLeft: boolean): Timeouts {
  const thinks = candidate.facts.capabilities.reasoning === true;
  const reading = ((inbound.wire?.body.length ?? 0) / BYTES_PER_TOKEN / 1_000) * READING_MS;
  const firstFactor = Math.max(thinks ? THINKING : 1, othersLeft ? 1 : ALONE);
  const idleFactor = Math.max(thinks ? IDLE_THINKING : 1, othersLeft ? 1 : IDLE_ALONE);
  return {
    firstContentMs: FIRST_CONTENT_MS * firstFactor + reading,
    idleMs: IDLE_MS * idleFactor,
    totalMs: TOTAL_MS,
  };
}
