import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bodies that are smaller go with the objects that their requests make: those fill the space for new objects before 64 MB of bodies have come. */
const LARGE_BYTES = 128 * 1024;
/** Half of what V8 lets come before it collects everything. */
const ENOUGH_BYTES = 32 * 1024 * 1024;

type Collect = () => void;

/**
 * Counts the bytes of large bodies, and has the young objects collected when enough of them have come. Bodies lie outside the heap: hundreds of megabytes come before the
 * space for new objects is full, so that V8 would collect everything each 64 MB, and walk over all that lives here for bodies that nobody holds any more: half of what a
 * request of 1 MB cost. To look through the young objects takes a millisecond.
 */
export function createBodyMemory(collect: Collect = collectYoung): (bytes: number) => void {
  let come = 0;
  return (bytes) => {
    if (bytes < LARGE_BYTES) return;
    come += bytes;
    if (come < ENOUGH_BYTES) return;
    come = 0;
    collect();
  };
}

let youngCollector: Collect | undefined;

function collectYoung(): void {
  youngCollector ??= findCollector();
  youngCollector();
}

/** V8 gives its collector out to contexts that are made while the flag is set; where it does not, everything is collected as before. */
function findCollector(): Collect {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof found === 'function' ? () => found({ type: 'minor' }) : () => undefined;
}
