import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseJson, RouterError } from '@signalbox/core';

/** One batch that a provider has. */
export interface SubmittedBatch {
  readonly provider: string;
  /** The provider's id. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly submittedAt: number;
  /** The id that was sent, the id in the file, and the candidate (`provider/model id`). */
  readonly items: readonly (readonly [sent: string, own: string, candidate: string])[];
  /** Estimated, at batch prices; absent: a price is unknown. */
  readonly predictedNanoUsd?: number | undefined;
}

/** What is remembered of a file that was handed in: no prompts, no answers. */
export interface BatchRecord {
  readonly file: string;
  /** Of the file's content: tells whether it was changed. */
  readonly hash: string;
  readonly requests: number;
  readonly batches: readonly SubmittedBatch[];
  /** The provider of a batch of which nobody knows whether it was accepted: the connection broke, or the program ended. */
  readonly uncertain?: string | undefined;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 24);

const folderOf = (home: string) => join(home, '.claude-code', 'batches');

function recordPath(home: string, file: string): string {
  return join(folderOf(home), `${hashOf(resolve(file))}.json`);
}

/** What is remembered of a file; undefined where it was never handed in. Throws RouterError where the record can't be read. */
export async function readRecord(home: string, file: string): Promise<BatchRecord | undefined> {
  return readPath(recordPath(home, file));
}

/** The record of a file that was handed in. Throws RouterError `usage` where it was not. */
export async function requireRecord(home: string, file: string): Promise<BatchRecord> {
  const record = await readRecord(home, file);
  if (record !== undefined) return record;
  throw new RouterError({
    kind: 'usage',
    message: `${file} was not handed in from here: signalbox batch submit ${file}`,
  });
}

/** Everything that was handed in and is remembered. Throws RouterError. */
export async function allRecords(home: string): Promise<readonly BatchRecord[]> {
  const names = await readdir(folderOf(home)).catch(() => []);
  const records = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readPath(join(folderOf(home), name))),
  );
  return records.filter((record) => record !== undefined);
}

/** Writes a record in one piece. Throws RouterError: what can't be remembered must not be handed in. */
export async function writeRecord(home: string, record: BatchRecord): Promise<void> {
  const path = recordPath(home, record.file);
  try {
    await mkdir(folderOf(home), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RouterError({
      kind: 'configuration',
      message: `What was handed in can't be remembered in ${path} (${code}).`,
    });
  }
}

async function readPath(path: string): Promise<BatchRecord | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new RouterError({ kind: 'configuration', message: `${path} can't be read (${error.code}).` });
  });
  if (text === undefined) return undefined;
  const record = parseJson(text) as unknown as BatchRecord | undefined;
  if (record !== undefined && Array.isArray(record.batches)) return record;
  throw new RouterError({
    kind: 'configuration',
    message: `${path} is no record of batches: it was changed by somebody.`,
  });
}
