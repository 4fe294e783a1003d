import { createHash } from 'node:crypto';
import type { NanoUsd, Part, Usage } from '@signalbox/core';

/** One thing to be asked: about a file, or a prompt of its own. */
export interface Task {
  /** What it is called on the screen and in the results: a path, or the beginning of a prompt. */
  readonly title: string;
  /** Whether it is about the file of that name. */
  readonly isFile: boolean;
  /** What is asked about each of several subjects; absent: the subject says it all. */
  readonly instruction?: string | undefined;
  /** Reads what is asked about; nothing is kept in memory before. Throws RouterError `usage`. */
  read(): Promise<readonly Part[]>;
}

/** The parts of a request for one task. */
export async function partsOf(task: Task): Promise<readonly Part[]> {
  const subject = await task.read();
  if (task.instruction === undefined) return subject;
  return [...subject, { type: 'text', text: `${task.instruction}\n\nThis request is about ${task.title} alone.` }];
}

/** What came of a task. */
export type TaskResult = TaskAnswer | TaskFailure;

export interface TaskAnswer {
  readonly outcome: 'answered';
  readonly answer: string;
  readonly figures: TaskFigures;
  /** The answer is of an earlier run of the same tasks. */
  readonly kept?: true | undefined;
}

interface TaskFailure {
  readonly outcome: 'failed';
  /** One sentence. */
  readonly problem: string;
  readonly figures: TaskFigures;
}

/** What a task took. A request for several tasks is counted at the first of them. */
export interface TaskFigures {
  /** `provider/model id` of who answered. */
  readonly candidate?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: NanoUsd | undefined;
  /** Whether the cost has an estimate in it, or a price is unknown. */
  readonly exact: boolean;
  readonly simulated: boolean;
  readonly durationMs: number;
  /** With how many tasks the request was shared; absent: it had one of its own. */
  readonly sharedBy?: number | undefined;
}

/** The same for the same words sent with the same options: tells what a rerun need not ask again. */
export function taskKey(parts: readonly Part[], options: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([options, parts]))
    .digest('base64url')
    .slice(0, 24);
}
