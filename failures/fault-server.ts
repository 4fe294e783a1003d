import { asArray, asObject, asString, type Clock } from '../packages/core/src/index.ts';
import {
  type Behaviour,
  type LoggedRequest,
  type SimulatedCall,
  type Simulator,
  startSimulator,
} from '../packages/simulator/src/index.ts';
import { HEALTHY } from './healthy-answer.ts';

/** How a provider behaves in a case; a function where it depends on the call. Laid over the healthy answer. */
type Fault = Behaviour | ((call: SimulatedCall) => Behaviour);

export interface Faults {
  /** Of whatever provider stands first in the chain. Default: healthy. */
  readonly primary?: Fault | undefined;
  readonly fallback?: Fault | undefined;
}

/** One call that reached the fault server. */
export interface UpstreamAttempt {
  readonly provider: string;
  /** Seconds since the case began. */
  readonly at: number;
  /** Absent: no status was sent. */
  readonly status?: number | undefined;
  /** Whether the request ended with the assistant's words, to be continued. */
  readonly prefill: boolean;
  /** Bytes of the messages. */
  readonly promptBytes: number;
  readonly eventsSent: number;
  /** The gateway hung up. */
  readonly aborted: boolean;
}

/** All providers on one host, as a person with a single proxy in front of them would have it. */
export interface FaultServer {
  readonly url: string;
  /** Forgets what was, and behaves so from now on. Calls that are still under way go on as they began. */
  begin(faults: Faults): void;
  attempts(startedAt: number): readonly UpstreamAttempt[];
  /** Connections that the gateway holds open, idle ones included. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export async function startFaultServer(clock: Clock): Promise<FaultServer> {
  const simulator: Simulator = await startSimulator({ clock });
  return {
    url: simulator.url,
    begin({ primary = {}, fallback = {} }) {
      simulator.reset();
      simulator.script([
        { when: { path: /^\/fallback\// }, behave: overHealthy(fallback) },
        { behave: overHealthy(primary) },
      ]);
    },
    attempts: (startedAt) => simulator.requests.map((request) => describe(request, startedAt)),
    connections: () => simulator.connections(),
    close: () => simulator.close(),
  };
}

function overHealthy(fault: Fault): Behaviour | ((call: SimulatedCall) => Behaviour) {
  if (typeof fault !== 'function') return { ...HEALTHY, ...fault };
  return (call) => ({ ...HEALTHY, ...fault(call) });
}

function describe(request: LoggedRequest, startedAt: number): UpstreamAttempt {
  const body = asObject(request.body);
  const messages = asArray(body?.messages ?? body?.contents ?? body?.input);
  return {
    provider: request.path.split('/')[1] ?? '',
    at: (request.startedAt - startedAt) / 1000,
    status: request.status,
    prefill: asString(asObject(messages.at(-1))?.role) === 'assistant',
    promptBytes: JSON.stringify(messages).length,
    eventsSent: request.eventsSent,
    aborted: request.aborted,
  };
}
