import { homedir } from 'node:os';
import type { BatchState } from '@signalbox/core';
import Table from 'cli-table3';
import { allRecords, type BatchRecord, requireRecord } from '../batch/batch-record.ts';
import { clientOf } from '../batch/providers-by-id.ts';
import { EXIT } from '../exit-code.ts';
import { loadRouter } from '../load-router.ts';
import { PLAIN_TABLE } from '../plain-table.ts';
import { durationText } from '../tasks/tally.ts';

export interface BatchStatusOptions {
  readonly json: boolean;
  readonly config?: string | undefined;
}

/** `signalbox batch status [FILE.jsonl]`: how what was handed in stands, as the providers say. Without a file: everything. */
export async function batchStatus(file: string | undefined, options: BatchStatusOptions): Promise<number> {
  const records = file === undefined ? await allRecords(homedir()) : [await requireRecord(homedir(), file)];
  if (records.length === 0) {
    process.stderr.write('Nothing was handed in from here: signalbox batch submit FILE.jsonl\n');
    return EXIT.success;
  }
  const ready = await loadRouter({ config: options.config });
  const { signal } = new AbortController();
  try {
    const rows: { readonly record: BatchRecord; readonly provider: string; readonly state: BatchState }[] = [];
    for (const record of records) {
      for (const { provider, id } of record.batches) {
        rows.push({ record, provider, state: await clientOf(provider, ready).state(id, signal) });
      }
    }
    if (options.json) {
      const shown = rows.map(({ record, provider, state: { resultPaths: _, ...state } }) => ({
        file: record.file,
        provider,
        ...state,
      }));
      process.stdout.write(`${JSON.stringify({ batches: shown }, null, 2)}\n`);
      return EXIT.success;
    }
    const table = new Table({
      head: ['file', 'batch', 'provider', 'state', 'answered', 'failed', 'of', 'time left'],
      colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right'],
      style: { head: [], border: [], compact: true },
      chars: PLAIN_TABLE,
    });
    for (const { record, provider, state } of rows) {
      const { counts, expiresAt } = state;
      const left =
        state.status !== 'running' || expiresAt === undefined ? '' : durationText(Math.max(0, expiresAt - Date.now()));
      table.push([
        record.file,
        state.id,
        provider,
        state.reported,
        counts.succeeded,
        counts.failed,
        counts.total,
        left,
      ]);
    }
    process.stdout.write(`${table.toString()}\n`);
    for (const { state } of rows)
      if (state.problem !== undefined) process.stderr.write(`${state.id}: ${state.problem}\n`);
    return EXIT.success;
  } finally {
    await ready.close();
  }
}
