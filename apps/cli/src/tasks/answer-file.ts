import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, type JsonValue, parseJson, RouterError } from '@signalbox/core';
import type { TaskAnswer, TaskFigures } from './task.ts';

/**
 * The answers of one run of many tasks, on the disk: what a rerun need not ask again, and what keeps a thousand answers out of memory. Is deleted when
 * nothing is missing any more.
 */
export interface AnswerFile {
  has(key: string): boolean;
  read(key: string): Promise<TaskAnswer>;
  add(key: string, answer: TaskAnswer): Promise<void>;
  close(): Promise<void>;
  delete(): Promise<void>;
}

/** Milliseconds after which answers of a run that was never finished are deleted. */
const KEPT_FOR = 7 * 86_400_000;

/** Where a byte range of the file stands. */
type Place = readonly [start: number, length: number];

/**
 * Opens the file of a run, which is told by what it was started with; `fresh` forgets what an earlier one left. The user alone may read it. Throws
 * RouterError where the folder can't be used.
 */
export async function openAnswerFile(home: string, run: unknown, fresh: boolean): Promise<AnswerFile> {
  const folder = join(home, '.claude-code', 'runs');
  const name = createHash('sha256').update(JSON.stringify(run)).digest('base64url').slice(0, 24);
  const path = join(folder, `${name}.jsonl`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await deleteOld(folder);
    if (fresh) await rm(path, { force: true });
    const file = await open(path, 'a+', 0o600);
    return await createAnswerFile(file, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new RouterError({ kind: 'configuration', message: `Answers can't be kept in ${folder} (${code}).` });
  }
}

async function createAnswerFile(file: FileHandle, path: string): Promise<AnswerFile> {
  const places = new Map<string, Place>();
  let end = await scan(file, places);
  let writing: Promise<unknown> = Promise.resolve();
  return {
    has: (key) => places.has(key),
    async read(key) {
      const place = places.get(key);
      if (place === undefined) throw new RouterError({ kind: 'internal', message: 'An answer that was kept is gone.' });
      const [start, length] = place;
      const bytes = Buffer.alloc(length);
      await file.read(bytes, 0, length, start);
      const line = asObject(parseJson(bytes.toString('utf8')));
      const figures = line?.figures as TaskFigures | undefined;
      if (typeof line?.answer !== 'string' || figures === undefined)
        throw new RouterError({ kind: 'internal', message: `${path} was changed while it was read.` });
      return { outcome: 'answered', answer: line.answer, figures };
    },
    add(key, { answer, figures }) {
      // One after the other: each line's place is where the last one ended.
      const next = writing.then(async () => {
        const line = Buffer.from(`${JSON.stringify({ key, answer, figures })}\n`);
        await file.appendFile(line);
        places.set(key, [end, line.length]);
        end += line.length;
      });
      writing = next.catch(() => undefined);
      return next;
    },
    async close() {
      await writing;
      await file.close();
    },
    async delete() {
      await rm(path, { force: true });
    },
  };
}

/** Finds the lines of a file; what a crash left half written is passed over. Answers where the next line begins. */
async function scan(file: FileHandle, places: Map<string, Place>): Promise<number> {
  let start = 0;
  for await (const line of file.readLines({ encoding: 'utf8', autoClose: false, start: 0 })) {
    const length = Buffer.byteLength(line) + 1;
    const entry = asObject(parseJson(line) as JsonValue | undefined);
    if (typeof entry?.key === 'string' && typeof entry.answer === 'string') places.set(entry.key, [start, length]);
    start += length;
  }
  const { size } = await file.stat();
  // A last line without its end: the next one must not be written behind it.
  if (size < start) {
    await file.appendFile('\n');
    return start;
  }
  return size;
}

async function deleteOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > KEPT_FOR) await rm(path, { force: true });
  }
}
