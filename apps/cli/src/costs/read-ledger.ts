import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { SqliteLedger } from '@signalbox/store-sqlite';
import { ledgerFile } from '../stores/open-ledger.ts';
import { withoutExperimentalWarning } from '../stores/without-experimental-warning.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** Gives the user's ledger to somebody who reads it; a friendly sentence where there is none yet. Throws RouterError. */
export async function readLedger(work: (ledger: SqliteLedger) => number | Promise<number>): Promise<number> {
  const file = ledgerFile(homedir());
  if (!existsSync(file)) {
    say('Nothing has been booked yet: send a prompt, then look again.');
    return EXIT.success;
  }
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  const ledger = createSqliteLedger({ file });
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}
