import { homedir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { nanoToUsd, type Part, RouterError } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { announceMadeUp, warn } from '../configuration/announcements.ts';
import { withRouter } from '../configuration/with-router.ts';
import { readAnswerSchema } from '../prompt/answer-schema.ts';
import { readAttachments } from '../prompt/attachments.ts';
import { buildRequest } from '../prompt/build-request.ts';
import { chooseRoute, modeNamed, privacyOf } from '../prompt/choose-route.ts';
import { prepareFolder } from '../prompt/refuse-unwritable.ts';
import type { PromptOptions } from '../prompt/send-prompt.ts';
import { openAnswerFile } from '../tasks/answer-file.ts';
import { gatherTasks } from '../tasks/gather-tasks.ts';
import { groupTasks, type MeasuredTask, measureTask, type TaskGroup } from '../tasks/group-tasks.ts';
import { joinGroup } from '../tasks/join-tasks.ts';
import { createPlainProgress } from '../tasks/plain-progress.ts';
import { type PlannedRequest, planRequest } from '../tasks/plan-run.ts';
import { planJson, planTable, type RunPlan, savingText } from '../tasks/plan-table.ts';
import { writeOut } from '../tasks/progress.ts';
import { requestsAtOnce } from '../tasks/requests-at-once.ts';
import { durationText, figuresText } from '../tasks/tally.ts';
import { partsOf, type Task, taskKey } from '../tasks/task.ts';
import { type RunEnd, runTaskGroups } from '../tasks/task-run.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

export interface ManyOptions {
  /** A request for each file. */
  readonly parallel?: boolean | undefined;
  /** Several tasks in one request. */
  readonly join?: boolean | undefined;
  /** So many at most. */
  readonly joinSize?: number | undefined;
  readonly files?: readonly string[] | undefined;
  readonly out?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly fresh?: boolean | undefined;
  readonly parallelRequests?: number | undefined;
}

/** Tasks of one request, and tokens of its input, where nobody says how many: answers to more tend to get shorter. */
const JOINED_TASKS = 10;
const JOINED_TOKENS = 60_000;

/** `signalbox --parallel "…"` and `--join`: one thing asked about many files, or many prompts. Results go to stdout in order, progress to stderr. */
export async function sendMany(words: readonly string[], options: PromptOptions & ManyOptions): Promise<number> {
  const startedAt = Date.now();
  if (options.join === true && options.schema !== undefined)
    throw new RouterError({ kind: 'usage', message: 'A schema is for one answer: leave --join out, or --schema.' });
  // What answers leave behind is collected early instead of when the heap has grown: half the memory, for a run that waits for others anyway. V8 asks for
  // this flag each time it sizes its heap.
  setFlagsFromString('--optimize-for-size');
  const tasks = await gatherTasks({ words, files: options.files ?? [] });
  const schema = options.schema === undefined ? undefined : await readAnswerSchema(options.schema);
  const attachments = await readAttachments(options.image ?? [], options.file ?? []);
  const opening = { ...options, overrides: privacyOf(options), books: options.dryRun !== true };
  return withRouter(opening, async ({ ready, signal }) => {
    warn(ready, options);
    const mode = modeNamed(options.mode, ready);
    const route = chooseRoute(ready, mode, options);
    const requestFor = (parts: readonly Part[]) =>
      buildRequest(undefined, [...attachments, ...parts], mode, options, schema?.output);
    const identity = [
      options.model,
      options.provider,
      options.strategy,
      options.mode,
      options.chain,
      options.providerChain,
    ];
    const asked = taskKey(attachments, [
      ...identity,
      options.system,
      options.maxTokens,
      options.temperature,
      schema?.output,
    ]);
    const answers = await openAnswerFile(homedir(), [process.cwd(), words, asked], options.fresh === true);
    try {
      const measured: MeasuredTask[] = [];
      for (const [index, task] of tasks.entries()) measured.push(await measureTask(task, index, asked));
      const missing = measured.filter(({ key, problem }) => problem === undefined && !answers.has(key));
      const most = options.join === true ? (options.joinSize ?? JOINED_TASKS) : 1;
      const groups = groupTasks(missing, { most, mostTokens: JOINED_TOKENS });
      const atOnce = requestsAtOnce(ready.loaded.configuration, options.parallelRequests);
      const planner = {
        router: ready.router,
        route,
        candidates: ready.candidates,
        pricing: createPricing(),
        now: Date.now(),
      };
      const plan = async (): Promise<RunPlan> => {
        const alone = new Map<number, PlannedRequest>();
        for (const { index } of missing) {
          const task = tasks[index] as Task;
          alone.set(index, await planRequest(planner, [task.title], requestFor(await partsOf(task))));
        }
        const requests: PlannedRequest[] = [];
        for (const group of groups) requests.push(await planGroup(group, alone));
        const unreadable = measured.flatMap(({ index, problem }) =>
          problem === undefined ? [] : [[tasks[index]?.title ?? '', problem] as const],
        );
        const apart = most > 1 ? [...alone.values()] : undefined;
        return { requests, apart, atOnce, unreadable, kept: tasks.length - missing.length - unreadable.length };
      };
      async function planGroup(group: TaskGroup, alone: ReadonlyMap<number, PlannedRequest>): Promise<PlannedRequest> {
        const [first] = group;
        const single = first === undefined ? undefined : alone.get(first);
        if (group.length === 1 && single !== undefined) return single;
        const titles = group.map((index) => tasks[index]?.title ?? '');
        const { text } = await joinGroup(group.map((index) => tasks[index] as Task));
        const output = group.reduce((sum, index) => sum + (alone.get(index)?.outputTokens ?? 0), 0);
        return planRequest(planner, titles, requestFor([{ type: 'text', text }]), output);
      }

      if (options.dryRun === true) {
        const planned = await plan();
        await writeOut(
          options.json
            ? `${JSON.stringify(planJson(planned), null, 2)}\n`
            : planTable(planned, terminalWidth(process.stdout) ?? 100),
        );
        return EXIT.success;
      }
      if (options.out !== undefined) await prepareFolder(options.out);
      announceMadeUp(ready, options);
      if (most > 1 && !options.quiet && groups.length < missing.length) {
        const { requests, apart = [] } = await plan();
        say(`estimate: ${savingText(requests, apart)}`);
      }
      const live = process.stderr.isTTY === true && !options.quiet && process.env.TERM !== 'dumb';
      const showsAnswers = process.stdout.isTTY === true && !options.json && options.out === undefined;
      const progress = live
        ? (await import('../tasks/live-progress.ts')).createLiveProgress(tasks.length, process.stderr, showsAnswers)
        : createPlainProgress({ quiet: options.quiet, now: Date.now, write: (text) => process.stderr.write(text) });
      let end: RunEnd;
      try {
        end = await runTaskGroups({
          ready,
          route,
          tasks,
          measured,
          groups,
          answers,
          atOnce,
          schema,
          refresh: !options.cache,
          style: { json: options.json, out: options.out, terminal: showsAnswers },
          progress,
          signal,
          warningOf: (id) => [...route.candidates, ...ready.candidates].find((one) => one.id === id)?.warning,
          requestFor,
        });
      } finally {
        progress.end();
      }
      if (end.tally.answered === tasks.length) await answers.delete();
      if (options.json) await writeOut(`${JSON.stringify(totalJson(end))}\n`);
      summarise(end, Date.now() - startedAt, options);
      return exitCodeOf(end);
    } finally {
      await answers.close();
    }
  });
}

function exitCodeOf({ tally, stopped }: RunEnd): number {
  if (stopped === 'interrupted') return EXIT.interrupted;
  if (stopped === 'budget') return EXIT.budget;
  return tally.failed > 0 ? EXIT.failure : EXIT.success;
}

function summarise(
  { tally, stopped, reason, left }: RunEnd,
  durationMs: number,
  options: PromptOptions & ManyOptions,
): void {
  const incomplete = tally.answered < tally.tasks;
  if (options.quiet && !incomplete) return;
  const { tasks, answered, failed, kept } = tally;
  const parts = [
    `${answered} of ${tasks} answered${kept === 0 ? '' : ` (${kept} by an earlier run)`}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    figuresText(tally),
    durationText(durationMs),
    ...(options.out === undefined || answered === 0 ? [] : [`in ${options.out}`]),
  ];
  say(parts.join(' · '));
  if (!incomplete) return;
  const again = 'The same command asks only for what is missing; --fresh asks for all.';
  if (left.length === 0) {
    say(`signalbox: ${failed} of ${tasks} failed. ${again}`);
    return;
  }
  const names = left.length <= 5 ? left.join(', ') : `${left.slice(0, 4).join(', ')} and ${left.length - 4} more`;
  const why =
    stopped === 'budget'
      ? `A budget stopped this (${(reason ?? 'it is used up').replace(/\.$/, '')})`
      : 'This was interrupted';
  say(`signalbox: ${why}: ${left.length} of ${tasks} are left: ${names}. ${again}`);
}

function totalJson({ tally, stopped, left }: RunEnd) {
  const { tasks, answered, failed, kept, usage, cost, exact, simulated } = tally;
  return {
    total: {
      tasks,
      answered,
      failed,
      kept,
      left,
      stoppedBy: stopped ?? null,
      usage: usage ?? null,
      cost: { usd: nanoToUsd(cost), nanoUsd: cost, exact },
      simulated,
    },
  };
}
