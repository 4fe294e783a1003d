import { RouterError } from '@signalbox/core';
import { readLedger } from '../costs/read-ledger.ts';
import { whyNotCounted } from '../take-feedback.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

/** `signalbox feedback ID good|bad`: what a person says of an answer. The last word holds. */
export async function feedback(
  id: string,
  verdict: string,
  options: { note?: string | undefined; json: boolean },
): Promise<number> {
  if (verdict !== 'good' && verdict !== 'bad') {
    throw new RouterError({ kind: 'usage', message: `The verdict is "${verdict}": say good or bad.` });
  }
  return readLedger((ledger) => {
    const learning = ledger.learning();
    // The newest answer of this user's own, not one that a gateway gave to somebody with a key.
    const answer = learning.answer(id, id.trim() === 'last' ? { tenant: 'local', key: null } : {});
    learning.judge(answer, { good: verdict === 'good', source: 'feedback', note: options.note });
    const idle = whyNotCounted(answer);
    const { decision, candidate, taskType } = answer;
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ id: decision, candidate, verdict, counts: idle === undefined })}\n`);
      return EXIT.success;
    }
    const effect =
      idle === undefined
        ? `It counts for what is expected of it at ${taskType}.`
        : `It is written down and changes nothing, since ${idle}.`;
    const said = `${verdict}: ${candidate}, decision ${decision}. ${effect}`;
    process.stdout.write(`${wrapped(said, terminalWidth(process.stdout), '  ')}\n`);
    return EXIT.success;
  });
}
