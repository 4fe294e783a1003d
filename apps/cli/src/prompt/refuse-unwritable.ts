import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RouterError } from '@signalbox/core';

/** Makes the folder that answers go into. Throws RouterError `usage` where they can't: before they are paid for. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(`Answers can't be written into ${folder}`, error);
  }
}

/** Throws RouterError `usage` where a file can't be written that is to hold what will have been paid for. */
export async function refuseUnwritable(file: string): Promise<void> {
  try {
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    await access(found === undefined ? dirname(resolve(file)) : file, constants.W_OK);
  } catch (error) {
    throw unwritable(`${file} can't be written`, error);
  }
}

function unwritable(what: string, error: unknown): RouterError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new RouterError({ kind: 'usage', message: `${what} (${code}): nothing was asked.` });
}
