import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { RouterError } from '@signalbox/core';
import type { StoredAttempt } from '@signalbox/store-sqlite';
import { csvLine } from '../costs/csv.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { reportConfiguration } from '../costs/report-configuration.ts';
import { sinceMoment } from '../costs/time-span.ts';
import { EXIT } from '../terminal/exit-code.ts';

export interface CostsExportOptions {
  readonly format: 'csv' | 'jsonl';
  readonly since?: string | undefined;
  readonly output?: string | undefined;
  readonly config?: string | undefined;
}

/** Columns of the CSV, in order: names of `StoredAttempt`. */
const COLUMNS = [
  'decision',
  'attempt',
  'startedAt',
  'durationMs',
  'firstContentMs',
  'cause',
  'outcome',
  'errorKind',
  'errorStatus',
  'strategy',
  'taskType',
  'complexity',
  'requestedModel',
  'provider',
  'model',
  'answeredBy',
  'lane',
  'simulated',
  'finishReason',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'inputAudioTokens',
  'outputAudioTokens',
  'webSearches',
  'serviceTier',
  'usageProvenance',
  'costNanoUsd',
  'costProvenance',
  'savedNanoUsd',
  'tenant',
  'user',
  'key',
  'session',
  'providerKey',
] as const satisfies readonly (keyof StoredAttempt)[];

/** Characters that are written at once. */
const PIECE = 64_000;

/** `signalbox costs export`: every attempt, oldest first. No prompts: there are none. */
export async function costsExport(options: CostsExportOptions): Promise<number> {
  const configuration = await reportConfiguration(options.config);
  const { output } = options;
  return readLedger(async (ledger) => {
    const from =
      options.since === undefined ? undefined : sinceMoment(options.since, Date.now(), configuration.budget.timeZone);
    const sink = output === undefined ? process.stdout : createWriteStream(output, { mode: 0o600 });
    const failed = new Promise<never>((_, reject) => {
      sink.on('error', (error: NodeJS.ErrnoException) =>
        reject(
          new RouterError({ kind: 'usage', message: `${output ?? 'The output'} can't be written (${error.code}).` }),
        ),
      );
    });
    let text = options.format === 'csv' ? `${csvLine([...COLUMNS, 'tags'])}\n` : '';
    const line = (stored: StoredAttempt) => {
      const row = { ...stored, startedAt: new Date(stored.startedAt).toISOString() };
      return options.format === 'csv'
        ? csvLine([...COLUMNS.map((column) => row[column]), row.tags.join(' ')])
        : JSON.stringify(row);
    };
    ledger.each({ from }, (row) => {
      text += `${line(row)}\n`;
      if (text.length < PIECE) return;
      sink.write(text);
      text = '';
    });
    sink.write(text);
    if (output !== undefined) {
      sink.end();
      await Promise.race([once(sink, 'finish'), failed]);
    }
    return EXIT.success;
  });
}
