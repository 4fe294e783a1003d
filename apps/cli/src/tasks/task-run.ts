import type { ModelRequest, Part } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { LoadedRouter } from '../configuration/load-router.ts';
import type { AnswerSchema } from '../prompt/answer-schema.ts';
import type { AnswerFile } from './answer-file.ts';
import { ask, type Reply } from './ask-task.ts';
import type { MeasuredTask, TaskGroup } from './group-tasks.ts';
import { joinGroup, splitAnswer } from './join-tasks.ts';
import type { Progress } from './progress.ts';
import { type GroupOutcome, runTasks } from './run-tasks.ts';
import { type ResultStyle, showResult } from './show-results.ts';
import { countFigures, countResult, emptyTally, type Tally } from './tally.ts';
import { partsOf, type Task, type TaskFigures, type TaskResult } from './task.ts';

/** A run of many tasks that is about to begin. */
export interface TaskRun {
  readonly ready: LoadedRouter;
  readonly route: Route;
  readonly tasks: readonly Task[];
  readonly measured: readonly MeasuredTask[];
  readonly groups: readonly TaskGroup[];
  readonly answers: AnswerFile;
  readonly atOnce: number;
  readonly schema: AnswerSchema | undefined;
  readonly refresh: boolean;
  readonly style: ResultStyle;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** What the user should know of a model (`provider/model id`) that is used. */
  warningOf(candidate: string): string | undefined;
  /** The request for some parts. */
  requestFor(parts: readonly Part[]): ModelRequest;
}

export interface RunEnd {
  readonly tally: Tally;
  readonly stopped: 'budget' | 'interrupted' | undefined;
  /** Why it was stopped, where a budget did. */
  readonly reason: string | undefined;
  /** Titles of the tasks that were not settled. */
  readonly left: readonly string[];
}

