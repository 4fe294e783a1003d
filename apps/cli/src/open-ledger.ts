import { join } from 'node:path';
import type { Configuration } from '@signalbox/config';
import type { SqliteLedger } from '@signalbox/store-sqlite';

/**
 * The user's ledger, `~/.claude-code/signalbox.db`; `undefined` where the configuration switches the booking off. The file is
 * opened at the first row. `onFault` gets a sentence when it can't be used: no reason to refuse a request.
 */
export async function openLedger(
  { costTracking, monitoring }: Configuration,
  home: string,
  onFault: (sentence: string) => void,
): Promise<SqliteLedger | undefined> {
  if (!costTracking.enabled || !monitoring.enabled) return undefined;
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  return createSqliteLedger({
    file: join(home, '.claude-code', 'signalbox.db'),
    onFault: (fault) => onFault(`${fault.message} What this costs is not written down.`),
  });
}

/** Node 22 warns on stderr when `node:sqlite` is loaded; our users can't do anything about it. */
async function withoutExperimentalWarning<Value>(load: () => Promise<Value>): Promise<Value> {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
