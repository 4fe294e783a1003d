import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, request } from 'undici';
import { runLoad } from '../load.ts';
import { cpuMicrosecondsBetween } from '../process-tree.ts';
import type { Peer } from './peer.ts';
import { type RunningPeer, startPeer } from './start-peer.ts';
import { BYTE_LANE, bodyOf, type PeerWorkload, workloadFor } from './workloads.ts';

const COUNTS = [1, 10, 100, 1_000];
/** Milliseconds of rest before memory is read. */
const REST_MS = 1_000;
const PATIENCE_MS = 30_000;

/** What so many streams at once cost a program. */
export interface OpenStreams {
  readonly peer: string;
  readonly streams: number;
  /** Megabytes in RAM while all are open and silent. */
  readonly megabytes: number;
  /** Beyond what the program has with one, kilobytes (1,000 bytes) a stream; not a number for the first. */
  readonly kilobytesEach: number;
  /** CPU microseconds of one stream of 50 events, 5 ms apart, when so many run at once. */
  readonly microsecondsEach: number;
}

/** Each in a process of its own that has answered 200 requests, so that nothing is counted that the first ones make. */
export async function openStreams(
  peers: readonly Peer[],
  cache: string,
  upstream: string,
): Promise<readonly OpenStreams[]> {
  const rows: OpenStreams[] = [];
  for (const peer of peers) {
    let one: number | undefined;
    for (const streams of COUNTS) {
      const running = await startPeer(peer, cache, upstream);
      try {
        const { bytes, microsecondsEach } = await measure(running, streams, upstream);
        one ??= bytes;
        const kilobytesEach = (bytes - one) / (streams - 1) / 1e3;
        rows.push({ peer: peer.name, streams, megabytes: bytes / 1e6, kilobytesEach, microsecondsEach });
      } finally {
        await running.stop();
      }
    }
  }
  return rows;
}

interface Measured {
  readonly bytes: number;
  readonly microsecondsEach: number;
}

async function measure(running: RunningPeer, streams: number, upstream: string): Promise<Measured> {
  const { peer, url, launch } = running;
  const path = peer.paths.chat ?? '';
  const headers = launch.headers ?? {};
  const warm: PeerWorkload = { name: 'warm', bytes: 1_000, answer: 'burst' };
  await runLoad(url, { ...workloadFor(warm, 'chat', peer.model), requests: 200 }, { path, headers });
  const held = await hold(url, path, headers, streams, peer.model);
  await sleep(REST_MS);
  const bytes = running.residentBytes();
  await request(`${upstream}/release`).then((answer) => answer.body.dump());
  await held();
  const paced = BYTE_LANE.find((one) => one.answer === 'paced') ?? warm;
  const load = { ...workloadFor(paced, 'chat', peer.model), connections: streams, requests: Math.max(streams, 8) };
  const cpu = running.cpu();
  const answered = await runLoad(url, load, { path, headers });
  return { bytes, microsecondsEach: cpuMicrosecondsBetween(cpu, running.cpu()) / answered };
}

/** Opens streams until each has its first word; what it gives back waits for their ends. */
async function hold(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  count: number,
  model: string | undefined,
): Promise<() => Promise<void>> {
  const pool = new Pool(url, {
    connections: count,
    pipelining: 1,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  const body = bodyOf('chat', 1_000, model, 'held');
  const ends: Promise<void>[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      if (answer.statusCode !== 200)
        throw new Error(`${url} answered ${answer.statusCode}: ${await answer.body.text()}`);
      await new Promise<void>((first) => {
        answer.body.once('data', () => first());
        ends.push(new Promise((end, reject) => void answer.body.once('end', end).once('error', reject)));
      });
    }),
  );
  return async () => {
    await Promise.all(ends);
    await pool.close();
  };
}
