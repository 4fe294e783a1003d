import type { Clock } from '@signalbox/core';
import { createExtraCalls, type ExtraCalls } from './extra-calls.ts';

/** When a second model is asked while the first is still silent. */
export interface HedgePolicy {
  /** Milliseconds of silence of the first. */
  readonly afterMs: number;
  /** The share of requests that may be doubled, 0 to 1. Default 0.05. */
  readonly share?: number | undefined;
}

/** A policy at work: what it has left. */
export interface Hedging {
  readonly afterMs: number;
  readonly calls: ExtraCalls;
}

const DEFAULT_SHARE = 0.05;
/** Hedges that may be saved up for a slow moment. */
const SAVED = 5;

export function createHedging({ afterMs, share = DEFAULT_SHARE }: HedgePolicy): Hedging {
  return { afterMs, calls: createExtraCalls({ share, saved: SAVED }) };
}

/** A call that can be given up. */
export interface Runner<Outcome> {
  /** Makes it. `signal` is aborted when another one has won, or the caller has given up. */
  run(signal: AbortSignal): Promise<Outcome>;
}

export interface RaceOptions<Outcome> {
  readonly clock: Clock;
  readonly afterMs: number;
  /** Whether the second may start at all: asked once, when the time has come. */
  readonly mayStart: () => boolean;
  /** Whether an outcome ends the race. */
  readonly wins: (outcome: Outcome) => boolean;
  /** The caller's abort. */
  readonly signal: AbortSignal | undefined;
}

/** What came of a race: the outcome that counts, who had it, and whether the second was started. */
export interface Race<Outcome> {
  readonly outcome: Outcome;
  readonly winner: 'first' | 'second';
  readonly secondStarted: boolean;
}

/**
 * Runs the first, and beside it the second where the first has no outcome after a while. The first winning outcome counts and the other is given up; where both
 * lose, the one that lost last counts. A first that loses before the second has started ends the race: what comes next is the caller's matter.
 * Rejects with what the first rejects with, or the second once it has started and the first has lost.
 */
export async function race<Outcome>(
  first: Runner<Outcome>,
  second: Runner<Outcome>,
  { clock, afterMs, mayStart, wins, signal }: RaceOptions<Outcome>,
): Promise<Race<Outcome>> {
  const stops = { first: new AbortController(), second: new AbortController() };
  const run = (who: 'first' | 'second') => {
    const own = stops[who].signal;
    const runner = who === 'first' ? first : second;
    return runner
      .run(signal === undefined ? own : AbortSignal.any([signal, own]))
      .then((outcome) => ({ who, outcome }));
  };

  const running = run('first');
  let wake: (started: boolean) => void = () => undefined;
  const due = new Promise<boolean>((resolve) => {
    wake = resolve;
  });
  const cancel = clock.after(afterMs, () => wake(true));
  const early = await Promise.race([running, due]).finally(cancel);
  wake(false);
  if (typeof early !== 'boolean') return { outcome: early.outcome, winner: 'first', secondStarted: false };
  if (!mayStart()) return { outcome: (await running).outcome, winner: 'first', secondStarted: false };

  const other = run('second');
  // Whoever is not waited for any more must not surface as an unhandled rejection.
  for (const one of [running, other]) one.catch(() => undefined);
  const sooner = await Promise.race([running, other]);
  const later = sooner.who === 'first' ? 'second' : 'first';
  if (wins(sooner.outcome)) {
    stops[later].abort();
    return { outcome: sooner.outcome, winner: sooner.who, secondStarted: true };
  }
  const last = await (later === 'first' ? running : other);
  return { outcome: last.outcome, winner: last.who, secondStarted: true };
}
