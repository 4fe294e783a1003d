import { homedir } from 'node:os';
import {
  type BatchResult,
  type BatchState,
  type Candidate,
  nanoToUsd,
  RouterError,
  responseText,
} from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { type BatchRecord, requireRecord, type SubmittedBatch } from '../batch/batch-record.ts';
import { createResultBooks, type ResultBooks } from '../batch/book-results.ts';
import { clientOf } from '../batch/providers-by-id.ts';
import { type LoadedRouter, loadRouter } from '../configuration/load-router.ts';
import { openLedger } from '../stores/open-ledger.ts';
import { writeOut } from '../tasks/progress.ts';
import { countFigures, emptyTally, figuresText, type Tally } from '../tasks/tally.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';
import { whileInterruptible } from '../terminal/while-interruptible.ts';

export interface BatchResultsOptions {
  readonly wait: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly config?: string | undefined;
}

/** Milliseconds between two looks at a batch that is waited for: they take minutes to hours. */
const LOOK_EVERY = 30_000;

/** What was fetched, by the id that was sent. */
type Lines = Map<string, string>;

interface Fetched {
  readonly lines: Lines;
  readonly tally: Tally;
  readonly failed: number;
  readonly answered: number;
  /** Batches that are not done. */
  readonly running: readonly BatchState[];
  readonly refused: readonly BatchState[];
}

/** `signalbox batch results FILE.jsonl`: the answers as JSON lines in the order of the file; each is booked once, at the price of a batch. */
export async function batchResults(file: string, options: BatchResultsOptions): Promise<number> {
  const record = await requireRecord(homedir(), file);
  const tell = (sentence: string) => {
    if (!options.quiet) say(sentence);
  };
  const ready = await loadRouter({ config: options.config });
  const ledger = await openLedger(ready.loaded.configuration, homedir(), (fault) => tell(`warning: ${fault}`));
  try {
    return await whileInterruptible(async (signal) => {
      const states = await statesOf(record, ready, options.wait, signal);
      const books = createResultBooks(ledger, createPricing());
      const fetched = await fetchAll(record, states, ready, books, signal);
      ledger?.flush();
      for (const [, line] of [...fetched.lines].sort(([one], [other]) => placeOf(one) - placeOf(other)))
        await writeOut(line);
      const missing = record.batches.reduce((sum, { items }) => sum + items.length, 0) - fetched.lines.size;
      return conclude(fetched, missing, file, tell);
    });
  } finally {
    ledger?.close();
    await ready.close();
  }
}

/** Requests are sent as `r1`, `r2` and so on, by their place in the file. */
const placeOf = (sent: string): number => Number(sent.slice(1));

async function statesOf(
  { batches }: BatchRecord,
  ready: LoadedRouter,
  waits: boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<SubmittedBatch, BatchState>> {
  const states = new Map<SubmittedBatch, BatchState>();
  for (;;) {
    for (const batch of batches) {
      if (states.get(batch)?.status === 'ended') continue;
      states.set(batch, await clientOf(batch.provider, ready).state(batch.id, signal));
    }
    const isDone = [...states.values()].every(({ status }) => status !== 'running');
    if (isDone || !waits) return states;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (signal.aborted) throw new RouterError({ kind: 'aborted', message: 'Interrupted; the batches go on.' });
  }
}

async function fetchAll(
  record: BatchRecord,
  states: ReadonlyMap<SubmittedBatch, BatchState>,
  ready: LoadedRouter,
  books: ResultBooks,
  signal: AbortSignal,
): Promise<Fetched> {
  const lines: Lines = new Map();
  let tally = emptyTally(record.requests);
  let failed = 0;
  let answered = 0;
  for (const [batch, state] of states) {
    if (state.status !== 'ended') continue;
    const items = new Map(batch.items.map(([sent, own, candidate]) => [sent, { own, candidate }] as const));
    for await (const result of clientOf(batch.provider, ready).results(state, signal)) {
      const item = items.get(result.id);
      if (item === undefined || lines.has(result.id)) continue;
      const figures = books.book(candidateOf(item.candidate, ready), batch, result);
      tally = countFigures(tally, figures);
      if ('response' in result.outcome) answered += 1;
      else failed += 1;
      lines.set(result.id, lineOf(item.own, result, figures));
    }
  }
  const all = [...states.values()];
  return {
    lines,
    tally,
    failed,
    answered,
    running: all.filter(({ status }) => status === 'running'),
    refused: all.filter(({ status, problem }) => status === 'failed' || (status === 'ended' && problem !== undefined)),
  };
}

function candidateOf(id: string, { candidates, resolver }: LoadedRouter): Candidate {
  const found = candidates.find((one) => one.id === id) ?? resolver.find(id);
  if (found !== undefined) return found;
  throw new RouterError({
    kind: 'configuration',
    message: `${id} answered a batch and is not configured any more: its price is unknown.`,
  });
}

function lineOf(id: string, result: BatchResult, figures: ReturnType<ResultBooks['book']>): string {
  const { candidate, usage, cost, exact } = figures;
  const { outcome } = result;
  const toolCalls = 'response' in outcome ? outcome.response.parts.filter(({ type }) => type === 'tool-call') : [];
  const shown = {
    id,
    ...('response' in outcome
      ? { answer: responseText(outcome.response), finish: outcome.response.finish.reason }
      : { problem: outcome.error.message, kind: outcome.error.kind }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    model: candidate,
    usage: usage ?? null,
    cost: cost === undefined ? null : { usd: nanoToUsd(cost), nanoUsd: cost, exact },
  };
  return `${JSON.stringify(shown)}\n`;
}

/** Says on stderr how it stands, and with which code to exit: 1 where an answer is missing. */
function conclude(
  { tally, failed, answered, running, refused, lines }: Fetched,
  missing: number,
  file: string,
  tell: (sentence: string) => void,
): number {
  if (lines.size > 0)
    tell(`${answered} answered${failed === 0 ? '' : ` · ${failed} failed`} · ${figuresText(tally)} at batch prices`);
  for (const { id, problem } of refused)
    say(`signalbox: The batch ${id} was refused: ${problem ?? 'no reason was given'}.`);
  if (running.length > 0) {
    const states = running.map(({ id, reported }) => `${id} (${reported})`);
    process.stderr.write(
      `signalbox: ${running.length === 1 ? 'A batch is' : `${running.length} batches are`} not done: ${states.join(', ')}. The same command fetches the rest; --wait waits for it.\n`,
    );
  } else if (missing > 0 && refused.length === 0) {
    say(`signalbox: ${missing} of the requests of ${file} have no result.`);
  }
  return running.length + refused.length + failed + missing === 0 ? EXIT.success : EXIT.failure;
}
