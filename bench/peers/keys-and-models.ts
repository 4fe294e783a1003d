import { runLoad } from '../load.ts';
import { median } from '../median.ts';
import { cpuMicrosecondsBetween } from '../process-tree.ts';
import { MODEL } from './peer.ts';
import { launchSignalbox, type SignalboxSetup, signalbox } from './signalbox.ts';
import { type RunningPeer, startPeer } from './start-peer.ts';
import { type PeerWorkload, workloadFor } from './workloads.ts';

const KEYS = [1, 100, 10_000];
const MODELS = [10, 100, 1_000];
const REQUESTS = 1_000;
/** As many as there are keys at most, twice. */
const REQUESTS_OF_ALL_KEYS = 20_000;
const WARM_UP = 4;
const SMALL: PeerWorkload = { name: '1 KB', bytes: 1_000, answer: 'whole' };

/** What a gateway costs with so many keys, or models. */
export interface Growth {
  readonly what: string;
  readonly count: number;
  readonly megabytes: number;
  readonly firstAnswerMs: number;
  /** CPU microseconds of a request of 1 KB: of one key, or for a model by its name. */
  readonly one: number;
  /** By all keys in turn, or routed by best_for_task among all models. */
  readonly all: number;
}

/** Gateways with more and more keys, side by side and loaded in turns. */
export function growthByKeys(cache: string, upstream: string, rounds: number): Promise<readonly Growth[]> {
  return grow('keys', KEYS, cache, upstream, rounds, (keys) => ({ keys }));
}

/** Gateways with more and more models. */
export function growthByModels(cache: string, upstream: string, rounds: number): Promise<readonly Growth[]> {
  const named = (models: number) => [MODEL, ...Array.from({ length: models - 1 }, (_, index) => `model-${index}`)];
  return grow('models', MODELS, cache, upstream, rounds, (models) => ({ models: named(models) }));
}

async function grow(
  what: 'keys' | 'models',
  counts: readonly number[],
  cache: string,
  upstream: string,
  rounds: number,
  setup: (count: number) => SignalboxSetup,
): Promise<readonly Growth[]> {
  const started: { running: RunningPeer; secrets: readonly string[]; count: number; megabytes: number }[] = [];
  try {
    for (const count of counts) {
      let secrets: readonly string[] = [];
      const running = await startPeer(signalbox, cache, upstream, (place) => {
        const launch = launchSignalbox(place, setup(count));
        secrets = launch.secrets;
        return launch;
      });
      started.push({ running, secrets, count, megabytes: running.residentBytes() / 1e6 });
    }
    const figures = started.map(() => ({ one: [] as number[], all: [] as number[] }));
    for (let round = -WARM_UP; round < rounds; round += 1) {
      for (const [index, { running, secrets }] of started.entries()) {
        const one = await cost(running, secrets.slice(0, 1), MODEL, REQUESTS);
        const all =
          what === 'keys'
            ? await cost(
                running,
                secrets,
                MODEL,
                Math.min(REQUESTS_OF_ALL_KEYS, Math.max(REQUESTS, 2 * secrets.length)),
              )
            : await cost(running, secrets, 'auto', REQUESTS);
        if (round < 0) continue;
        figures[index]?.one.push(one);
        figures[index]?.all.push(all);
      }
    }
    return started.map(({ running, count, megabytes }, index) => ({
      what,
      count,
      megabytes,
      firstAnswerMs: running.firstAnswerMs,
      one: median(figures[index]?.one ?? []),
      all: median(figures[index]?.all ?? []),
    }));
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
}

/** CPU microseconds per request, the keys taking turns. */
async function cost(
  running: RunningPeer,
  secrets: readonly string[],
  model: string,
  requests: number,
): Promise<number> {
  const before = running.cpu();
  const answered = await runLoad(
    running.url,
    { ...workloadFor(SMALL, 'chat', model), requests },
    { limitMs: 3_000, headers: (request) => ({ authorization: `Bearer ${secrets[request % secrets.length]}` }) },
  );
  return cpuMicrosecondsBetween(before, running.cpu()) / answered;
}
