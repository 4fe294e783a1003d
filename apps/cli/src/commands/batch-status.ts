import { homedir } from 'node:os';
import type { BatchState } from '@signalbox/core';
import { allRecords, type BatchRecord, requireRecord } from '../batch/batch-record.ts';
import { clientOf } from '../batch/providers-by-id.ts';
import { loadRouter } from '../configuration/load-router.ts';
import { durationText } from '../tasks/tally.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { fittedTable, type TableColumn } from '../terminal/fitted-table.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

export interface BatchStatusOptions {
  readonly json: boolean;
  readonly config?: string | undefined;
}

const COLUMNS: readonly TableColumn[] = [
  { head: 'file', drop: 2 },
  { head: 'batch' },
  { head: 'provider', drop: 1 },
  { head: 'state' },
  { head: 'answered', align: 'right' },
  { head: 'failed', align: 'right' },
  { head: 'of', align: 'right' },
  { head: 'time left', align: 'right', drop: 3 },
];

/** `signalbox batch status [FILE.jsonl]`: how what was handed in stands, as the providers say. Without a file: everything. */
export async function batchStatus(file: string | undefined, options: BatchStatusOptions): Promise<number> {
  const records = file === undefined ? await allRecords(homedir()) : [await requireRecord(homedir(), file)];
  if (records.length === 0) {
    say('Nothing was handed in from here: signalbox batch submit FILE.jsonl');
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
    const cells = rows.map(({ record, provider, state: { id, reported, status, counts, expiresAt } }) => [
      record.file,
      id,
      provider,
      reported,
      String(counts.succeeded),
      String(counts.failed),
      String(counts.total),
      status !== 'running' || expiresAt === undefined ? '' : durationText(Math.max(0, expiresAt - Date.now())),
    ]);
    process.stdout.write(`${fittedTable(COLUMNS, cells, terminalWidth(process.stdout))}\n`);
    for (const { state } of rows) if (state.problem !== undefined) say(`${state.id}: ${state.problem}`);
    return EXIT.success;
  } finally {
    await ready.close();
  }
}
