/** Failures in a row that open a circuit. */
const IN_A_ROW = 5;
/** A circuit opens too when this share of the last calls failed, even if some in between went well. */
const FAILING_SHARE = 0.5;
const RATED_CALLS = 20;
const RATED_MS = 60_000;
const FIRST_OPEN_MS = 2_500;
/** However bad it was: a provider that recovers is noticed this soon. */
const LONGEST_OPEN_MS = 10_000;
/** A probe whose end is never reported is given up after so long. */
const PROBE_MS = 60_000;

/** Whether a time has not come yet. One further ahead than anything waits was said by a clock that was set back since. */
export const liesAhead = (until: number, now: number, longestMs: number): boolean =>
  until > now && until - now <= longestMs;

/** A circuit breaker for one endpoint, driven by outcomes and times. Times are Unix milliseconds. */
export interface Circuit {
  readonly failures: number;
  /** What opened it. */
  readonly reason: string;
  /** Until when it is open; 0: closed. In the past: half open. */
  readonly openUntil: number;
  /** Whether `openUntil` has not come yet. */
  isOpen(now: number): boolean;
  /** Whether a call may be made: it is closed, or half open and nobody is trying. */
  admits(now: number): boolean;
  /** A call is made: the probe of a circuit that is half open. */
  take(now: number): void;
  succeeded(now: number): void;
  failed(now: number): void;
  /** The call said nothing of the endpoint: a probe is free again. */
  neutral(): void;
}

/**
 * Opens after five failures in a row, or when half of the last twenty calls of a minute failed: for 2.5 s at first, 10 s at most. Then one call at a time
 * may try, and a success closes it.
 */
export function createCircuit(): Circuit {
  let failures = 0;
  let openings = 0;
  let openUntil = 0;
  let probeUntil = 0;
  let reason = '';
  let recent: { readonly at: number; readonly failed: boolean }[] = [];

  function rate(now: number, failed: boolean): boolean {
    recent.push({ at: now, failed });
    if (recent.length > RATED_CALLS) recent.shift();
    if (recent.length < RATED_CALLS || (recent[0]?.at ?? 0) < now - RATED_MS) return false;
    return recent.filter((one) => one.failed).length >= RATED_CALLS * FAILING_SHARE;
  }

  const isOpen = (now: number) => liesAhead(openUntil, now, LONGEST_OPEN_MS);

  return {
    get failures() {
      return failures;
    },
    get reason() {
      return reason;
    },
    get openUntil() {
      return openUntil;
    },
    isOpen,
    admits: (now) => openUntil === 0 || (!isOpen(now) && !liesAhead(probeUntil, now, PROBE_MS)),
    take(now) {
      if (openUntil !== 0 && !isOpen(now)) probeUntil = now + PROBE_MS;
    },
    succeeded(now) {
      rate(now, false);
      failures = 0;
      openings = 0;
      openUntil = 0;
      probeUntil = 0;
      reason = '';
    },
    failed(now) {
      failures += 1;
      probeUntil = 0;
      const often = rate(now, true);
      if (failures < IN_A_ROW && !often) return;
      reason =
        failures >= IN_A_ROW
          ? `failed ${failures} times in a row`
          : `failed in ${recent.filter((one) => one.failed).length} of its last ${RATED_CALLS} calls`;
      openUntil = now + Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** openings);
      openings += 1;
      // Judged anew from here: what opened it must not open it again at the first slip after it has recovered.
      recent = [];
    },
    neutral() {
      probeUntil = 0;
    },
  };
}
