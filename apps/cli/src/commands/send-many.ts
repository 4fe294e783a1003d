import { homedir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { type Part, RouterError } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import type { Route } from '@signalbox/router';
import { announceMadeUp, warn } from '../configuration/announcements.ts';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { withRouter } from '../configuration/with-router.ts';
import { type AnswerSchema, readAnswerSchema } from '../prompt/answer-schema.ts';
import { readAttachments } from '../prompt/attachments.ts';
import { buildRequest } from '../prompt/build-request.ts';
import { chooseRoute, modeNamed, privacyOf } from '../prompt/choose-route.ts';
import { prepareFolder } from '../prompt/refuse-unwritable.ts';
import type { PromptOptions } from '../prompt/send-prompt.ts';
import { type AnswerFile, openAnswerFile } from '../tasks/answer-file.ts';
import { gatherTasks } from '../tasks/gather-tasks.ts';
import { groupTasks, type MeasuredTask, measureTask } from '../tasks/group-tasks.ts';
import { createPlainProgress } from '../tasks/plain-progress.ts';
import type { Planner } from '../tasks/plan-run.ts';
import { planJson, planTable, type RunPlan, savingText } from '../tasks/plan-table.ts';
import { type DividedTasks, planTasks } from '../tasks/plan-tasks.ts';
import { writeOut } from '../tasks/progress.ts';
import { requestsAtOnce } from '../tasks/requests-at-once.ts';
import { exitCodeOf, summaryOf, totalJson } from '../tasks/run-summary.ts';
import { type Task, taskKey } from '../tasks/task.ts';
import { type RunEnd, runTaskGroups, type TaskRun } from '../tasks/task-run.ts';
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
    const asked = taskKey(attachments, whatDecides(options, schema));
    const answers = await openAnswerFile(homedir(), [process.cwd(), words, asked], options.fresh === true);
    try {
      const atOnce = requestsAtOnce(ready.loaded.configuration, options.parallelRequests);
      const divided = { ...(await divideTasks(tasks, asked, answers, options)), atOnce, requestFor };
      const plan = () => planTasks(divided, plannerOf(ready, route));
      if (options.dryRun === true) {
        await writeOut(planText(await plan(), options.json));
        return EXIT.success;
      }
      if (options.out !== undefined) await prepareFolder(options.out);
      announceMadeUp(ready, options);
      if (divided.joins && !options.quiet && divided.groups.length < divided.missing.length) {
        const { requests, apart = [] } = await plan();
        say(`estimate: ${savingText(requests, apart)}`);
      }
      const end = await runShown({ ...divided, ready, route, answers, schema, signal }, options);
      if (end.tally.answered === tasks.length) await answers.delete();
      if (options.json) await writeOut(`${JSON.stringify(totalJson(end))}\n`);
      for (const sentence of summaryOf(end, Date.now() - startedAt, options)) say(sentence);
      return exitCodeOf(end);
    } finally {
      await answers.close();
    }
  });
}

/** What makes an answer another one, beside the task itself. */
function whatDecides(options: PromptOptions, schema: AnswerSchema | undefined): readonly unknown[] {
  const { model, provider, strategy, mode, chain, providerChain, system, maxTokens, temperature } = options;
  return [model, provider, strategy, mode, chain, providerChain, system, maxTokens, temperature, schema?.output];
}

/** Reads the tasks, and puts those that have no answer yet into requests. */
async function divideTasks(
  tasks: readonly Task[],
  asked: string,
  answers: AnswerFile,
  { join, joinSize }: ManyOptions,
): Promise<Pick<DividedTasks, 'tasks' | 'measured' | 'missing' | 'groups' | 'joins'>> {
  const measured: MeasuredTask[] = [];
  for (const [index, task] of tasks.entries()) measured.push(await measureTask(task, index, asked));
  const missing = measured.filter(({ key, problem }) => problem === undefined && !answers.has(key));
  const most = join === true ? (joinSize ?? JOINED_TASKS) : 1;
  const groups = groupTasks(missing, { most, mostTokens: JOINED_TOKENS });
  return { tasks, measured, missing, groups, joins: most > 1 };
}

function plannerOf({ router, candidates }: LoadedRouter, route: Route): Planner {
  return { router, route, candidates, pricing: createPricing(), now: Date.now() };
}

function planText(plan: RunPlan, json: boolean | undefined): string {
  return json ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planTable(plan, terminalWidth(process.stdout) ?? 100);
}

type UnshownRun = Omit<TaskRun, 'refresh' | 'style' | 'progress' | 'warningOf'>;

/** Runs the tasks with a line of progress on stderr: one that changes where that is a terminal. */
async function runShown(run: UnshownRun, options: PromptOptions & ManyOptions): Promise<RunEnd> {
  const { ready, route, tasks } = run;
  const { quiet, json, out } = options;
  const live = process.stderr.isTTY === true && !quiet && process.env.TERM !== 'dumb';
  const showsAnswers = process.stdout.isTTY === true && !json && out === undefined;
  const progress = live
    ? (await import('../tasks/live-progress.ts')).createLiveProgress(tasks.length, process.stderr, showsAnswers)
    : createPlainProgress({ quiet, now: Date.now, write: (text) => process.stderr.write(text) });
  try {
    return await runTaskGroups({
      ...run,
      refresh: !options.cache,
      style: { json, out, terminal: showsAnswers },
      progress,
      warningOf: (id) => [...route.candidates, ...ready.candidates].find((one) => one.id === id)?.warning,
    });
  } finally {
    progress.end();
  }
}
