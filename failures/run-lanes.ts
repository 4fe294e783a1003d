import type { Clock } from '../packages/core/src/index.ts';
import { startDeadEnds } from './dead-ends.ts';
import type { Lane } from './failure-case.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import type { Upstreams } from './gateway-configuration.ts';
import { startGatewayProgram } from './gateway-program.ts';
import { type GatewayUnderTest, startGatewayInProcess } from './gateway-under-test.ts';
import { createPatientClock } from './patient-clock.ts';
import { type CaseResult, runCase, warmUp } from './run-case.ts';

type StartGateway = (upstreams: Upstreams, clock: Clock) => Promise<GatewayUnderTest>;

interface ProfileSettings {
  readonly createClock: () => Clock;
  readonly startGateway: StartGateway;
}

/** How many times as fast as the machine's time the fast profile runs. */
export const FAST_SCALE = 12;

const realClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** `full`: the built program in real time. `fast`: the gateway in this process, with time of its own. */
const PROFILES = {
  full: { createClock: () => realClock, startGateway: startGatewayProgram },
  fast: { createClock: () => createPatientClock(FAST_SCALE), startGateway: startGatewayInProcess },
} as const satisfies Readonly<Record<string, ProfileSettings>>;

export type Profile = keyof typeof PROFILES;

export interface RunOptions {
  readonly profile: Profile;
  readonly lanes: readonly Lane[];
  /** Called after each case. */
  readonly onResult?: ((result: CaseResult) => void) | undefined;
  /** Default: the profile's. */
  readonly startGateway?: StartGateway | undefined;
}

/** Lanes that run side by side: waiting is most of what they do. */
const SIDE_BY_SIDE = 6;

/** Plays all lanes. Results come in the order of the cases. */
export async function runLanes(options: RunOptions): Promise<readonly CaseResult[]> {
  const { profile, lanes } = options;
  const settings = PROFILES[profile];
  const clock = settings.createClock();
  const deadEnds = await startDeadEnds();
  const results = new Map<string, CaseResult>();
  const play = (lane: Lane) =>
    playLane(lane, {
      clock,
      profile,
      startGateway: async (faultServer) =>
        (options.startGateway ?? settings.startGateway)({ ...deadEnds, faults: faultServer.url }, clock),
      onResult(result) {
        results.set(result.id, result);
        options.onResult?.(result);
      },
    });
  try {
    await sideBySide(lanes.filter((lane) => !lane.alone).map((lane) => () => play(lane)));
    for (const lane of lanes.filter((one) => one.alone)) await play(lane);
  } finally {
    await deadEnds.close();
  }
  return lanes
    .flatMap((lane) => lane.cases)
    .map((one) => results.get(one.id))
    .filter((result) => result !== undefined);
}

interface LaneSettings {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly startGateway: (faultServer: FaultServer) => Promise<GatewayUnderTest>;
  readonly onResult: (result: CaseResult) => void;
}

async function playLane(lane: Lane, settings: LaneSettings): Promise<void> {
  const { clock, profile, startGateway } = settings;
  const faultServer = await startFaultServer(clock);
  let gateway: GatewayUnderTest | undefined;
  try {
    for (const one of lane.cases) {
      if (profile === 'fast' && one.fullOnly !== undefined) continue;
      if (gateway === undefined) {
        gateway = await startGateway(faultServer);
        // The first answer of a program takes longer: it is not part of any case.
        await warmUp({ gatewayUrl: gateway.url, faultServer, clock });
      }
      settings.onResult(await runCase(one, { gatewayUrl: gateway.url, faultServer, clock }));
      if (!lane.remembers) {
        await gateway.close();
        gateway = undefined;
      }
    }
  } finally {
    await gateway?.close();
    await faultServer.close();
  }
}

async function sideBySide(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...tasks];
  const work = async () => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) await task();
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}
