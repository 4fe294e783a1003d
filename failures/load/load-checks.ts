import type { LoadResult, WindowKind } from './run-load.ts';

/** What must hold when a gateway has been under load. */
export interface LoadCheck {
  readonly name: string;
  readonly holds: boolean;
  /** The figures. */
  readonly detail: string;
}

const MEBIBYTE = 1024 * 1024;
/** A heap is never twice the same: what was made meanwhile and is kept on purpose (names, measurements) is small. */
const HEAP_GROWTH = 1.2;
const HEAP_ROOM = 4 * MEBIBYTE;
/** How much later the slowest hundredth of the healthy streams may begin while others fail. */
const MOST_SLOWER = 1.2;
const KINDS: readonly WindowKind[] = ['clean', 'mixed'];

/** Checks that hold on any machine. */
export function steadyChecks(result: LoadResult): readonly LoadCheck[] {
  const { windows, heap, sockets, calls, booked, givenUpEarly, exitCode } = result;
  const ends = (which: 'healthy' | 'others') =>
    KINDS.map((kind) => `${kind}: ${outcomesText(windows[kind][which].outcomes)}`).join('; ');
  const others = KINDS.map((kind) => windows[kind].others.outcomes);
  return [
    {
      name: 'every healthy stream is whole',
      holds: KINDS.every((kind) => Object.keys(windows[kind].healthy.outcomes).every((one) => one === 'complete')),
      detail: ends('healthy'),
    },
    {
      name: 'no other stream hangs, or ends as if right and is not',
      holds: others.every((outcomes) => (outcomes.hang ?? 0) + (outcomes.wrong ?? 0) === 0),
      detail: ends('others'),
    },
    {
      name: 'the heap returns to where it was',
      holds: heap.after <= heap.before * HEAP_GROWTH + HEAP_ROOM,
      detail: `${inMebibytes(heap.before)} before, ${inMebibytes(heap.after)} after`,
    },
    {
      name: 'no socket is left',
      holds: sockets.before === undefined || sockets.after === undefined || sockets.after <= sockets.before,
      detail:
        sockets.after === undefined ? 'this system does not tell' : `${sockets.before} before, ${sockets.after} after`,
    },
    {
      name: 'every attempt is in the ledger',
      holds: calls <= booked && booked <= calls + givenUpEarly,
      detail: `${calls} calls reached the providers, ${booked} rows, ${givenUpEarly} of them given up before an answer`,
    },
    { name: 'it ends with code 0', holds: exitCode === 0, detail: `code ${exitCode}` },
  ];
}

/** The check that needs a machine which has nothing else to do. */
export function speedCheck({ windows }: LoadResult): LoadCheck {
  const clean = percentile(windows.clean.healthy.firstText, 0.99);
  const mixed = percentile(windows.mixed.healthy.firstText, 0.99);
  return {
    name: `healthy streams begin at most ${MOST_SLOWER} times as late while others fail (p99)`,
    holds: mixed <= clean * MOST_SLOWER,
    detail: `${clean.toFixed(0)} ms clean, ${mixed.toFixed(0)} ms mixed: ${(mixed / clean).toFixed(2)}`,
  };
}

/** Of sorted figures. */
export function percentile(figures: readonly number[], part: number): number {
  return figures[Math.min(figures.length - 1, Math.floor(figures.length * part))] ?? Number.NaN;
}

const outcomesText = (outcomes: Readonly<Partial<Record<string, number>>>) =>
  Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ') || 'none';

const inMebibytes = (bytes: number) => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
