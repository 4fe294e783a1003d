import type {
  Attempt,
  Clock,
  Measured,
  MeasuredCall,
  MeasurementStore,
  Measurements,
  ProviderErrorKind,
} from '@signalbox/core';

/** Calls that are remembered of each model; the oldest are forgotten first. */
const REMEMBERED = 256;
/** Bounds of waiting go by what was seen within this. */
const RECENT_MS = 6 * 3_600_000;
/** What is expected goes by all that is remembered; a call counts half after so long. */
const HALF_LIFE_MS = 3 * 3_600_000;
/** Calls worth less than this together say nothing any more. */
const LEAST_WEIGHT = 0.05;
/** Figures are worked out anew after so many further calls, but not twice within so short a time: sorting them for every few calls of a busy gateway costs as much as deciding. */
const RENEW_AFTER = 16;
const RENEW_AT_SOONEST_MS = 250;
/** And when they have grown old. */
const RENEW_MS = 60_000;
/** Milliseconds that calls wait to be kept, so that many are kept at once. */
const KEEP_AFTER_MS = 1_000;
/** How often other processes' calls are looked for. */
const NEWS_MS = 30_000;

interface Series {
  readonly calls: MeasuredCall[];
  /** Where the next one goes, once the list is full. */
  next: number;
  sinceFigures: number;
  figuresAt: number;
  figures: Measured | undefined;
}

/** Failures that the request brings with it, wherever it is sent: they say nothing of the model. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set([
  'invalid-request',
  'request-too-large',
  'context-length',
  'content-filter',
] satisfies readonly ProviderErrorKind[]);

/**
 * What is measured of each model, by candidate id: its last 256 calls, those of the store among them. What is old counts less: half after three hours. With a store,
 * calls outlive the process and are shared with others; they are kept a second later, so that no request waits for it.
 */
export function createMeasurements(clock: Clock, store?: MeasurementStore): Measurements {
  const byCandidate = new Map<string, Series>();
  let pending: MeasuredCall[] = [];
  let stopWaiting: (() => void) | undefined;
  let askedAt = clock.now();
  for (const call of store?.news() ?? []) add(call);

  function add(call: MeasuredCall): void {
    let series = byCandidate.get(call.candidate);
    if (series === undefined) {
      series = { calls: [], next: 0, sinceFigures: 0, figuresAt: 0, figures: undefined };
      byCandidate.set(call.candidate, series);
    }
    if (series.calls.length < REMEMBERED) series.calls.push(call);
    else series.calls[series.next] = call;
    series.next = (series.next + 1) % REMEMBERED;
    series.sinceFigures += 1;
    if (series.calls.length < RENEW_AFTER) series.figures = undefined;
  }

  function flush(): void {
    stopWaiting?.();
    stopWaiting = undefined;
    if (store === undefined || pending.length === 0) return;
    const calls = pending;
    pending = [];
    store.keep(calls);
  }

  function keepSoon(call: MeasuredCall): void {
    if (store === undefined) return;
    pending.push(call);
    stopWaiting ??= clock.after(KEEP_AFTER_MS, flush);
  }

  /** Not in the request's own time: the request that notices goes by what is known. */
  function lookForNews(now: number): void {
    if (store === undefined || now - askedAt < NEWS_MS) return;
    askedAt = now;
    clock.after(0, () => {
      for (const call of store.news()) add(call);
    });
  }

  return {
    record(attempt, longestGapMs) {
      if (attempt.outcome === 'aborted' || attempt.lane === 'cache' || attempt.simulated) return;
      if (attempt.error !== undefined && OF_THE_REQUEST.has(attempt.error.kind)) return;
      const call = callOf(attempt, longestGapMs);
      add(call);
      keepSoon(call);
    },

    of(candidate) {
      const now = clock.now();
      lookForNews(now);
      const series = byCandidate.get(candidate);
      if (series === undefined) return undefined;
      if (series.figures === undefined || isStale(series, now)) {
        series.figures = figuresOf(series.calls, now);
        series.figuresAt = now;
        series.sinceFigures = 0;
      }
      const { calls, weight = 0 } = series.figures;
      return calls === 0 && weight < LEAST_WEIGHT ? undefined : series.figures;
    },

    flush,
  };
}

function isStale({ sinceFigures, figuresAt }: Series, now: number): boolean {
  // A clock that is set back must not keep figures alive.
  const age = Math.abs(now - figuresAt);
  return age > RENEW_MS || (sinceFigures >= RENEW_AFTER && age >= RENEW_AT_SOONEST_MS);
}

function callOf(attempt: Attempt, longestGapMs: number | undefined): MeasuredCall {
  const { candidate, startedAt, durationMs, firstContentMs, usage, outcome } = attempt;
  // Of an answer that came at once the speed can't be told.
  const writingMs = durationMs - (firstContentMs ?? durationMs);
  const tokens = usage?.outputTokens ?? 0;
  return {
    candidate,
    at: startedAt,
    failed: outcome === 'failure',
    firstContentMs,
    longestGapMs,
    tokensPerSecond: writingMs >= 100 && tokens > 1 ? (tokens / writingMs) * 1_000 : undefined,
  };
}

function figuresOf(calls: readonly MeasuredCall[], now: number): Measured {
  const recent = calls.filter((call) => call.at >= now - RECENT_MS);
  const weights = calls.map((call) => 2 ** (-Math.max(0, now - call.at) / HALF_LIFE_MS));
  const total = sum(weights);
  const failed = sum(calls.map((call, index) => (call.failed ? (weights[index] ?? 0) : 0)));
  const first = ascending(recent, (call) => call.firstContentMs);
  const gaps = ascending(recent, (call) => call.longestGapMs);
  return {
    calls: recent.length,
    failureShare: total === 0 ? 0 : failed / total,
    answers: first.length,
    firstContentMs: { p50: weightedMedian(calls, weights, (call) => call.firstContentMs), p99: quantile(first, 0.99) },
    longestGapMs: { p50: weightedMedian(calls, weights, (call) => call.longestGapMs), p99: quantile(gaps, 0.99) },
    tokensPerSecond: weightedMedian(calls, weights, (call) => call.tokensPerSecond),
    weight: total,
  };
}

type Figure = (call: MeasuredCall) => number | undefined;

function ascending(calls: readonly MeasuredCall[], figure: Figure): readonly number[] {
  return calls
    .map(figure)
    .filter((value) => value !== undefined)
    .sort((one, other) => one - other);
}

/** The smallest value that this share of the values does not exceed; undefined of none. */
function quantile(values: readonly number[], share: number): number | undefined {
  return values[Math.max(0, Math.ceil(values.length * share) - 1)];
}

/** The smallest value that half of the weight does not exceed; undefined of none. */
function weightedMedian(
  calls: readonly MeasuredCall[],
  weights: readonly number[],
  figure: Figure,
): number | undefined {
  const values = calls
    .map((call, index) => [figure(call), weights[index] ?? 0] as const)
    .filter((one): one is readonly [number, number] => one[0] !== undefined)
    .sort(([one], [other]) => one - other);
  const half = sum(values.map(([, weight]) => weight)) / 2;
  let below = 0;
  for (const [value, weight] of values) {
    below += weight;
    // Weights are fractions: what is short of half by their rounding is half.
    if (below >= half * (1 - 1e-9)) return value;
  }
  return undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
