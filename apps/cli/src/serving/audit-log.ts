import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asObject, parseJson, RouterError } from '@signalbox/core';
import { loginName } from '../configuration/login-name.ts';

/** One line of the audit log. */
export interface AuditLine {
  /** ISO 8601. */
  readonly at: string;
  /** `key.create`, `key.revoke`, `key.rotate`, `config.reload`, `trust.add`, `trust.revoke`, `admin.read`, `admin.reload`, `admin.refused`. */
  readonly action: string;
  /** How it was done: a command, the admin API, or a gateway by itself. */
  readonly via: 'cli' | 'admin-api' | 'gateway';
  /** The login name that the process runs under. */
  readonly user?: string | undefined;
  readonly pid: number;
  /** What it was done to: a key's name, a file, a path. */
  readonly target?: string | undefined;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Path of the user's audit log. */
const auditFile = (home: string) => join(home, '.claude-code', 'signalbox-audit.jsonl');

/** What is said of it; when, and by whom, is known. */
export type AuditEntry = Omit<AuditLine, 'at' | 'user' | 'pid'>;

export interface AuditLog {
  /** Writes a line at its end. Never throws: a log that can't be written is told of in a sentence. */
  add(entry: AuditEntry): void;
}

/**
 * The log of what was done to keys, configuration and trust, `~/.claude-code/signalbox-audit.jsonl`, mode 0600. It is opened for writing at its end alone, a line at a time, so that
 * many processes may write; nothing here ever changes or removes a line. It holds no secret.
 */
export function createAuditLog(home: string, onFault: (sentence: string) => void): AuditLog {
  const file = auditFile(home);
  return {
    add(entry) {
      const line: AuditLine = { at: new Date().toISOString(), ...entry, user: loginName(), pid: process.pid };
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        appendFileSync(file, `${endsWhole(file) ? '' : '\n'}${JSON.stringify(line)}\n`, { mode: 0o600 });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        onFault(`The audit log ${file} can't be written (${code ?? message}): ${entry.action} is not in it.`);
      }
    },
  };
}

/** The lines, oldest first. A line that is none (a disk that was full) is left out. Throws RouterError where the file can't be read. */
export function readAuditLog(home: string): readonly AuditLine[] {
  const file = auditFile(home);
  if (!existsSync(file)) return [];
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const found = asObject(parseJson(line));
        return found === undefined || typeof found.at !== 'string' ? [] : [found as unknown as AuditLine];
      });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RouterError({ kind: 'configuration', message: `The audit log ${file} can't be read (${code}).` });
  }
}

/** A line that was cut off must not swallow the one behind it. */
function endsWhole(file: string): boolean {
  if (!existsSync(file)) return true;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    readSync(descriptor, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    closeSync(descriptor);
  }
}
