import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { freePort } from '../free-port.ts';
import { killAtExit } from '../kill-at-exit.ts';
import { type CpuSnapshot, cpuMicrosecondsBetween, cpuSnapshot, processTree, residentBytes } from '../process-tree.ts';
import type { Launch, Peer, PeerPlace } from './peer.ts';
import { type Api, bodyOf } from './workloads.ts';

/** A peer that answers. */
export interface RunningPeer {
  readonly peer: Peer;
  readonly url: string;
  readonly launch: Launch;
  /** Milliseconds and CPU microseconds from its start to the first answer, which came through it from the provider. */
  readonly firstAnswerMs: number;
  readonly firstAnswerCpuMicroseconds: number;
  cpu(): CpuSnapshot;
  residentBytes(): number;
  stop(): Promise<void>;
}

/** LiteLLM takes a quarter of it. */
const START_MS = 60_000;
const STOP_MS = 5_000;
const NOTHING: CpuSnapshot = new Map();

/**
 * Starts a peer in an empty home of its own and waits until it has answered one request.
 *
 * @throws Error with what it said last, where it ends or does not answer in time
 */
export async function startPeer(
  peer: Peer,
  cache: string,
  upstream: string,
  launched: (place: PeerPlace) => Launch = (place) => peer.launch(place),
): Promise<RunningPeer> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const port = await freePort();
  const launch = launched({ cache, folder, port, upstream });
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child = spawn(launch.command, [...launch.words], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  killAtExit(child);
  const pid = child.pid ?? 0;
  const said = lastWords(child);
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await firstAnswer(peer, url, launch, child);
  } catch (error) {
    await stop();
    throw new Error(`it did not start: ${(error as Error).message}${said()}`);
  }
  return {
    peer,
    url,
    launch,
    firstAnswerMs: performance.now() - began,
    firstAnswerCpuMicroseconds: cpuMicrosecondsBetween(NOTHING, cpuSnapshot(pid)),
    cpu: () => cpuSnapshot(pid),
    residentBytes: () => residentBytes(pid),
    stop,
  };
}

/** Asks until somebody answers. */
async function firstAnswer(peer: Peer, url: string, launch: Launch, child: ChildProcess): Promise<void> {
  const api: Api = peer.paths.chat === undefined ? 'messages' : 'chat';
  const body = bodyOf(api, 500, peer.model);
  const ends = performance.now() + START_MS;
  let last = 'nobody listened';
  while (performance.now() < ends) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    try {
      const headers = { 'content-type': 'application/json', ...launch.headers };
      const answer = await request(`${url}${peer.paths[api]}`, {
        method: 'POST',
        headers,
        body,
        headersTimeout: 10_000,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) return;
      last = `${answer.statusCode} ${text.slice(0, 200)}`;
    } catch (error) {
      // Not listening yet.
      last = (error as Error).message;
    }
    await sleep(3);
  }
  throw new Error(`no answer after ${START_MS / 1_000} s (${last})`);
}

/** By the ids of its own processes, kindly at first. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const tree = processTree(child.pid);
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([closed, sleep(STOP_MS, undefined, { ref: false })]);
  for (const pid of tree) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  const keep = (piece: Buffer) => {
    text = `${text}${piece.toString()}`.slice(-2_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  return () => {
    const line = text.split('\n').findLast((one) => /\w/.test(one) && !one.startsWith('Node.js'));
    return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`;
  };
}
