import type { TaskGroup } from './group-tasks.ts';
import type { TaskResult } from './task.ts';

/** What a request for a group of tasks came to. */
export interface GroupOutcome {
  /** By the group's order; undefined: its answer could not be told apart and it has to be asked by itself. */
  readonly results: readonly (TaskResult | undefined)[];
  /** Nothing more is begun. */
  readonly stop?: 'budget' | 'interrupted' | undefined;
  /** Milliseconds after which the same may be tried again; absent: it is settled. */
  readonly retryAfterMs?: number | undefined;
}

export interface RunOptions {
  readonly groups: readonly TaskGroup[];
  /** Requests at once. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
  /** Sends one request. */
  ask(group: TaskGroup): Promise<GroupOutcome>;
  /** Is told of each task that is settled, in the order in which they end. */
  settled(index: number, result: TaskResult): Promise<void>;
  /** Is told that tasks wait for a rate limit. */
  waiting(group: TaskGroup, milliseconds: number): void;
  /** Waits so long, or until the signal. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Times that one request is tried again because of a rate limit. */
const MOST_WAITS = 10;
const LONGEST_WAIT = 60_000;

/**
 * Runs groups of tasks, so many at once. A failure stops nobody else; a budget that is used up and an interruption let nothing more begin. A task whose answer could not be told apart from
 * others' is asked by itself. Answers why it stopped; undefined: everything was tried.
 */
export async function runTasks(options: RunOptions): Promise<'budget' | 'interrupted' | undefined> {
  const { groups, atOnce, signal } = options;
  const queue: TaskGroup[] = [...groups].reverse();
  const waits = new Map<number, number>();
  const underWay = new Set<Promise<void>>();
  let stop: 'budget' | 'interrupted' | undefined;

  async function runGroup(group: TaskGroup): Promise<void> {
    const { results, stop: stopped, retryAfterMs } = await options.ask(group);
    const [first = 0] = group;
    const waited = waits.get(first) ?? 0;
    if (retryAfterMs !== undefined && waited < MOST_WAITS && !signal.aborted) {
      waits.set(first, waited + 1);
      const milliseconds = Math.min(LONGEST_WAIT, Math.max(retryAfterMs, 250 * 2 ** waited));
      options.waiting(group, milliseconds);
      await options.pause(milliseconds, signal);
      queue.push(group);
      return;
    }
    if (stopped !== undefined) stop ??= stopped;
    const alone: TaskGroup[] = [];
    for (const [place, index] of group.entries()) {
      const result = results[place];
      if (result === undefined) alone.push([index]);
      // What was refused for want of money, or interrupted, is not settled: it is left.
      else if (stopped === undefined || result.outcome === 'answered') await options.settled(index, result);
    }
    queue.push(...alone.reverse());
  }

  for (;;) {
    while (underWay.size < atOnce && stop === undefined && !signal.aborted) {
      const group = queue.pop();
      if (group === undefined) break;
      const running: Promise<void> = runGroup(group).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  return signal.aborted ? 'interrupted' : stop;
}
