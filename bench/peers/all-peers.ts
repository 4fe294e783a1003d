import { bareProxy } from './bare-proxy.ts';
import { bifrost } from './bifrost.ts';
import { claudeCodeRouter } from './claude-code-router.ts';
import { litellm } from './litellm.ts';
import { nginx } from './nginx.ts';
import type { Peer } from './peer.ts';
import { portkey } from './portkey.ts';
import { signalbox } from './signalbox.ts';
import { type RunningPeer, startPeer } from './start-peer.ts';

/** What others are compared with. */
export const OWN = signalbox;
export const FLOOR = bareProxy;

/** In the order of the tables' columns. */
export const PEERS: readonly Peer[] = [nginx, bareProxy, signalbox, portkey, claudeCodeRouter, litellm, bifrost];

/** Peers that answer, and a sentence for each that does not. */
export interface Starts {
  readonly running: readonly RunningPeer[];
  readonly skipped: readonly string[];
}

/** Installs and starts peers one after the other: what does not install or start is left out, and said. Our own and the bare proxy must start. */
export async function startPeers(peers: readonly Peer[], cache: string, upstream: string): Promise<Starts> {
  const running: RunningPeer[] = [];
  const skipped: string[] = [];
  for (const peer of peers) {
    try {
      peer.install?.(cache);
      running.push(await startPeer(peer, cache, upstream));
    } catch (error) {
      if (peer === OWN || peer === FLOOR) {
        await Promise.all(running.map((one) => one.stop()));
        throw error;
      }
      skipped.push(`${peer.name} is not in it: ${(error as Error).message}`);
    }
  }
  return { running, skipped };
}
