import { dirname } from 'node:path';
import { RouterError } from '@signalbox/core';

// Primary result codes: https://www.sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;

const ADVICE: Readonly<Record<number, string>> = {
  8: 'the file or its folder is read-only',
  10: 'the disk answers with an error',
  11: 'the file is damaged: move it away',
  13: 'the disk is full',
  14: 'the file or its folder can’t be opened for writing',
  26: 'the file is no SQLite database: move it away',
};

/** Whether another process holds the lock: to be tried again. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

// https://www.sqlite.org/rescode.html
const READ_ONLY = 8;
const CANNOT_OPEN = 14;

/** Whether a file, its folder or its disk may not be written. */
export function mayNotBeWritten(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))) return true;
  return [READ_ONLY, CANNOT_OPEN].includes(primaryCode(error) ?? 0);
}

/** Any failure of a file (`The ledger FILE`) as a RouterError: `configuration` where it says what to change, else `internal`. */
export function fileFault(error: unknown, what: string): RouterError {
  if (RouterError.is(error)) return error;
  return new RouterError({
    kind: 'internal',
    message: `${what} can't be used: ${reasonOf(error)}.`,
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  if (isBusy(error)) return 'another process keeps it locked';
  const advice = ADVICE[primaryCode(error) ?? 0];
  if (advice !== undefined) return advice;
  if (!(error instanceof Error)) return String(error);
  const unwritable = unwritablePlace(error);
  if (unwritable !== undefined) return unwritable;
  return 'code' in error && typeof error.code === 'string' && error.code !== 'ERR_SQLITE_ERROR'
    ? `${error.message.split(',')[0]} (${'syscall' in error ? String(error.syscall) : error.code})`
    : error.message;
}

/** What this user may not write, in words; undefined where something else is wrong. */
function unwritablePlace({ code, path, syscall }: NodeJS.ErrnoException): string | undefined {
  if (code === undefined || !['EACCES', 'EPERM', 'EROFS'].includes(code)) return undefined;
  if (syscall === 'mkdir' && path !== undefined)
    return `the folder ${path} can't be made, since ${dirname(path)} can't be written (${code})`;
  return `the file or its folder can't be written (${code})`;
}

function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}
