import { writeFile } from 'node:fs/promises';
import { type ModelRequest, nanoToUsd, type Part, RouterError } from '@signalbox/core';
import { askContestant } from '../compare/ask-contestant.ts';
import { createBlockView } from '../compare/block-view.ts';
import { comparisonHtml } from '../compare/comparison-html.ts';
import { comparisonList, comparisonTable, costText, wordsOf } from '../compare/comparison-table.ts';
import { type Contestant, contestantsOf, type Entry } from '../compare/contestant.ts';
import { type Judgement, judge, judgeName } from '../compare/judge.ts';
import { recordJudgement, recordVerdict, sentenceWhere } from '../compare/record-verdict.ts';
import { askVerdict, type Verdict } from '../compare/verdict.ts';
import { type ComparisonView, columnWidth } from '../compare/view.ts';
import { announceMadeUp, warn } from '../configuration/announcements.ts';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { withRouter } from '../configuration/with-router.ts';
import { readAnswerSchema } from '../prompt/answer-schema.ts';
import { readAttachments } from '../prompt/attachments.ts';
import { buildRequest } from '../prompt/build-request.ts';
import { modeNamed, privacyOf } from '../prompt/choose-route.ts';
import { contextParts, readPromptAndContext } from '../prompt/read-prompt.ts';
import { refuseUnwritable } from '../prompt/refuse-unwritable.ts';
import type { PromptOptions } from '../prompt/send-prompt.ts';
import { writeOut } from '../tasks/progress.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

export interface CompareOptions {
  /** Providers and models, separated by commas. */
  readonly compare?: string | undefined;
  readonly judge?: string | undefined;
  readonly html?: string | undefined;
  readonly parallelRequests?: number | undefined;
}

/** `signalbox --compare "anthropic,openai" "prompt"`: the same asked of several, side by side, then what each took and was worth. */
export async function compare(words: readonly string[], options: PromptOptions & CompareOptions): Promise<number> {
  refuseOtherRoutes(options);
  if (options.html !== undefined) await refuseUnwritable(options.html);
  const schema = options.schema === undefined ? undefined : await readAnswerSchema(options.schema);
  const attachments = await readAttachments(options.image ?? [], options.file ?? []);
  const { prompt, context } = await readPromptAndContext(words, (sentence) => {
    if (!options.quiet) say(`note: ${sentence}`);
  });
  return withRouter({ ...options, overrides: privacyOf(options), books: true }, async ({ ready, signal, tell }) => {
    warn(ready, options);
    const contestants = contestantsOf(options.compare ?? '', ready);
    const parts: readonly Part[] = [...attachments, ...contextParts(context)];
    const request = buildRequest(prompt, parts, modeNamed(options.mode, ready), options, schema?.output);
    announceMadeUp(ready, options);
    const view = options.json ? SILENT : await viewOf(contestants);
    const asked = await askAll(contestants, { request, ready, options, signal, view });
    const entries = asked.map((entry) => {
      const fit = entry.problem === undefined ? schema?.check(entry.answer) : undefined;
      return fit !== undefined && 'problem' in fit
        ? { ...entry, problem: `The answer does not fit the schema: ${fit.problem}.` }
        : entry;
    });
    await view.end();
    tellWarnings(contestants, entries, (sentence) => tell('warning', sentence));
    const judging = judgeName(options.judge, ready);
    const judged =
      judging === undefined || signal.aborted ? undefined : await judge(judging, request, entries, ready, signal);
    const judgement = judged === undefined || 'problem' in judged ? undefined : judged;
    if (judged !== undefined && 'problem' in judged) tell('warning', judged.problem);
    if (!options.json) await writeOut(figuresOf(entries, judgement));
    const verdict = await verdictOn(entries, options, signal);
    const { learning } = ready;
    const unwritten = sentenceWhere(() => {
      if (learning !== undefined && judgement !== undefined) recordJudgement(learning, entries, judgement);
      if (learning !== undefined && verdict !== undefined) recordVerdict(learning, entries, verdict);
    });
    if (unwritten !== undefined) tell('warning', unwritten);
    if (options.html !== undefined) {
      await writePage(options.html, entries, { prompt, judgement });
      tell('note', `the comparison is in ${options.html}.`);
    }
    if (options.json) await writeOut(`${JSON.stringify(jsonOf(prompt, entries, judgement), null, 2)}\n`);
    return exitCodeOf(entries, signal);
  });
}

/** Throws RouterError `usage` where another flag says who is asked. */
function refuseOtherRoutes(options: PromptOptions): void {
  for (const [flag, value] of [
    ['--model', options.model],
    ['--provider', options.provider],
    ['--strategy', options.strategy],
    ['--chain', options.chain],
    ['--provider-chain', options.providerChain],
  ] as const) {
    if (value === undefined) continue;
    throw new RouterError({
      kind: 'usage',
      message: `--compare says who is asked, and so does ${flag}: put ${value} into --compare.`,
    });
  }
}

