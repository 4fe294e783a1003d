import { startDeadEnds } from './dead-ends.ts';
import type { FailureCase } from './failure-case.ts';
import { startFaultServer } from './fault-server.ts';
import type { Upstreams } from './gateway-configuration.ts';
import { startGatewayProgram } from './gateway-program.ts';
import { type GatewayUnderTest, startGatewayInProcess } from './gateway-under-test.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { createScaledClock } from './scaled-clock.ts';

/** How many times as fast the fast profile runs. */
export const FAST_SCALE = 15;

export type Profile = 'full' | 'fast';

export interface RunOptions {
  readonly profile: Profile;
  readonly cases: readonly FailureCase[];
  /** Called after each case. */
  readonly onResult?: ((result: CaseResult) => void) | undefined;
  /** Stands between the client and the gateway; gets the gateway's address. For tests of the harness itself. */
  readonly inFront?: ((gatewayUrl: string) => Promise<GatewayUnderTest>) | undefined;
}

/** Plays cases one after the other against one gateway, which keeps what it has learnt. */
export async function runCases(options: RunOptions): Promise<readonly CaseResult[]> {
  const { profile } = options;
  const clock = createScaledClock(profile === 'fast' ? FAST_SCALE : 1);
  const deadEnds = await startDeadEnds();
  const faultServer = await startFaultServer(clock);
  const upstreams: Upstreams = { ...deadEnds, faults: faultServer.url };
  const gateway =
    profile === 'fast' ? await startGatewayInProcess(upstreams, clock) : await startGatewayProgram(upstreams);
  const front = await options.inFront?.(gateway.url);
  const results: CaseResult[] = [];
  try {
    for (const one of options.cases) {
      if (profile === 'fast' && one.fullOnly !== undefined) continue;
      const result = await runCase(one, { gatewayUrl: front?.url ?? gateway.url, faultServer, clock });
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    await front?.close();
    await gateway.close();
    await faultServer.close();
    await deadEnds.close();
  }
  return results;
}
