import { RouterError } from '@signalbox/core';
import type { GivenFeedback, TakenFeedback } from '@signalbox/gateway';
import type { JudgedAnswer, LearningStore } from '@signalbox/store-sqlite';

/** Why a judgement changes nothing; `undefined`: it does. */
export function whyNotCounted({ simulated, taskType }: JudgedAnswer): string | undefined {
  if (simulated) return 'the answer was made up by the simulator';
  if (taskType === undefined) return 'the model was named by its caller, so the task was not analysed';
  return undefined;
}

/** Takes what callers of a gateway say of answers that they got by the same key. Throws RouterError `usage`, and `unsupported` without a ledger. */
export function takeFeedback(
  learning: LearningStore | undefined,
  { id, good, note, caller }: GivenFeedback,
): TakenFeedback {
  if (learning === undefined) {
    throw new RouterError({
      kind: 'unsupported',
      message:
        'Accounting is switched off here (cost_tracking, monitoring), so there are no answers that could be judged.',
    });
  }
  const answer = learning.answer(id, { tenant: caller.tenant, key: caller.key ?? null });
  learning.judge(answer, { good, source: 'feedback', note, judge: caller.key ?? caller.user });
  return { decision: answer.decision, candidate: answer.candidate, counts: whyNotCounted(answer) === undefined };
}
