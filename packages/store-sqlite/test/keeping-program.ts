// A program that keeps answers: FILE NAME COUNT. Prints how many of its own it finds again, and faults.
import { writeSync } from 'node:fs';
import { createSqliteAnswerStore } from '../src/index.ts';
import { keptAnswer } from './kept-answer.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
const store = createSqliteAnswerStore({ file, onFault: (fault) => writeSync(1, `fault: ${fault.message}\n`) });

let next = 0;
function keep(): void {
  for (let times = 0; times < 10 && next < Number(count); times += 1) {
    store.set(`${name}-${next}`, keptAnswer(`${name} says ${next}`), 3_600_000);
    next += 1;
  }
  if (next < Number(count)) {
    setImmediate(keep);
    return;
  }
  const found = Array.from({ length: next }, (_, index) => store.get(`${name}-${index}`)).filter((one) => one);
  store.close();
  writeSync(1, `found ${found.length}\n`);
}
keep();
