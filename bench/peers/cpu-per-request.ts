import { runLoad } from '../load.ts';
import { median } from '../median.ts';
import { cpuMicrosecondsBetween } from '../process-tree.ts';
import type { RunningPeer } from './start-peer.ts';
import { type Api, type PeerWorkload, workloadFor } from './workloads.ts';

/** Milliseconds in which requests of one turn begin. */
const TURN_MS = 500;
/** Turns that count for nothing, ten seconds for each: a program that serves for days is measured as it is then, and ours is compiled to the end after some ten thousand requests. */
const WARM_UP_TURNS = 20;

/** What a workload costs a peer. */
interface PeerCost {
  readonly peer: string;
  /** Median CPU microseconds per request of all its processes. */
  readonly microseconds: number;
  /** Median of the rounds' own ratios to what it is compared with. */
  readonly besideOwn: number;
}

export interface PeerCostRow {
  readonly workload: string;
  readonly costs: readonly PeerCost[];
}

/** CPU microseconds per request of one turn. */
export async function turn(running: RunningPeer, workload: PeerWorkload, api: Api, model?: string): Promise<number> {
  const { peer, url, launch } = running;
  const load = workloadFor(workload, api, model ?? peer.model);
  const before = running.cpu();
  const answered = await runLoad(url, load, {
    path: peer.paths[api] ?? '',
    limitMs: TURN_MS,
    ...(launch.headers === undefined ? {} : { headers: launch.headers }),
  });
  return cpuMicrosecondsBetween(before, running.cpu()) / answered;
}

/** Loads all that know the API in turns, round by round, so that a drifting machine drifts for all. `own` is what they are compared with. */
export async function costsOf(
  running: readonly RunningPeer[],
  own: RunningPeer,
  workloads: readonly PeerWorkload[],
  api: Api,
  rounds: number,
): Promise<readonly PeerCostRow[]> {
  const able = running.filter(({ peer }) => peer.paths[api] !== undefined);
  const rows: PeerCostRow[] = [];
  await warmUp(able, workloads, api);
  for (const workload of workloads) {
    for (const one of able) await turn(one, workload, api);
    const figures = new Map<RunningPeer, number[]>(able.map((one) => [one, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const one of able) figures.get(one)?.push(await turn(one, workload, api));
    }
    const ownFigures = figures.get(own) ?? [];
    const row: PeerCostRow = {
      workload: workload.name,
      costs: able.map((one) => {
        const its = figures.get(one) ?? [];
        return {
          peer: one.peer.name,
          microseconds: median(its),
          besideOwn: median(its.map((figure, round) => figure / (ownFigures[round] ?? Number.NaN))),
        };
      }),
    };
    rows.push(row);
    // Whoever breaks it off has what was measured.
    console.error(
      `${row.workload}: ${row.costs.map((one) => `${one.peer} ${one.microseconds.toFixed(0)}`).join(', ')}`,
    );
  }
  return rows;
}

/** The first of the workloads, which is the quickest. */
export async function warmUp(
  running: readonly RunningPeer[],
  workloads: readonly PeerWorkload[],
  api: Api,
  model?: string,
): Promise<void> {
  for (const workload of workloads.slice(0, 1)) {
    for (let count = 0; count < WARM_UP_TURNS; count += 1) {
      for (const one of running) await turn(one, workload, api, model);
    }
  }
}
