import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ModeConfiguration } from '@signalbox/config';
import {
  type Attempt,
  type CacheUse,
  type Decision,
  type ImagePart,
  inboundFromRequest,
  type ModelRequest,
  nanoToUsd,
  type Part,
  RouterError,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import { STALE_AFTER_DAYS } from '@signalbox/model-catalog';
import type { Route } from '@signalbox/router';
import { EXIT, exitCodeFor } from './exit-code.ts';
import { explanationTable } from './explanation-table.ts';
import { type LoadedRouter, loadRouter } from './load-router.ts';
import { outputColors } from './output-colors.ts';
import { readPrompt } from './read-prompt.ts';
import { reportError } from './report-error.ts';
import { requestTotals, statusLine } from './status-line.ts';
import { wrapped } from './wrapped.ts';

export interface PromptOptions {
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly strategy?: string | undefined;
  readonly mode?: string | undefined;
  readonly chain?: string | undefined;
  readonly providerChain?: string | undefined;
  readonly system?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly image?: readonly string[] | undefined;
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

/** `signalbox "prompt"`: routes one prompt. The answer goes to stdout, everything else to stderr. */
export async function sendPrompt(words: readonly string[], options: PromptOptions): Promise<number> {
  const prompt = await readPrompt(words);
  const images = await Promise.all((options.image ?? []).map(readImage));
  const tell = (label: string) => (sentence: string) => {
    if (!options.quiet) process.stderr.write(`${label}: ${sentence}\n`);
  };
  const onFault = tell('warning');
  const ready = await loadRouter({
    config: options.config,
    onLedgerFault: options.explain === true ? undefined : onFault,
    onCacheFault: onFault,
    onWarning: onFault,
    say: tell('budget'),
  });
  const caller = new AbortController();
  const interrupt = () => caller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  // The reader of our output may go away (`| head`): then nobody needs the rest.
  process.stdout.on('error', interrupt);
  try {
    warn(ready, options);
    const mode = modeNamed(options.mode, ready);
    const request = buildRequest(prompt, images, mode, options);
    const route = chooseRoute(ready, mode, options);
    if (options.explain === true) return await explain(ready, request, route, options);
    const stream = options.stream && !options.json && ready.loaded.configuration.streaming.enabled;
    announceSimulation(ready, request, route, options);
    return await (stream ? streamAnswer : wholeAnswer)(ready, request, route, options, caller.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await ready.close();
  }
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

async function readImage(file: string): Promise<ImagePart> {
  const mediaType = IMAGE_TYPES[extname(file).toLowerCase()];
  if (mediaType === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: `${file} is no image that models take: use png, jpeg, gif or webp.`,
    });
  }
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({ kind: 'usage', message: `The image ${file} can't be read (${error.code}).` });
  });
  return { type: 'image', source: { kind: 'base64', mediaType, data: bytes.toString('base64') } };
}

/** A mode of the configuration: `quality_mode`, `balanced_mode`, `speed_mode`. */
export function modeNamed(name: string | undefined, { loaded }: LoadedRouter): ModeConfiguration | undefined {
  if (name === undefined) return undefined;
  const { modes } = loaded.configuration;
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (mode !== undefined) return mode;
  const names = Object.keys(modes);
  throw new RouterError({
    kind: 'usage',
    message: `There is no ${name}_mode in the configuration; ${names.length === 0 ? `write one with a model, temperature and top_p` : `there are ${names.join(', ')}`}.`,
  });
}

function buildRequest(
  prompt: string,
  images: readonly ImagePart[],
  mode: ModeConfiguration | undefined,
  options: PromptOptions,
): ModelRequest {
  const parts: Part[] = [...images, { type: 'text', text: prompt }];
  const temperature = options.temperature ?? mode?.temperature;
  return {
    model: options.model,
    system: options.system === undefined ? [] : [{ type: 'text', text: options.system }],
    messages: [{ role: 'user', parts }],
    maxOutputTokens: options.maxTokens,
    sampling: temperature === undefined && mode?.topP === undefined ? undefined : { temperature, topP: mode?.topP },
  };
}