const SILENT: ComparisonView = { text: () => undefined, over: () => undefined, end: async () => undefined };

async function viewOf(contestants: readonly Contestant[]): Promise<ComparisonView> {
  const { stdout } = process;
  const wide = stdout.isTTY === true && columnWidth(contestants.length, terminalWidth(stdout) ?? 80) !== undefined;
  if (!wide || process.env.TERM === 'dumb') return createBlockView(contestants, stdout.isTTY === true);
  return (await import('../compare/pane-view.ts')).createPaneView(contestants, stdout);
}

/** What all contestants are asked with. */
interface Asking {
  readonly request: ModelRequest;
  readonly ready: LoadedRouter;
  readonly options: PromptOptions & CompareOptions;
  readonly signal: AbortSignal;
  readonly view: ComparisonView;
}

/** Asks all, so many at once: unless somebody says otherwise, all of them. */
async function askAll(
  contestants: readonly Contestant[],
  { request, ready, options, signal, view }: Asking,
): Promise<readonly Entry[]> {
  const atOnce =
    options.parallelRequests ?? ready.loaded.configuration.performance.parallelRequests ?? contestants.length;
  const entries: Entry[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < contestants.length) {
      const place = next;
      next += 1;
      const entry = await askContestant(contestants[place] as Contestant, {
        ready,
        request,
        signal,
        refresh: !options.cache,
        now: Date.now,
        onText: (text) => view.text(place, text),
      });
      entries[place] = entry;
      view.over(place, entry);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, contestants.length) }, work));
  return entries;
}

function tellWarnings(
  contestants: readonly Contestant[],
  entries: readonly Entry[],
  tell: (sentence: string) => void,
): void {
  const told = new Set<string>();
  for (const [place, { route }] of contestants.entries()) {
    const warning = route.candidates.find(({ id }) => id === entries[place]?.candidate)?.warning;
    if (warning !== undefined && !told.has(warning)) tell(warning);
    if (warning !== undefined) told.add(warning);
  }
}

function figuresOf(entries: readonly Entry[], judgement: Judgement | undefined): string {
  const table = comparisonTable(entries, judgement);
  const width = process.stdout.isTTY === true ? (terminalWidth(process.stdout) ?? 80) : Number.POSITIVE_INFINITY;
  const fits = table.split('\n').every((line) => line.trimEnd().length <= width);
  const lines = [fits ? table : comparisonList(entries, judgement)];
  if (judgement !== undefined) {
    lines.push('', `Judged by ${judgement.judge} for ${costText(judgement)}:`);
    for (const [place, reason] of judgement.reasons.entries())
      if (reason !== undefined) lines.push(`${place + 1}. ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

async function verdictOn(
  entries: readonly Entry[],
  options: PromptOptions,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const asks = process.stdin.isTTY === true && process.stdout.isTTY === true && process.stderr.isTTY === true;
  if (!asks || options.json || options.quiet || signal.aborted) return undefined;
  if (entries.filter(({ problem }) => problem === undefined).length < 2) return undefined;
  return askVerdict(entries, signal);
}

async function writePage(
  file: string,
  entries: readonly Entry[],
  { prompt, judgement }: { readonly prompt: string; readonly judgement: Judgement | undefined },
): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(file, comparisonHtml(entries, { prompt, judgement, date })).catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({ kind: 'internal', message: `The page can't be written to ${file} (${error.code}).` });
  });
}

function jsonOf(prompt: string, entries: readonly Entry[], judgement: Judgement | undefined) {
  const amount = (cost: number | undefined, exact: boolean) =>
    cost === undefined ? null : { usd: nanoToUsd(cost), nanoUsd: cost, exact };
  return {
    prompt,
    entries: entries.map(({ cost, exact, answer, candidate, ...entry }, place) => ({
      ...entry,
      model: candidate ?? null,
      answer,
      words: wordsOf(answer),
      cost: amount(cost, exact),
      ...(judgement === undefined
        ? {}
        : { quality: judgement.scores[place] ?? null, reason: judgement.reasons[place] ?? null }),
    })),
    ...(judgement === undefined
      ? {}
      : { judge: { model: judgement.judge, cost: amount(judgement.cost, judgement.exact) } }),
  };
}

/** A comparison in which somebody failed has not worked; where only budgets were in the way, they say so. */
function exitCodeOf(entries: readonly Entry[], signal: AbortSignal): number {
  if (signal.aborted) return EXIT.interrupted;
  const failed = entries.filter(({ problem }) => problem !== undefined);
  if (failed.length === 0) return EXIT.success;
  return failed.every(({ outOfBudget }) => outOfBudget) ? EXIT.budget : EXIT.failure;
}
