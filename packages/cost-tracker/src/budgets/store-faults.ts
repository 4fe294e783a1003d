import type { Clock, RouterError } from '@signalbox/core';

/** Milliseconds until a fault that lasts is told of again. */
const AGAIN_MS = 60_000;

const REFUSED =
  "Budgets can't be checked, so requests that cost money are refused; budget.hard: false goes on without.";
const NOT_HELD = "Budgets can't be checked and hold nobody back.";

/** Tells that the store of budgets can't be asked, and what that means: every request meets the same fault, so once a minute. */
export function createStoreFaults(
  clock: Clock,
  hard: boolean,
  onFault: ((sentence: string) => void) | undefined,
): (error: RouterError) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    const now = clock.now();
    // A clock that was set back must not keep it quiet.
    if (onFault === undefined || (now >= toldAt && now - toldAt < AGAIN_MS)) return;
    toldAt = now;
    onFault(`${message} ${hard ? REFUSED : NOT_HELD}`);
  };
}