/** The route that the flags ask for; the most exact flag wins. */
export function chooseRoute(
  { resolver }: LoadedRouter,
  mode: ModeConfiguration | undefined,
  options: PromptOptions,
): Route {
  if (options.model !== undefined) return resolver.model(options.model);
  if (options.provider !== undefined) return resolver.provider(options.provider);
  if (options.chain !== undefined) return resolver.chain(options.chain);
  if (options.providerChain !== undefined) {
    return resolver.members(
      options.providerChain
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
  }
  if (mode !== undefined) return resolver.model(mode.model);
  if (options.strategy !== undefined) return resolver.strategy(options.strategy);
  return resolver.model(undefined);
}

export function warn({ loaded, catalog }: LoadedRouter, { quiet }: PromptOptions): void {
  if (quiet) return;
  for (const warning of loaded.warnings)
    process.stderr.write(`${wrapped(`warning: ${warning}`, process.stderr.columns, '  ')}\n`);
  const age = catalog.ageInDays(Date.now());
  if (age !== undefined && age > STALE_AFTER_DAYS) {
    process.stderr.write(`warning: the facts about models and prices are ${age} days old: update signalbox.\n`);
  }
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

/** Says before the answer that it will not be real, and what to set so that it is. */
function announceSimulation(ready: LoadedRouter, request: ModelRequest, route: Route, options: PromptOptions): void {
  if (!ready.simulated || options.quiet) return;
  const inbound = { head: { model: request.model, stream: false }, request: () => request };
  const chosen = ready.router.decide({ inbound, route }).order[0];
  const variable = chosen === undefined ? undefined : ready.keyVariable(chosen.provider);
  const remedy = variable === undefined ? 'start the local server' : `set ${variable}`;
  process.stderr.write(
    `simulated: no provider has an API key, so the answer is made up and costs nothing; ${remedy} for a real one.\n`,
  );
}

function announceWarnings(decision: Decision, attempts: readonly Attempt[], { quiet }: PromptOptions): void {
  if (quiet) return;
  const used = new Set(attempts.map((attempt) => attempt.candidate));
  for (const entry of decision.order) {
    if (entry.warning !== undefined && used.has(entry.candidate))
      process.stderr.write(`${wrapped(`warning: ${entry.warning}`, process.stderr.columns, '  ')}\n`);
  }
  for (const note of attempts.at(-1)?.notes ?? []) {
    if (note.action !== 'mapped') process.stderr.write(`note: ${note.field} was ${note.action}: ${note.reason}\n`);
  }
}

export function announceStatus(decision: Decision, attempts: readonly Attempt[], options: PromptOptions): void {
  announceWarnings(decision, attempts, options);
  if (options.quiet) return;
  const colors = outputColors(process.stderr);
  const line = wrapped(statusLine(decision, attempts), process.stderr.columns, '  ');
  process.stderr.write(`${colors.dim(line)}\n`);
}

async function streamAnswer(
  ready: LoadedRouter,
  request: ModelRequest,
  route: Route,
  options: PromptOptions,
  signal: AbortSignal,
): Promise<number> {
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
  if (signal.aborted) return EXIT.interrupted;
  reportError(failure, options.verbose);
  return exitCodeFor(failure);
}

async function wholeAnswer(
  ready: LoadedRouter,
  request: ModelRequest,
  route: Route,
  options: PromptOptions,
  signal: AbortSignal,
): Promise<number> {
  const call = { route, signal, cache: cacheUse(options) };
  const { response, decision, attempts, cache } = await ready.router.generate(request, call);
  const answer = responseText(response);
  if (!options.json) {
    process.stdout.write(answer.endsWith('\n') ? answer : `${answer}\n`);
    announceStatus(decision, attempts, options);
    return EXIT.success;
  }
  announceWarnings(decision, attempts, options);
  const totals = requestTotals(attempts);
  const last = attempts.at(-1);
  const shown = {
    answer,
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
  return EXIT.success;
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
