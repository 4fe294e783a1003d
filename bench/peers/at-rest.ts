import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../median.ts';
import type { Peer } from './peer.ts';
import { startPeer } from './start-peer.ts';

/** Milliseconds after the first answer at which memory is read. */
const REST_MS = 1_000;
/** What starts more slowly than this is started once and no more. */
const SLOW_MS = 4_000;

/** A peer that has just been started. */
export interface AtRest {
  readonly peer: string;
  readonly starts: number;
  /** Median megabytes (10^6 bytes) in RAM of all its processes, a second after its first answer. */
  readonly megabytes: number;
  /** Median milliseconds and CPU milliseconds from its start to its first answer. */
  readonly firstAnswerMs: number;
  readonly firstAnswerCpuMs: number;
}

/** Starts each in turn, so many times. */
export async function atRest(
  peers: readonly Peer[],
  cache: string,
  upstream: string,
  rounds: number,
): Promise<readonly AtRest[]> {
  const figures = peers.map(() => ({ bytes: [] as number[], ms: [] as number[], cpu: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, peer] of peers.entries()) {
      const its = figures[index];
      if (its === undefined || (its.ms[0] ?? 0) > SLOW_MS) continue;
      const running = await startPeer(peer, cache, upstream);
      await sleep(REST_MS);
      its.bytes.push(running.residentBytes());
      its.ms.push(running.firstAnswerMs);
      its.cpu.push(running.firstAnswerCpuMicroseconds / 1_000);
      await running.stop();
    }
  }
  return peers.map((peer, index) => ({
    peer: peer.name,
    starts: figures[index]?.ms.length ?? 0,
    megabytes: median(figures[index]?.bytes ?? []) / 1e6,
    firstAnswerMs: median(figures[index]?.ms ?? []),
    firstAnswerCpuMs: median(figures[index]?.cpu ?? []),
  }));
}
