import { Client } from 'undici';
import { median } from '../median.ts';
import type { RunningPeer } from './start-peer.ts';
import { type Api, bodyOf } from './workloads.ts';

const REQUESTS = 200;
/** The first ones warm up and count for nothing. */
const WARM_UP = 30;

/** Milliseconds until the first piece of a stream is there. */
export interface FirstToken {
  readonly peer: string;
  readonly medianMs: number;
  /** Beyond what the provider takes when it is asked directly. */
  readonly addedMs: number;
}

interface Line {
  readonly name: string;
  readonly times: number[];
  ask(): Promise<number>;
  close(): Promise<void>;
}

/** One request after the other, to each in turn, over a connection that stays open. The first line is the provider itself. */
export async function firstTokens(upstream: string, running: readonly RunningPeer[]): Promise<readonly FirstToken[]> {
  const direct = lineTo('direct', upstream, '/v1/chat/completions', bodyOf('chat', 1_000, undefined, 'burst'), {});
  const lines = [direct, ...running.map(peerLine)];
  try {
    for (let count = 0; count < REQUESTS + WARM_UP; count += 1) {
      for (const line of lines) {
        const taken = await line.ask();
        if (count >= WARM_UP) line.times.push(taken);
      }
    }
  } finally {
    await Promise.all(lines.map((line) => line.close()));
  }
  const floor = median(direct.times);
  return lines.map(({ name, times }) => ({ peer: name, medianMs: median(times), addedMs: median(times) - floor }));
}

function peerLine({ peer, url, launch }: RunningPeer): Line {
  const api: Api = peer.paths.chat === undefined ? 'messages' : 'chat';
  return lineTo(peer.name, url, peer.paths[api] ?? '', bodyOf(api, 1_000, peer.model, 'burst'), launch.headers ?? {});
}

function lineTo(name: string, url: string, path: string, body: string, more: Readonly<Record<string, string>>): Line {
  const client = new Client(url, { pipelining: 1 });
  const headers = { 'content-type': 'application/json', ...more };
  return {
    name,
    times: [],
    async ask() {
      const began = performance.now();
      const answer = await client.request({ path, method: 'POST', headers, body });
      let first: number | undefined;
      for await (const _piece of answer.body) first ??= performance.now() - began;
      if (answer.statusCode !== 200 || first === undefined) throw new Error(`${name} answered ${answer.statusCode}`);
      return first;
    },
    close: () => client.close(),
  };
}
