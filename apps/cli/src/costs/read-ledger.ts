import { homedir } from 'node:os';
import type { SqliteLedger } from '@signalbox/store-sqlite';
import { hasLedger, ledgerFile } from '../stores/open-ledger.ts';
import { withoutExperimentalWarning } from '../stores/without-experimental-warning.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** What happens where nothing was ever booked. */
export interface WithoutLedger {
  /** A program reads the answer: it gets a whole one about nothing, beside the sentence. */
  readonly asData?: boolean | undefined;
  /** What the command returns otherwise; default: success. */
  readonly code?: number | undefined;
}

/** Gives the user's ledger to somebody who reads it; a friendly sentence where there is none yet. Throws RouterError. */
export async function readLedger(
  work: (ledger: SqliteLedger) => number | Promise<number>,
  { asData = false, code = EXIT.success }: WithoutLedger = {},
): Promise<number> {
  const exists = hasLedger(homedir());
  if (!exists) say('Nothing has been booked yet: send a prompt, then look again.');
  if (!exists && !asData) return code;
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  const ledger = createSqliteLedger({ file: exists ? ledgerFile(homedir()) : ':memory:', readsOnly: true });
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}
