// npm run bench:peers [-- --part NAME] [--only NAMES] [--rounds N] [--cache FOLDER] [--json]: the gateway beside others, over real sockets. Linux only.
import { cpus, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startProgram } from '../child-program.ts';
import { FLOOR, OWN, PEERS, startPeers } from './all-peers.ts';
import { atRest } from './at-rest.ts';
import { costsOf } from './cpu-per-request.ts';
import { firstTokens } from './first-token.ts';
import { growthByKeys, growthByModels } from './keys-and-models.ts';
import { openStreams } from './open-streams.ts';
import type { Peer } from './peer.ts';
import { routedCosts } from './routed.ts';
import type { RunningPeer } from './start-peer.ts';
import * as tables from './tables.ts';
import { BODIES, BYTE_LANE, TRANSLATED } from './workloads.ts';

const CACHE_FOLDER = join(homedir(), '.cache', 'signalbox', 'peers');

interface Scene {
  readonly peers: readonly Peer[];
  readonly cache: string;
  readonly upstream: string;
  readonly rounds: number;
  /** Starts peers, lets them be measured, and stops them. */
  with<Value>(peers: readonly Peer[], measure: (running: readonly RunningPeer[]) => Promise<Value>): Promise<Value>;
}

interface Outcome {
  readonly figures: unknown;
  readonly table: string;
}

/** Every part can be run by itself, in two minutes at most. */
const PARTS: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  bytes: (scene) => costs(scene, 'chat', BYTE_LANE, 'Chat Completions in and out'),
  translated: (scene) => costs(scene, 'messages', TRANSLATED, 'Anthropic Messages in, Chat Completions out'),
  routed: (scene) =>
    scene.with([OWN], async (running) => {
      const figures = await routedCosts(ownOf(running), scene.rounds);
      return { figures, table: tables.routedTable(figures) };
    }),
  'first-token': (scene) =>
    scene.with(scene.peers, async (running) => {
      const figures = await firstTokens(scene.upstream, running);
      return { figures, table: tables.firstTokenTable(figures) };
    }),
  start: async ({ peers, cache, upstream, rounds, with: start }) => {
    const able = await start(peers, async (running) => running.map((one) => one.peer));
    const figures = await atRest(able, cache, upstream, rounds);
    return { figures, table: tables.atRestTable(figures) };
  },
  bodies: (scene) => costs({ ...scene, peers: [FLOOR, OWN] }, 'chat', BODIES, 'Larger and larger bodies'),
  streams: async ({ cache, upstream }) => {
    const figures = await openStreams([FLOOR, OWN], cache, upstream);
    return { figures, table: tables.openStreamsTable(figures) };
  },
  keys: async ({ cache, upstream, rounds }) => {
    const figures = await growthByKeys(cache, upstream, rounds);
    return { figures, table: tables.growthTable(figures) };
  },
  models: async ({ cache, upstream, rounds }) => {
    const figures = await growthByModels(cache, upstream, rounds);
    return { figures, table: tables.growthTable(figures) };
  },
};

const HELP = `npm run bench:peers [-- --part NAME[,NAME]] [--only NAME[,NAME]] [--rounds N] [--cache FOLDER] [--json]

The built gateway beside nginx, a bare proxy, Portkey, claude-code-router, LiteLLM and Bifrost, over real sockets, in turns. What is missing is
installed from npm and PyPI into ${CACHE_FOLDER}
(or --cache); what can't be had is left out, and said. Linux only.

--part    ${Object.keys(PARTS).join(', ')}
--only    of the others these, by a part of their name
--rounds  how many turns each has. Default 5`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      part: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      cache: { type: 'string', default: CACHE_FOLDER },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    console.error('bench:peers: --rounds must be a whole number from 1 to 100.');
    return 2;
  }
  const wanted = values.part?.split(',') ?? Object.keys(PARTS);
  const unknown = wanted.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    console.error(`bench:peers: there is no part "${unknown}": ${Object.keys(PARTS).join(', ')}.`);
    return 2;
  }
  const only = values.only?.toLowerCase().split(',');
  const peers = PEERS.filter(
    (peer) =>
      peer === OWN ||
      peer === FLOOR ||
      only === undefined ||
      only.some((part) => peer.name.toLowerCase().includes(part)),
  );
  const upstream = await startProgram([fileURLToPath(new URL('../upstream.ts', import.meta.url))]);
  const skipped = new Set<string>();
  const scene: Scene = {
    peers,
    rounds,
    cache: resolve(values.cache),
    upstream: upstream.url,
    async with(wantedPeers, measure) {
      const starts = await startPeers(wantedPeers, scene.cache, upstream.url);
      for (const sentence of starts.skipped.filter((one) => !skipped.has(one))) console.error(sentence);
      for (const sentence of starts.skipped) skipped.add(sentence);
      try {
        return await measure(starts.running);
      } finally {
        await Promise.all(starts.running.map((one) => one.stop()));
      }
    },
  };
  const figures: Record<string, unknown> = {};
  if (!values.json) {
    console.log(`Node ${process.version}, ${cpus().length} CPUs, ${rounds} interleaved rounds, medians\n`);
    for (const peer of peers) console.log(`${peer.name}: ${peer.about}`);
  }
  try {
    for (const name of wanted) {
      const outcome = await PARTS[name]?.(scene);
      figures[name] = outcome?.figures;
      if (!values.json) console.log(`\n${outcome?.table}`);
    }
  } finally {
    await upstream.stop();
  }
  if (values.json) {
    const machine = { node: process.version, cpus: cpus().length, rounds, skipped: [...skipped] };
    console.log(JSON.stringify({ ...machine, ...figures }, null, 2));
  }
  return 0;
}

function costs(scene: Scene, api: 'chat' | 'messages', workloads: typeof BYTE_LANE, title: string): Promise<Outcome> {
  const able = scene.peers.filter((peer) => peer.paths[api] !== undefined);
  return scene.with(able, async (running) => {
    const figures = await costsOf(running, ownOf(running), workloads, api, scene.rounds);
    return { figures, table: tables.costTable(title, figures) };
  });
}

function ownOf(running: readonly RunningPeer[]): RunningPeer {
  const own = running.find((one) => one.peer === OWN);
  if (own === undefined) throw new Error('bench: our own gateway is not there');
  return own;
}

process.exitCode = await main();
