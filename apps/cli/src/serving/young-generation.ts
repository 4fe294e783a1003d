import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes that V8's space for new objects may have, both halves together, before it grows no more. */
const MOST_BYTES = 8_000_000;

/**
 * How V8's space for new objects grows. What a start makes and keeps would double it several times, to 11 MB that a gateway at rest has no use for; so it does not grow
 * until the gateway listens.
 */
export const keepYoungGenerationSmall = (): void => setFactor(1);

/**
 * From then on as it does anywhere, but not without end: a thousand streams that begin at once let it grow to 134 MB, and two thirds of what an open stream took were the pages of it
 * that had once been written to. V8 takes a bound at its start alone, and so it is asked after each collection. It may become smaller again, at rest: then it may grow.
 */
export function letYoungGenerationGrow(): void {
  setFactor(2);
  let grows = true;
  new PerformanceObserver(() => {
    const may = youngGenerationBytes() < MOST_BYTES;
    if (may === grows) return;
    grows = may;
    setFactor(may ? 2 : 1);
  }).observe({ entryTypes: ['gc'] });
}

/** Two is V8's own default. */
const setFactor = (factor: 1 | 2): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`);

const youngGenerationBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
