import type { Attempt, Clock, Measured, Measurements } from '@signalbox/core';

/** Calls that are remembered of each model; the oldest are forgotten first. */
const REMEMBERED = 256;
/** What is older says little about now. */
const MAX_AGE_MS = 6 * 3_600_000;
/** Figures are worked out anew after so many further calls. */
const RENEW_AFTER = 16;

interface Call {
  readonly at: number;
  readonly failed: boolean;
  readonly firstContentMs: number | undefined;
  readonly longestGapMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
}

interface Series {
  readonly calls: Call[];
  /** Where the next one goes, once the list is full. */
  next: number;
  sinceFigures: number;
  figures: Measured | undefined;
}

/** What is measured of each model in this process, by candidate id: the last 256 calls of six hours. */
export function createMeasurements(clock: Clock): Measurements {
  const byCandidate = new Map<string, Series>();

  return {
    record(attempt, longestGapMs) {
      if (attempt.outcome === 'aborted' || attempt.lane === 'cache' || attempt.simulated) return;
      let series = byCandidate.get(attempt.candidate);
      if (series === undefined) {
        series = { calls: [], next: 0, sinceFigures: 0, figures: undefined };
        byCandidate.set(attempt.candidate, series);
      }
      const call = callOf(attempt, longestGapMs);
      if (series.calls.length < REMEMBERED) series.calls.push(call);
      else series.calls[series.next] = call;
      series.next = (series.next + 1) % REMEMBERED;
      series.sinceFigures += 1;
      if (series.calls.length < RENEW_AFTER || series.sinceFigures >= RENEW_AFTER) series.figures = undefined;
    },

    of(candidate) {
      const series = byCandidate.get(candidate);
      if (series === undefined) return undefined;
      if (series.figures === undefined) {
        const since = clock.now() - MAX_AGE_MS;
        series.figures = figuresOf(series.calls.filter((call) => call.at >= since));
        series.sinceFigures = 0;
      }
      return series.figures.calls === 0 ? undefined : series.figures;
    },
  };
}

function callOf(attempt: Attempt, longestGapMs: number | undefined): Call {
  const { startedAt, durationMs, firstContentMs, usage, outcome } = attempt;
  // Of an answer that came at once the speed can't be told.
  const writingMs = durationMs - (firstContentMs ?? durationMs);
  const tokens = usage?.outputTokens ?? 0;
  return {
    at: startedAt,
    failed: outcome === 'failure',
    firstContentMs,
    longestGapMs,
    tokensPerSecond: writingMs >= 100 && tokens > 1 ? (tokens / writingMs) * 1_000 : undefined,
  };
}

function figuresOf(calls: readonly Call[]): Measured {
  const first = sorted(calls.map((call) => call.firstContentMs));
  const gaps = sorted(calls.map((call) => call.longestGapMs));
  const speeds = sorted(calls.map((call) => call.tokensPerSecond));
  return {
    calls: calls.length,
    failureShare: calls.length === 0 ? 0 : calls.filter((call) => call.failed).length / calls.length,
    answers: first.length,
    firstContentMs: { p50: quantile(first, 0.5), p99: quantile(first, 0.99) },
    longestGapMs: { p50: quantile(gaps, 0.5), p99: quantile(gaps, 0.99) },
    tokensPerSecond: quantile(speeds, 0.5),
  };
}

function sorted(values: readonly (number | undefined)[]): readonly number[] {
  return values.filter((value) => value !== undefined).sort((one, other) => one - other);
}

/** The smallest value that this share of the values does not exceed; undefined of none. */
function quantile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}
