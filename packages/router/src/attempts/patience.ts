import type { Candidate, Inbound, Measured, ReasoningEffort } from '@signalbox/core';
import type { Timeouts } from './deadline.ts';

/** How long a model that does not think, asked something short, may be silent while others could answer in its place. */
const FIRST_CONTENT_MS = 12_000;
const IDLE_MS = 15_000;
const TOTAL_MS = 600_000;

/** How much longer a model may be silent that thinks as hard as this. */
const THINKING: Readonly<Record<ReasoningEffort, number>> = {
  none: 1,
  minimal: 2,
  low: 3,
  medium: 5,
  high: 8,
  xhigh: 12,
  max: 20,
};
/** Between two pieces of an answer nobody thinks for as long as before it. */
const IDLE_THINKING_MOST = 4;
/** A model that is alone may take its time: cutting it off would leave no answer at all. */
const ALONE = 5;
const IDLE_ALONE = 4;

/** Reading a long prompt takes its time: milliseconds for each thousand tokens of input. */
const READING_MS = 100;
const BYTES_PER_TOKEN = 4;

/** A model that is known to be slow gets so much more than nearly all of its answers took, once so many were seen. */
const BEYOND_P99 = 1.5;
const ENOUGH_ANSWERS = 20;

/**
 * How long to wait for a candidate: a base, raised for models that think and for how hard they are asked to, for long prompts, where nobody
 * else is left to ask, and for a model whose answers were seen to take longer. Nothing of the request is decoded for it.
 */
export function patienceFor(
  candidate: Candidate,
  inbound: Inbound,
  othersLeft: boolean,
  measured: Measured | undefined,
): Timeouts {
  const reading = ((inbound.wire?.body.length ?? 0) / BYTES_PER_TOKEN / 1_000) * READING_MS;
  const thinking = THINKING[effortOf(candidate, inbound)];
  const first = FIRST_CONTENT_MS * Math.max(thinking, othersLeft ? 1 : ALONE) + reading;
  const idle = IDLE_MS * Math.max(Math.min(thinking, IDLE_THINKING_MOST), othersLeft ? 1 : IDLE_ALONE);
  const known = measured !== undefined && measured.answers >= ENOUGH_ANSWERS ? measured : undefined;
  return {
    firstContentMs: Math.min(TOTAL_MS, Math.max(first, (known?.firstContentMs.p99 ?? 0) * BEYOND_P99)),
    idleMs: Math.min(TOTAL_MS, Math.max(idle, (known?.longestGapMs.p99 ?? 0) * BEYOND_P99)),
    totalMs: TOTAL_MS,
  };
}

/** Bounds with those that somebody wants instead. */
export function instead(usual: Timeouts, wanted: Partial<Timeouts> | undefined): Timeouts {
  if (wanted === undefined) return usual;
  return {
    firstContentMs: wanted.firstContentMs ?? usual.firstContentMs,
    idleMs: wanted.idleMs ?? usual.idleMs,
    totalMs: wanted.totalMs ?? usual.totalMs,
  };
}

/** How hard a candidate will think: as it is asked to, or as models of its kind do when nobody says. */
function effortOf({ facts, provider }: Candidate, { head }: Inbound): ReasoningEffort {
  // What nobody knows to think may do so all the same, where it is asked to.
  if (facts.capabilities.reasoning !== true)
    return facts.capabilities.reasoning === false ? 'none' : (head.effort ?? 'none');
  return head.effort ?? (provider.format.thinksUnasked === false ? 'none' : 'medium');
}

/** The same for an answer that waits for its turn in the background: giving it up would leave it to be made all the same. */
export function unhurried({ totalMs }: Timeouts): Timeouts {
  return { firstContentMs: totalMs, idleMs: totalMs, totalMs };
}
