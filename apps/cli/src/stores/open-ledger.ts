import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import type { SqliteLedger } from '@signalbox/store-sqlite';
import { neededByBudgets } from './needed-by-budgets.ts';
import { withoutExperimentalWarning } from './without-experimental-warning.ts';

/** Path of the user's ledger. */
export const ledgerFile = (home: string) => join(home, '.claude-code', 'signalbox.db');

/** A ledger that forgets what is older than it is to be kept. */
export interface ForgettingLedger extends SqliteLedger {
  /** Ends that, as `close` does: a configuration that was replaced must not go on forgetting by its own measure. */
  stopForgetting(): void;
}

/** Whether anything was ever booked. Throws RouterError where the folder does not let anybody see. */
export function hasLedger(home: string): boolean {
  const file = ledgerFile(home);
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EACCES' || code === 'EPERM' ? 'its folder may not be entered' : `${code}`;
    throw new RouterError({ kind: 'internal', message: `The ledger ${file} can't be read: ${why}.`, cause: error });
  }
}

/**
 * The user's ledger, `~/.claude-code/signalbox.db`; `undefined` where the configuration switches the booking off. The file is
 * opened at the first row. `onFault` gets a sentence when it can't be used: no reason to refuse a request.
 */
export async function openLedger(
  configuration: Configuration,
  home: string,
  onFault: (sentence: string) => void,
): Promise<ForgettingLedger | undefined> {
  const { costTracking, monitoring } = configuration;
  if (!costTracking.enabled || !monitoring.enabled) return undefined;
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  const ledger = createSqliteLedger({
    file: ledgerFile(home),
    onFault: (fault) => onFault(`${fault.message} What this costs is not written down.`),
  });
  const stopForgetting =
    costTracking.keepMs === undefined
      ? () => undefined
      : forgetOnceADay(ledger, costTracking.keepMs, await neededByBudgets(configuration), onFault);
  const close = () => {
    stopForgetting();
    ledger.close();
  };
  const { trackLatency, trackTokenUsage } = monitoring;
  if (trackLatency && trackTokenUsage) return { ...ledger, stopForgetting, close };
  return {
    ...ledger,
    stopForgetting,
    close,
    append: (row) =>
      ledger.append({
        ...row,
        attempt: {
          ...row.attempt,
          ...(trackLatency ? {} : { firstContentMs: undefined, durationMs: 0 }),
          ...(trackTokenUsage ? {} : { usage: undefined }),
        },
      }),
  };
}

/** The user's ledger for somebody who only wants to know what is in it; `undefined` where there is none, or booking is switched off. */
export async function openLedgerToRead(
  { costTracking, monitoring }: Configuration,
  home: string,
): Promise<SqliteLedger | undefined> {
  const file = ledgerFile(home);
  if (!costTracking.enabled || !monitoring.enabled || !existsSync(file)) return undefined;
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  return createSqliteLedger({ file, readsOnly: true });
}

const DAY = 86_400_000;

/** Forgets what is older, whichever program comes first that day, until what comes back is called. A file that can't be used is told of and tried tomorrow. */
function forgetOnceADay(
  ledger: SqliteLedger,
  keepMs: number,
  neededSince: (now: number) => number,
  onFault: (sentence: string) => void,
): () => void {
  const forget = () => {
    const now = Date.now();
    try {
      if (ledger.budgets().claimAlert('retention', now + DAY))
        ledger.prune({ olderThanMs: Math.max(keepMs, now - neededSince(now)) });
    } catch (error) {
      onFault(error instanceof Error ? error.message : String(error));
    }
  };
  forget();
  const timer = setInterval(forget, DAY / 4).unref();
  return () => clearInterval(timer);
}
