import type { ModelRequest, Part } from '@signalbox/core';
import type { MeasuredTask, TaskGroup } from './group-tasks.ts';
import { joinGroup } from './join-tasks.ts';
import { type PlannedRequest, type Planner, planRequest } from './plan-run.ts';
import type { RunPlan } from './plan-table.ts';
import { partsOf, type Task } from './task.ts';

/** What a run is going to ask. */
export interface DividedTasks {
  readonly tasks: readonly Task[];
  readonly measured: readonly MeasuredTask[];
  /** Those that can be read and have no answer yet. */
  readonly missing: readonly MeasuredTask[];
  /** The missing ones, by the request that they go into. */
  readonly groups: readonly TaskGroup[];
  /** Whether several may share a request. */
  readonly joins: boolean;
  readonly atOnce: number;
  /** The request for some parts. */
  readonly requestFor: (parts: readonly Part[]) => ModelRequest;
}

/** What each request of a run would be: its models and costs, and those of one request for each task where they are to share some. */
export async function planTasks(divided: DividedTasks, planner: Planner): Promise<RunPlan> {
  const { tasks, measured, missing, groups, joins, atOnce, requestFor } = divided;
  const alone = new Map<number, PlannedRequest>();
  for (const { index } of missing) {
    const task = tasks[index] as Task;
    alone.set(index, await planRequest(planner, [task.title], requestFor(await partsOf(task))));
  }
  const requests: PlannedRequest[] = [];
  for (const group of groups) requests.push(await planGroup(group, alone, divided, planner));
  const unreadable = measured.flatMap(({ index, problem }) =>
    problem === undefined ? [] : [[tasks[index]?.title ?? '', problem] as const],
  );
  const kept = tasks.length - missing.length - unreadable.length;
  return { requests, apart: joins ? [...alone.values()] : undefined, atOnce, unreadable, kept };
}

async function planGroup(
  group: TaskGroup,
  alone: ReadonlyMap<number, PlannedRequest>,
  { tasks, requestFor }: DividedTasks,
  planner: Planner,
): Promise<PlannedRequest> {
  const [first] = group;
  const single = first === undefined ? undefined : alone.get(first);
  if (group.length === 1 && single !== undefined) return single;
  const titles = group.map((index) => tasks[index]?.title ?? '');
  const { text } = await joinGroup(group.map((index) => tasks[index] as Task));
  const output = group.reduce((sum, index) => sum + (alone.get(index)?.outputTokens ?? 0), 0);
  return planRequest(planner, titles, requestFor([{ type: 'text', text }]), output);
}