/** Runs the tasks and shows their results in order. Answers are on the disk before they are shown, and not kept in memory. */
export async function runTaskGroups(run: TaskRun): Promise<RunEnd> {
  const { tasks, measured, groups, answers, progress, signal } = run;
  let tally = emptyTally(tasks.length);
  let reason: string | undefined;
  let requests = 0;
  let showing: Promise<void> = Promise.resolve();
  let next = 0;
  /** What is settled and not shown yet: answers stand in the file. */
  const settled = new Map<
    number,
    Exclude<TaskResult, { outcome: 'answered' }> | { figures: TaskFigures; kept?: true }
  >();
  const isOver = new Set<number>();
  const warned = new Set<string>();

  async function show(index: number): Promise<void> {
    const [task, entry] = [tasks[index], settled.get(index)];
    if (task === undefined || entry === undefined) return;
    settled.delete(index);
    const result: TaskResult =
      'outcome' in entry
        ? entry
        : { ...(await answers.read(measured[index]?.key ?? '')), figures: entry.figures, kept: entry.kept };
    await progress.print(await showResult(task, index, result, run.style));
  }

  /** Shows what is next, as far as it is there; one after the other. */
  function showNext(): Promise<void> {
    showing = showing.then(async () => {
      while (settled.has(next)) {
        await show(next);
        next += 1;
      }
    });
    return showing;
  }

  async function settle(index: number, result: TaskResult): Promise<void> {
    const task = tasks[index];
    if (task === undefined || isOver.has(index)) return;
    isOver.add(index);
    if (result.outcome === 'answered') {
      const key = measured[index]?.key ?? '';
      if (result.kept !== true) await answers.add(key, result);
      settled.set(index, { figures: result.figures, kept: result.kept });
    } else settled.set(index, result);
    tally = countResult(tally, result);
    progress.settled(task.title, result, tally);
    await showNext();
  }

  async function askGroup(group: TaskGroup): Promise<GroupOutcome> {
    requests += 1;
    const id = requests;
    const [first = 0] = group;
    progress.started(
      id,
      group.map((index) => tasks[index]?.title ?? ''),
    );
    const joined = group.length === 1 ? undefined : await joinGroup(group.map((index) => tasks[index] as Task));
    const parts =
      joined === undefined ? await partsOf(tasks[first] as Task) : [{ type: 'text' as const, text: joined.text }];
    const reply = await ask({
      ready: run.ready,
      request: run.requestFor(parts),
      route: run.route,
      signal,
      refresh: run.refresh,
      onText: (text) => progress.text(id, text),
    });
    progress.over(id);
    warnOf(reply.figures.candidate);
    if ('problem' in reply) {
      if (reply.stop === 'budget') reason ??= reply.problem;
      if (reply.stop !== undefined) tally = countFigures(tally, reply.figures);
      if (joined !== undefined && reply.stop === undefined && reply.retryAfterMs === undefined) {
        tally = countFigures(tally, reply.figures);
        progress.say(`The shared request for ${titlesOf(group)} failed (${reply.problem}) Each is asked by itself.`);
        return { results: group.map(() => undefined) };
      }
      const figures = (place: number) =>
        place === 0 ? reply.figures : { ...reply.figures, usage: undefined, cost: undefined };
      return {
        results: group.map((_, place) => ({ outcome: 'failed', problem: reply.problem, figures: figures(place) })),
        stop: reply.stop,
        retryAfterMs: reply.retryAfterMs,
      };
    }
    if (joined === undefined) return { results: [checked(reply, run.schema)] };
    return { results: split(reply, group, joined.mark, first) };
  }

  /** Once for each model: what the user should know of it. */
  function warnOf(candidate: string | undefined): void {
    if (candidate === undefined || warned.has(candidate)) return;
    warned.add(candidate);
    const warning = run.warningOf(candidate);
    if (warning !== undefined) progress.say(`warning: ${warning}`);
  }

  /** The answers of a shared request; what can't be told apart is said and asked again. */
  function split(
    reply: Extract<Reply, { answer: string }>,
    group: TaskGroup,
    mark: string,
    first: number,
  ): readonly (TaskResult | undefined)[] {
    const found = splitAnswer(reply.answer, group.length, mark, reply.finish !== 'length');
    const firstFound = found.findIndex((answer) => answer !== undefined);
    if (firstFound === -1) tally = countFigures(tally, reply.figures);
    const missing = group.filter((_, place) => found[place] === undefined);
    if (missing.length > 0) {
      progress.say(
        missing.length === group.length
          ? `The shared answer for ${tasks[first]?.title} and ${group.length - 1} more could not be split: each is asked by itself.`
          : `${titlesOf(missing)}: no answer of ${missing.length === 1 ? 'its' : 'their'} own in the shared one; asked by ${missing.length === 1 ? 'itself' : 'themselves'}.`,
      );
    }
    return found.map((answer, place) => {
      if (answer === undefined) return undefined;
      const { usage, cost, ...figures } = reply.figures;
      const shared = { ...figures, sharedBy: group.length };
      return { outcome: 'answered', answer, figures: place === firstFound ? { ...shared, usage, cost } : shared };
    });
  }

  const titlesOf = (group: TaskGroup) => {
    const titles = group.map((index) => tasks[index]?.title ?? '');
    return titles.length <= 3 ? titles.join(', ') : `${titles.slice(0, 2).join(', ')} and ${titles.length - 2} more`;
  };

  for (const { index, key, problem } of measured) {
    if (problem !== undefined) await settle(index, { outcome: 'failed', problem, figures: NOTHING });
    else if (answers.has(key)) {
      const { figures } = await answers.read(key);
      await settle(index, { outcome: 'answered', answer: '', figures, kept: true });
    }
  }
  const stopped = await runTasks({
    groups,
    atOnce: run.atOnce,
    signal,
    ask: askGroup,
    settled: settle,
    waiting: (group, milliseconds) =>
      progress.say(`${titlesOf(group)}: waits ${Math.ceil(milliseconds / 1_000)} s for a rate limit.`),
    pause,
  });
  await showing;
  // Behind a gap: what ended before a budget or an interruption stopped one that stands before it.
  for (const index of [...settled.keys()].sort((one, other) => one - other)) await show(index);
  const left = tasks.filter((_, index) => !isOver.has(index)).map(({ title }) => title);
  return { tally, stopped, reason, left };
}

const NOTHING: TaskFigures = { exact: true, simulated: false, durationMs: 0 };

function checked(reply: Extract<Reply, { answer: string }>, schema: AnswerSchema | undefined): TaskResult {
  const { answer, figures } = reply;
  const fit = schema?.check(answer);
  if (fit !== undefined && 'problem' in fit)
    return { outcome: 'failed', problem: `The answer does not fit the schema: ${fit.problem}.`, figures };
  return { outcome: 'answered', answer, figures };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
