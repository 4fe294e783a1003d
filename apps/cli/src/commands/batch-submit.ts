import { homedir } from 'node:os';
import { createBatchClient } from '@signalbox/batch';
import { formatUsd, nanoToUsd, ProviderError, RouterError } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import Table from 'cli-table3';
import { parseBatchLines, readBatchText } from '../batch/batch-lines.ts';
import { type BatchRecord, hashOf, readRecord, type SubmittedBatch, writeRecord } from '../batch/batch-record.ts';
import { type PreparedBatch, prepareBatches } from '../batch/prepare-batches.ts';
import { warn } from '../configuration/announcements.ts';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { loginName } from '../configuration/login-name.ts';
import { withRouter } from '../configuration/with-router.ts';
import type { RouteOptions } from '../prompt/choose-route.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { PLAIN_TABLE } from '../terminal/plain-table.ts';
import { say } from '../terminal/say.ts';

export interface BatchSubmitOptions extends RouteOptions {
  readonly dryRun: boolean;
  readonly again: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly config?: string | undefined;
}

/** `signalbox batch submit FILE.jsonl`: hands the requests of a file in to the providers' batch APIs. What an interrupted submit left over is handed in by the next. */
export async function batchSubmit(file: string, options: BatchSubmitOptions): Promise<number> {
  const text = await readBatchText(file);
  const lines = parseBatchLines(text, file);
  const tell = (sentence: string) => {
    if (!options.quiet) say(sentence);
  };
  return withRouter({ ...options, books: true }, async ({ ready, signal }) => {
    warn(ready, options);
    const { config: _c, dryRun: _d, again: _a, json: _j, quiet: _q, ...route } = options;
    const all = prepareBatches(lines, { ready, options: route, pricing: createPricing(), now: Date.now() });
    const hash = hashOf(text);
    const before = await readRecord(homedir(), file);
    const record: BatchRecord =
      before === undefined || options.again || before.hash !== hash
        ? { file, hash, requests: lines.length, batches: [] }
        : before;
    if (before !== undefined && record !== before && before.batches.length > 0)
      tell(
        `note: what was handed in of ${file} before is forgotten here; its batches are ${before.batches.map(({ id }) => id).join(', ')}.`,
      );
    const left = withoutSubmitted(all, record);
    if (options.dryRun) {
      show(
        left.map((batch) => ({ ...described(batch), id: undefined })),
        options,
        true,
      );
      return EXIT.success;
    }
    if (left.length === 0) {
      tell(
        `${file} was handed in already: signalbox batch status ${file}. --again hands it in once more, and is paid for once more.`,
      );
      show(record.batches.map(shownOf), options, false);
      return EXIT.success;
    }
    if (record.uncertain !== undefined) {
      throw new RouterError({
        kind: 'usage',
        message: `An earlier submit of ${file} ended while ${record.uncertain} was asked, and there may be a batch of which nothing is known here: look at ${record.uncertain}'s own list of batches; --again hands everything in anew.`,
      });
    }
    if (ready.simulated)
      throw new RouterError({
        kind: 'missing-key',
        message: 'A batch needs a provider that is there tomorrow: set ANTHROPIC_API_KEY or OPENAI_API_KEY.',
      });
    requireMoney(left, ready);
    const done = await submitAll(left, record, signal);
    show(done.batches.map(shownOf), options, false);
    tell(`Answers come within a day: signalbox batch status ${file}, then signalbox batch results ${file}.`);
    return EXIT.success;
  });
}

/** Without the requests that a provider has already. */
function withoutSubmitted(
  batches: readonly PreparedBatch[],
  { batches: before }: BatchRecord,
): readonly PreparedBatch[] {
  const sent = new Set(before.flatMap(({ items }) => items.map(([id]) => id)));
  return batches
    .map((batch) => ({ ...batch, items: batch.items.filter(({ item }) => !sent.has(item.id)) }))
    .filter(({ items }) => items.length > 0);
}

