import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** Options by which an operator says how large it may be: then that holds. */
const SIZED = /--(?:max|min)[-_]semi[-_]space[-_]size/;
/** Bytes of V8's space for new objects from which on it is left as it is. It doubles, so that it has some 34 MB then. */
const ENOUGH_BYTES = 32 * 1024 * 1024;

/**
 * Lets V8's space for new objects grow by its own default factor, but not without end: a thousand streams that begin at once would double it twice more, to 134 MB that
 * it does not give back, and a burst of events takes no more CPU with a quarter of it.
 */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  if (SIZED.test([...process.execArgv, process.env.NODE_OPTIONS].join(' '))) return;
  const collections = new PerformanceObserver(() => {
    if (youngBytes() < ENOUGH_BYTES) return;
    collections.disconnect();
    keepYoungGenerationSmall();
  });
  collections.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
