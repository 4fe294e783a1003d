// A program that books: FILE NAME COUNT [exit|endless]. Numbers that it prints are in the file for good.
import { writeSync } from 'node:fs';
import type { Clock } from '@signalbox/core';
import { createSqliteLedger } from '../src/index.ts';
import { rowOf } from './rows.ts';

const [file = '', name = '', count = '0', mode = ''] = process.argv.slice(2);
const ROWS_AT_ONCE = 20;
/** Rows between two writes at most: fewer than the ledger puts into one. */
const MOST_WAITING = 300;
/** Milliseconds between two writes of a program that is going to be killed: so it is seldom idle. */
const PAUSE = 5;
let appended = 0;
let told = 0;

/** Real time, in a hurry; it says when a write of the ledger's own begins, and after it how many rows were appended by then. */
const tellingClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(
      () => {
        const before = appended;
        writeSync(1, 'writes\n');
        callback();
        told = before;
        writeSync(1, `${before}\n`);
      },
      Math.min(milliseconds, PAUSE),
    ).unref();
    return () => clearTimeout(timer);
  },
};

const ledger = createSqliteLedger({
  file,
  ...(mode === 'endless' ? { clock: tellingClock } : {}),
  onFault: (fault) => writeSync(1, `fault: ${fault.message}\n`),
});

function append(): void {
  const end = mode === 'endless' ? told + MOST_WAITING : Number(count);
  for (let row = 0; row < ROWS_AT_ONCE && appended < end; row += 1) {
    appended += 1;
    ledger.append(rowOf(`${name}-${appended}`, { startedAt: appended, cost: { nanoUsd: 1, provenance: 'reported' } }));
  }
  if (mode === 'endless' || appended < Number(count)) setImmediate(append);
  else if (mode === 'exit') process.exit(0);
  else {
    ledger.close();
    writeSync(1, `lost: ${ledger.lost()}\n`);
  }
}
append();
