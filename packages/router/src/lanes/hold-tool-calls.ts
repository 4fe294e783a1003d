import type { AnswerSoFar } from '@signalbox/core';
import type { BrokenAnswer } from './lane.ts';

/** Characters of arguments that are held back at most. Most calls are shorter: a path, a pattern, a command. */
const MOST_HELD = 1_024;

/** Decides what of a stream is held back. Made per stream. */
export interface CallHold {
  /** Whether the next piece is held back. `call`: it brings a piece of a tool call and nothing else. */
  holds(call: boolean): boolean;
  /** Whether something is being held back. */
  readonly active: boolean;
  /** What the caller has; undefined where that can't be gone on from. */
  brokenAnswer(): BrokenAnswer | undefined;
}

/**
 * Nobody can act on a tool call before it is whole, and half a call is the one thing that can't be continued honestly. So a call is held back from its
 * beginning to the end of the answer, but not beyond a bound: a stream that breaks off in between goes on, or is made anew,
 * as if the call had never begun. Text that comes first is not held back.
 */
export function createCallHold(soFar: AnswerSoFar, isFinished: () => boolean): CallHold {
  let before: BrokenAnswer | undefined;
  let over = false;
  return {
    get active() {
      return before !== undefined && !over;
    },
    holds(call) {
      if (over || (before === undefined && !call)) return false;
      // What the caller has at this point: no call yet.
      const { text, textIndex, reasoning, reasoningIndex } = soFar;
      before ??= { text, textIndex, reasoning, reasoningIndex, calls: [] };
      over = isFinished() || soFar.argumentsLength > MOST_HELD;
      return !over;
    },
    brokenAnswer() {
      if (before !== undefined && !over) return before;
      const { text, textIndex, reasoning, reasoningIndex, calls, plain } = soFar;
      return plain ? { text, textIndex, reasoning, reasoningIndex, calls } : undefined;
    },
  };
}
