import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '@signalbox/config';
import type { SqliteAnswerStore } from '@signalbox/store-sqlite';
import { withoutExperimentalWarning } from './without-experimental-warning.ts';

/** Path of the file that answers are kept in: the configuration's, else `~/.claude-code/signalbox-cache.db`. */
export function answerFile({ caching }: Configuration, home: string): string {
  const { file, definedIn = '' } = caching;
  if (file === undefined) return join(home, '.claude-code', 'signalbox-cache.db');
  return file.startsWith('~/') ? join(home, file.slice('~/'.length)) : resolve(dirname(definedIn), file);
}

/**
 * Where the user's answers are kept on the disk; `undefined` where the configuration wants none kept, or only in memory. A command lives for one prompt, so
 * the disk is the default. `onFault` gets a sentence when the file can't be used: no reason to refuse a request.
 */
export async function openAnswerStore(
  configuration: Configuration,
  home: string,
  onFault: (sentence: string) => void,
): Promise<SqliteAnswerStore | undefined> {
  const { enabled, storage, maxBytes } = configuration.caching;
  if (!enabled || storage === 'memory') return undefined;
  const { createSqliteAnswerStore } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  return createSqliteAnswerStore({
    file: answerFile(configuration, home),
    maxBytes,
    onFault: (fault) => onFault(`${fault.message} Answers are not kept.`),
  });
}
