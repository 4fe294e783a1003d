import type { Clock } from '../../packages/core/src/index.ts';
import { startSimulator } from '../../packages/simulator/src/index.ts';
import { createSqliteLedger } from '../../packages/store-sqlite/src/index.ts';
import { sendRequest } from '../client.ts';
import type { ClientView, Outcome } from '../client-view.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { configuration, createMixedFaults, HEALTHY, TEXT } from './mixed-faults.ts';

export interface LoadOptions {
  /** Streams at once. */
  readonly streams: number;
  /** How long it goes on: until so many seconds are over, or until so many streams have been sent. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** Seconds of each window: by turns all is healthy, or a part of the streams fails. */
  readonly windowSeconds: number;
  readonly from: 'build' | 'sources';
  /** Seconds after which connections that nobody uses are gone. */
  readonly settleSeconds: number;
}

export type WindowKind = 'clean' | 'mixed';

/** What became of the streams of one kind of window. */
interface WindowResult {
  readonly streams: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Milliseconds to the first text, of the streams on the healthy route; sorted. */
  readonly firstText: readonly number[];
}

export interface LoadResult {
  readonly windows: Readonly<Record<WindowKind, { readonly healthy: WindowResult; readonly others: WindowResult }>>;
  /** Callers who left in the middle, as they were meant to. */
  readonly left: number;
  /** Bytes after a collection: before, and when all was over. */
  readonly heap: { readonly before: number; readonly after: number };
  readonly sockets: { readonly before: number | undefined; readonly after: number | undefined };
  /** Calls that reached the providers, and rows of the ledger. */
  readonly calls: number;
  readonly booked: number;
  /** Rows of calls that were given up before an answer: these may not have reached anybody. */
  readonly givenUpEarly: number;
  readonly exitCode: number | null;
}

/** The part of the streams that go where things go wrong, in a mixed window; in a clean one they go to another healthy place. */
const OTHERS = 0.2;
/** Of those, every so many-th caller leaves in the middle. */
const LEAVES_EVERY = 7;
/** Streams that began just after a change of windows belong to neither. */
const BORDER_SECONDS = 0.5;
const WALL_SECONDS = 60;
const STAGGER_SECONDS = 2;

const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

const wait = (seconds: number) => new Promise<void>((resolve) => clock.after(seconds * 1_000, resolve));

interface Tally {
  streams: number;
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly firstText: number[];
}

const createTally = (): Tally => ({ streams: 0, outcomes: {}, firstText: [] });

/** Puts a gateway under load, with faults in it, and looks at what is left of it. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const simulator = await startSimulator();
  const gateway = await startGatewayProcess(configuration(simulator.url), options.from);
  let kind: WindowKind = 'clean';
  const mixed = createMixedFaults();
  simulator.script([
    { when: { path: /^\/faulty\// }, behave: (call) => (kind === 'mixed' ? mixed(call) : HEALTHY) },
    { behave: HEALTHY },
  ]);
  const tallies = {
    clean: { healthy: createTally(), others: createTally() },
    mixed: { healthy: createTally(), others: createTally() },
  };
  let left = 0;
  let sent = 0;

  async function send(other: boolean, leaves: boolean): Promise<ClientView> {
    const caller = new AbortController();
    const cancel = leaves ? clock.after(800, () => caller.abort()) : undefined;
    const view = await sendRequest({
      url: gateway.url,
      caller: 'chat',
      model: other ? 'mixed' : 'healthy',
      fields: {},
      expected: TEXT,
      clock,
      startedAt: clock.now(),
      wall: WALL_SECONDS,
      signal: caller.signal,
    });
    cancel?.();
    return view;
  }

  function note(tally: Tally, { outcome, firstTextSeconds }: ClientView, timed: boolean): void {
    tally.streams += 1;
    tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1;
    if (timed && firstTextSeconds !== undefined) tally.firstText.push(firstTextSeconds * 1_000);
  }

  /** All streams at once, each followed by the next, until it is enough. */
  async function load(enough: () => boolean, counts: boolean): Promise<void> {
    const startedAt = clock.now();
    const windowOf = () => {
      const seconds = (clock.now() - startedAt) / 1_000;
      const inWindow = seconds % options.windowSeconds;
      kind = Math.floor(seconds / options.windowSeconds) % 2 === 0 ? 'clean' : 'mixed';
      return { kind, border: inWindow < BORDER_SECONDS };
    };
    const worker = async (index: number) => {
      const other = index < options.streams * OTHERS;
      // Not all at the same moment: streams that begin in step stay in step.
      await wait((index / options.streams) * STAGGER_SECONDS);
      for (let turn = 0; !enough(); turn += 1) {
        sent += 1;
        const window = windowOf();
        const leaves = other && (index + turn) % LEAVES_EVERY === 0;
        const view = await send(other, leaves);
        if (!counts) continue;
        if (leaves && view.outcome === 'torn') left += 1;
        else note(tallies[window.kind][other ? 'others' : 'healthy'], view, !window.border);
      }
    };
    await Promise.all(Array.from({ length: options.streams }, (_, index) => worker(index)));
  }

  try {
    // What is made once and kept is there before anything is measured.
    await load(() => sent >= options.streams * 2, false);
    await wait(options.settleSeconds);
    const before = { heap: await gateway.heap(), sockets: gateway.sockets() };
    sent = 0;
    const { until } = options;
    const end = 'seconds' in until ? clock.now() + until.seconds * 1_000 : Number.POSITIVE_INFINITY;
    await load(() => ('requests' in until ? sent >= until.requests : clock.now() >= end), true);
    await wait(options.settleSeconds);
    const after = { heap: await gateway.heap(), sockets: gateway.sockets() };
    const calls = simulator.requests.length;
    const exitCode = await gateway.stop();
    const ledger = createSqliteLedger({ file: gateway.ledger });
    const rows = ledger.rows({ limit: Number.MAX_SAFE_INTEGER });
    ledger.close();
    return {
      windows: { clean: sortedPair(tallies.clean), mixed: sortedPair(tallies.mixed) },
      left,
      heap: { before: before.heap, after: after.heap },
      sockets: { before: before.sockets, after: after.sockets },
      calls,
      booked: rows.length,
      givenUpEarly: rows.filter((row) => row.outcome === 'aborted' && row.firstContentMs === undefined).length,
      exitCode,
    };
  } finally {
    await gateway.stop().catch(() => undefined);
    gateway.remove();
    await simulator.close();
  }
}

const sorted = (tally: Tally): WindowResult => ({
  ...tally,
  firstText: tally.firstText.toSorted((one, other) => one - other),
});
const sortedPair = ({ healthy, others }: { healthy: Tally; others: Tally }) => ({
  healthy: sorted(healthy),
  others: sorted(others),
});
