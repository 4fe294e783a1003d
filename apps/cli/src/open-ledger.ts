import { join } from 'node:path';
import type { Configuration } from '@signalbox/config';
import type { SqliteLedger } from '@signalbox/store-sqlite';
import { withoutExperimentalWarning } from './without-experimental-warning.ts';

/** Path of the user's ledger. */
export const ledgerFile = (home: string) => join(home, '.claude-code', 'signalbox.db');

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
    file: ledgerFile(home),
    onFault: (fault) => onFault(`${fault.message} What this costs is not written down.`),
  });
}
