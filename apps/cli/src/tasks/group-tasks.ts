import { estimateTokens, type Part } from '@signalbox/core';
import { onlyText } from './join-tasks.ts';
import { partsOf, type Task, taskKey } from './task.ts';

/** Tasks that go into one request: the places of `tasks` that they have. */
export type TaskGroup = readonly number[];

export interface Grouping {
  /** Tasks of one request at most; 1: each has its own. */
  readonly most: number;
  /** Tokens of input of one request at most, where it is for several. */
  readonly mostTokens: number;
}

/** A group for each request, in the order of the tasks. What is no text, or too large to share, goes alone. */
export function groupTasks(
  tasks: readonly { readonly index: number; readonly tokens: number; readonly joins: boolean }[],
  { most, mostTokens }: Grouping,
): readonly TaskGroup[] {
  const groups: TaskGroup[] = [];
  let open: number[] = [];
  let tokens = 0;
  const close = () => {
    if (open.length > 0) groups.push(open);
    open = [];
    tokens = 0;
  };
  for (const task of tasks) {
    if (!task.joins) groups.push([task.index]);
    else {
      if (open.length >= most || (open.length > 0 && tokens + task.tokens > mostTokens)) close();
      open.push(task.index);
      tokens += task.tokens;
    }
  }
  close();
  return groups.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
}

/** What has to be known of a task before it is sent; its content is let go again. */
export interface MeasuredTask {
  readonly index: number;
  readonly key: string;
  /** Estimated tokens of input. */
  readonly tokens: number;
  /** Whether it can share a request. */
  readonly joins: boolean;
  /** Why it can't be read. */
  readonly problem?: string | undefined;
}

/** Reads a task and measures it. Never throws for a file that can't be read: that is the task's own failure. */
export async function measureTask(task: Task, index: number, options: unknown): Promise<MeasuredTask> {
  let parts: readonly Part[];
  try {
    parts = await partsOf(task);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { index, key: '', tokens: 0, joins: false, problem };
  }
  const text = onlyText(parts);
  return {
    index,
    key: taskKey(parts, options),
    tokens: estimateTokens(text ?? parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')),
    joins: text !== undefined,
  };
}
