import {
  type Attempt,
  type CacheUse,
  type Decision,
  inboundFromRequest,
  type ModelRequest,
  nanoToUsd,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import type { Route } from '@signalbox/router';
import { announceMadeUp, warn } from '../configuration/announcements.ts';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { withRouter } from '../configuration/with-router.ts';
import { EXIT, exitCodeFor } from '../terminal/exit-code.ts';
import { explanationTable } from '../terminal/explanation-table.ts';
import { outputColors } from '../terminal/output-colors.ts';
import { reportError } from '../terminal/report-error.ts';
import { say } from '../terminal/say.ts';
import { requestTotals, statusLine } from '../terminal/status-line.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';
import { type AnswerSchema, readAnswerSchema } from './answer-schema.ts';
import { readAttachments } from './attachments.ts';
import { buildRequest, type RequestOptions } from './build-request.ts';
import { chooseRoute, modeNamed, privacyOf, type RouteOptions } from './choose-route.ts';
import { contextParts, readPromptAndContext } from './read-prompt.ts';

export interface PromptOptions extends RouteOptions, RequestOptions {
  readonly image?: readonly string[] | undefined;
  /** Files and patterns of files that go along. */
  readonly file?: readonly string[] | undefined;
  /** A file with the JSON Schema that the answer must fit. */
  readonly schema?: string | undefined;
  /** Say what would be done instead of doing it. */
  readonly explain?: boolean | undefined;
  readonly stream: boolean;
  /** `false`: ask anew, whatever is kept. */
  readonly cache: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly config?: string | undefined;
}

/** What a prompt is sent with. */
interface Sending {
  readonly ready: LoadedRouter;
  readonly request: ModelRequest;
  readonly route: Route;
  readonly options: PromptOptions;
  readonly schema: AnswerSchema | undefined;
  readonly signal: AbortSignal;
}

/** `signalbox "prompt"`: routes one prompt. The answer goes to stdout, everything else to stderr. */
export async function sendPrompt(words: readonly string[], options: PromptOptions): Promise<number> {
  const schema = options.schema === undefined ? undefined : await readAnswerSchema(options.schema);
  const attachments = await readAttachments(options.image ?? [], options.file ?? []);
  const { prompt, context } = await readPromptAndContext(words, (sentence) => {
    if (!options.quiet) say(`note: ${sentence}`);
  });
  const opening = { ...options, overrides: privacyOf(options), books: options.explain !== true };
  return withRouter(opening, async ({ ready, signal }) => {
    warn(ready, options);
    const mode = modeNamed(options.mode, ready);
    const request = buildRequest(prompt, [...attachments, ...contextParts(context)], mode, options, schema?.output);
    const route = chooseRoute(ready, mode, options);
    if (options.explain === true) return explain(ready, request, route, options);
    // An answer that must fit a schema is looked at before anybody else sees it.
    const stream =
      options.stream && !options.json && schema === undefined && ready.loaded.configuration.streaming.enabled;
    announceMadeUp(ready, options, () => ready.router.decide({ inbound: inboundFromRequest(request), route }));
    return (stream ? streamAnswer : wholeAnswer)({ ready, request, route, options, schema, signal });
  });
}

/** Prints what would be done. No call is made, no token spent. */
async function explain(
  ready: LoadedRouter,
  request: ModelRequest,
  route: Route,
  options: PromptOptions,
): Promise<number> {
  const decision = await ready.router.explain({ inbound: inboundFromRequest(request), route });
  const winner = decision.order[0]?.candidate ?? null;
  if (options.json) process.stdout.write(`${JSON.stringify({ winner, ...decision }, null, 2)}\n`);
  else process.stdout.write(explanationTable(decision));
  return winner === null ? EXIT.failure : EXIT.success;
}

function announceWarnings(decision: Decision, attempts: readonly Attempt[], { quiet }: PromptOptions): void {
  if (quiet) return;
  const used = new Set(attempts.map((attempt) => attempt.candidate));
  for (const entry of decision.order) {
    if (entry.warning !== undefined && used.has(entry.candidate)) say(`warning: ${entry.warning}`);
  }
  for (const note of attempts.at(-1)?.notes ?? []) {
    if (note.action !== 'mapped') say(`note: ${note.field} was ${note.action}: ${note.reason}`);
  }
}

export function announceStatus(decision: Decision, attempts: readonly Attempt[], options: PromptOptions): void {
  announceWarnings(decision, attempts, options);
  if (options.quiet) return;
  const colors = outputColors(process.stderr);
  const line = wrapped(statusLine(decision, attempts), terminalWidth(process.stderr), '  ');
  process.stderr.write(`${colors.dim(line)}\n`);
}

async function streamAnswer({ ready, request, route, options, signal }: Sending): Promise<number> {
  const result = await ready.router.stream(request, { route, signal, cache: cacheUse(options) });
  let endsInLineBreak = true;
  let failure: unknown;
  try {
    for await (const event of result.events) {
      const text = shownText(event);
      if (text === '') continue;
      endsInLineBreak = text.endsWith('\n');
      if (!process.stdout.write(text)) await drained();
    }
  } catch (error) {
    failure = error;
  }
  if (!endsInLineBreak) process.stdout.write('\n');
  announceStatus(result.decision, result.attempts, options);
  if (failure === undefined) return EXIT.success;
  if (signal.aborted) {
    if (!options.quiet) say('interrupted: what was used until then is booked');
    return EXIT.interrupted;
  }
  reportError(failure, options.verbose);
  return exitCodeFor(failure);
}

async function wholeAnswer({ ready, request, route, options, schema, signal }: Sending): Promise<number> {
  const call = { route, signal, cache: cacheUse(options) };
  const { response, decision, attempts, cache } = await ready.router.generate(request, call);
  const answer = responseText(response);
  const checked = schema?.check(answer);
  const problem = checked !== undefined && 'problem' in checked ? checked.problem : undefined;
  if (!options.json) {
    process.stdout.write(answer.endsWith('\n') ? answer : `${answer}\n`);
    announceStatus(decision, attempts, options);
    return problem === undefined ? EXIT.success : misfit(problem, response.finish.reason, options);
  }
  announceWarnings(decision, attempts, options);
  const totals = requestTotals(attempts);
  const last = attempts.at(-1);
  const shown = {
    answer,
    ...(checked === undefined ? {} : 'value' in checked ? { value: checked.value } : { invalid: checked.problem }),
    provider: last?.provider,
    model: last?.answeredBy ?? last?.model,
    finish: response.finish,
    simulated: totals.simulated,
    usage: totals.usage ?? null,
    cost: totals.cost === undefined ? null : { usd: nanoToUsd(totals.cost), nanoUsd: totals.cost, exact: totals.exact },
    cache: cache ?? null,
    saved: totals.saved === undefined ? null : { usd: nanoToUsd(totals.saved), nanoUsd: totals.saved },
    durationMs: totals.durationMs,
    toolCalls: response.parts.filter((part) => part.type === 'tool-call'),
    decision,
    attempts,
  };
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  return problem === undefined ? EXIT.success : misfit(problem, response.finish.reason, options);
}

/** Says that the answer, which was paid for and is shown, does not fit the schema. */
function misfit(problem: string, finish: string, { schema }: PromptOptions): number {
  const cut = finish === 'length' ? ' It was cut at the output limit: raise --max-tokens.' : '';
  say(`signalbox: The answer does not fit the schema ${schema}: ${problem}.${cut}`);
  return EXIT.failure;
}

function cacheUse({ cache }: PromptOptions): CacheUse | undefined {
  return cache ? undefined : { mode: 'refresh' };
}

export function shownText(event: StreamEvent): string {
  return event.type === 'text-delta' ? event.text : '';
}

export function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}
