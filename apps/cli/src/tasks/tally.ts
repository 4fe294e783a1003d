import { addUsage, formatUsd, type NanoUsd, type Usage } from '@signalbox/core';
import type { TaskFigures, TaskResult } from './task.ts';

/** How far a run of many tasks is. */
export interface Tally {
  readonly tasks: number;
  readonly answered: number;
  readonly failed: number;
  /** Of the answered: from an earlier run. */
  readonly kept: number;
  readonly usage: Usage | undefined;
  readonly cost: NanoUsd;
  readonly exact: boolean;
  readonly simulated: boolean;
}

export function emptyTally(tasks: number): Tally {
  return { tasks, answered: 0, failed: 0, kept: 0, usage: undefined, cost: 0, exact: true, simulated: false };
}

/** A tally with one more result. What is kept of an earlier run cost nothing now. */
export function countResult(tally: Tally, result: TaskResult): Tally {
  const isKept = result.outcome === 'answered' && result.kept === true;
  const counted = {
    ...tally,
    answered: tally.answered + (result.outcome === 'answered' ? 1 : 0),
    failed: tally.failed + (result.outcome === 'failed' ? 1 : 0),
    kept: tally.kept + (isKept ? 1 : 0),
  };
  return isKept ? counted : countFigures(counted, result.figures);
}

/** A tally with what a request took. */
export function countFigures(tally: Tally, { usage, cost, exact, simulated }: TaskFigures): Tally {
  return {
    ...tally,
    usage: usage === undefined ? tally.usage : tally.usage === undefined ? usage : addUsage(tally.usage, usage),
    cost: tally.cost + (cost ?? 0),
    exact: tally.exact && exact,
    simulated: tally.simulated || simulated,
  };
}

/** `12.3k in / 4.5k out · $0.012`. */
export function figuresText({
  usage,
  cost,
  exact,
  simulated,
}: Pick<Tally, 'usage' | 'cost' | 'exact' | 'simulated'>): string {
  const tokens =
    usage === undefined ? [] : [`${countText(usage.inputTokens)} in / ${countText(usage.outputTokens)} out`];
  return [...tokens, simulated ? 'simulated, $0' : `${exact ? '' : '~'}${formatUsd(cost)}`].join(' · ');
}

/** `312`, `1.5k`, `2.1M`. */
export function countText(count: number): string {
  if (count < 1_000) return String(count);
  return count < 999_950 ? `${Number((count / 1_000).toFixed(1))}k` : `${Number((count / 1_000_000).toFixed(1))}M`;
}

/** `850 ms`, `12.3 s`, `4 min 5 s`, `2 h 10 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Milliseconds that the rest will take if it goes on as it went; undefined before anything is known. */
export function remainingMs(tally: Tally, elapsedMs: number): number | undefined {
  const fresh = tally.answered + tally.failed - tally.kept;
  const left = tally.tasks - tally.answered - tally.failed;
  return fresh === 0 || left === 0 ? undefined : (elapsedMs / fresh) * left;
}