/** Hands batch after batch in, and remembers each before the next. Throws ProviderError, RouterError. */
async function submitAll(
  batches: readonly PreparedBatch[],
  record: BatchRecord,
  signal: AbortSignal,
): Promise<BatchRecord> {
  let current = record;
  for (const batch of batches) {
    const { provider, items } = batch;
    // Written first: who is cut off here must not hand it in twice without knowing.
    await writeRecord(homedir(), { ...current, uncertain: provider.id });
    try {
      const state = await createBatchClient(provider).submit(
        items.map(({ item }) => item),
        signal,
      );
      const submitted: SubmittedBatch = {
        provider: provider.id,
        id: state.id,
        submittedAt: state.createdAt ?? Date.now(),
        items: items.map(({ item, ownId, candidate }) => [item.id, ownId, candidate.id]),
        predictedNanoUsd: described(batch).predicted,
      };
      current = { ...current, batches: [...current.batches, submitted] };
      await writeRecord(homedir(), current);
    } catch (error) {
      const refused = ProviderError.is(error) && (error.status !== undefined || error.kind === 'connect');
      if (refused) await writeRecord(homedir(), current);
      if (signal.aborted) throw new RouterError({ kind: 'aborted', message: 'Interrupted.' });
      throw error;
    }
  }
  return current;
}

/** Throws RouterError `budget` where a budget has less left than the batches are expected to cost. */
function requireMoney(batches: readonly PreparedBatch[], { budgets, loaded }: LoadedRouter): void {
  if (budgets === undefined || loaded.configuration.budget.hard === false) return;
  const predicted = batches.reduce((sum, batch) => sum + (described(batch).predicted ?? 0), 0);
  for (const { title, unit, limit, spent, reserved } of budgets.standings({ tenant: 'local', user: loginName() })) {
    const left = Math.max(0, limit - spent - reserved);
    const wanted = unit === 'nano-usd' ? predicted : batches.reduce((sum, { items }) => sum + items.length, 0);
    if (wanted <= left) continue;
    const money = (amount: number) => (unit === 'nano-usd' ? formatUsd(amount) : `${amount} requests`);
    throw new RouterError({
      kind: 'budget',
      message: `These requests may come to ${money(wanted)}, and the ${title} of ${money(limit)} has ${money(left)} left; nothing was handed in.`,
    });
  }
}

interface ShownBatch {
  readonly id: string | undefined;
  readonly provider: string;
  readonly models: readonly string[];
  readonly requests: number;
  readonly predicted: number | undefined;
  readonly usual?: number | undefined;
}

function described({ provider, items }: PreparedBatch): Omit<ShownBatch, 'id'> {
  const sum = (amounts: readonly (number | undefined)[]) =>
    amounts.some((amount) => amount === undefined)
      ? undefined
      : amounts.reduce<number>((total, amount = 0) => total + amount, 0);
  return {
    provider: provider.id,
    models: [...new Set(items.map(({ candidate }) => candidate.model))],
    requests: items.length,
    predicted: sum(items.map(({ predicted }) => predicted)),
    usual: sum(items.map(({ usual }) => usual)),
  };
}

function shownOf({ provider, id, items, predictedNanoUsd }: SubmittedBatch): ShownBatch {
  const models = [...new Set(items.map(([, , candidate]) => candidate.slice(provider.length + 1)))];
  return { id, provider, models, requests: items.length, predicted: predictedNanoUsd };
}

function show(batches: readonly ShownBatch[], { json }: BatchSubmitOptions, dryRun: boolean): void {
  if (json) {
    const shown = batches.map(({ id, predicted, usual, ...batch }) => ({
      id: id ?? null,
      ...batch,
      predicted: predicted === undefined ? null : { usd: nanoToUsd(predicted), nanoUsd: predicted },
      ...(usual === undefined ? {} : { withoutBatch: { usd: nanoToUsd(usual), nanoUsd: usual } }),
    }));
    process.stdout.write(`${JSON.stringify({ batches: shown, submitted: !dryRun }, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: [
      ...(dryRun ? [] : ['batch']),
      'provider',
      'models',
      'requests',
      'about',
      ...(dryRun ? ['without a batch'] : []),
    ],
    colAligns: [
      ...(dryRun ? [] : ['left' as const]),
      'left',
      'left',
      'right',
      'right',
      ...(dryRun ? ['right' as const] : []),
    ],
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  const money = (amount: number | undefined) => (amount === undefined ? '?' : formatUsd(amount));
  for (const { id, provider, models, requests, predicted, usual } of batches) {
    table.push([
      ...(dryRun ? [] : [id ?? '']),
      provider,
      models.length > 2 ? `${models.slice(0, 2).join(', ')} +${models.length - 2}` : models.join(', '),
      requests,
      money(predicted),
      ...(dryRun ? [money(usual)] : []),
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
  if (dryRun) process.stdout.write('\nEstimated; nothing was sent.\n');
}
