import type { Candidate, Health, ProviderErrorKind } from '@signalbox/core';

/** Failures in a row after which a candidate is left alone for a while. */
const THRESHOLD = 5;
const FIRST_OPEN_MS = 2_500;
/** However bad it was: a provider that recovers is noticed this soon. */
const LONGEST_OPEN_MS = 10_000;
const PARK_MS = 30_000;
const LONGEST_PARK_MS = 300_000;

/** Failures that say something about the endpoint. A caller's own mistakes, limits and aborts don't. */
const COUNTS: ReadonlySet<ProviderErrorKind> = new Set([
  'overloaded',
  'server',
  'timeout',
  'connect',
  'connection-lost',
  'stream-cut',
  'invalid-response',
]);

/** Failures that will not go away by asking again soon: the key, not the endpoint. */
const PARKS: ReadonlySet<ProviderErrorKind> = new Set(['quota', 'authentication', 'permission']);

interface State {
  failures: number;
  /** How often it opened since the last success. */
  openings: number;
  /** Unix milliseconds; 0: closed. */
  openUntil: number;
  reason: string;
}

/** What the breaker of one candidate says, for people. */
export interface BreakerState {
  readonly candidate: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly failures: number;
  /** Unix milliseconds; absent where it is closed. */
  readonly openUntil?: number | undefined;
}

export interface Breaker extends Health {
  states(now: number): readonly BreakerState[];
}

/**
 * A circuit breaker for each candidate (provider and model). It opens after five failures in a row, for 2.5 s at first and 10 s at most; then
 * one request at a time may try, and a success closes it. Keys that were refused and limits that last are parked likewise.
 */
export function createBreaker(): Breaker {
  const states = new Map<string, State>();
  const stateOf = (candidate: Candidate): State => {
    let state = states.get(candidate.id);
    if (state === undefined) {
      state = { failures: 0, openings: 0, openUntil: 0, reason: '' };
      states.set(candidate.id, state);
    }
    return state;
  };

  return {
    unavailable(candidate, now) {
      const state = states.get(candidate.id);
      if (state === undefined || state.openUntil === 0) return undefined;
      if (now >= state.openUntil) {
        // Half open: this one may try; the others wait for what becomes of it.
        state.openUntil = now + FIRST_OPEN_MS;
        return undefined;
      }
      const seconds = Math.ceil((state.openUntil - now) / 1_000);
      return { candidate: candidate.id, kind: 'breaker', reason: `${state.reason}, left alone for ${seconds} s` };
    },
    succeeded(candidate) {
      states.delete(candidate.id);
    },
    failed(candidate, error, now) {
      if (PARKS.has(error.kind) || (error.kind === 'rate-limit' && (error.retryAfterMs ?? 0) > LONGEST_OPEN_MS)) {
        const state = stateOf(candidate);
        state.openUntil = now + Math.min(LONGEST_PARK_MS, error.retryAfterMs ?? PARK_MS);
        state.reason = `its last answer was "${error.kind}"`;
        return;
      }
      if (!COUNTS.has(error.kind)) return;
      const state = stateOf(candidate);
      state.failures += 1;
      if (state.failures < THRESHOLD) return;
      state.openUntil = now + Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** state.openings);
      state.openings += 1;
      state.reason = `failed ${state.failures} times in a row`;
    },
    states: (now) =>
      [...states].map(([candidate, { failures, openUntil }]) => ({
        candidate,
        state: openUntil === 0 ? 'closed' : openUntil > now ? 'open' : 'half-open',
        failures,
        ...(openUntil === 0 ? {} : { openUntil }),
      })),
  };
}
