import type { Clock, JsonObject } from '../packages/core/src/index.ts';
import { sendRequest } from './client.ts';
import type { ClientView } from './client-view.ts';
import type { FailureCase, Observation, Stage } from './failure-case.ts';
import type { FaultServer } from './fault-server.ts';
import { HEALTHY_TEXT } from './healthy-answer.ts';
import { type Judgement, judge } from './verdict.ts';

/** What a case is run with; the gateway is not started anew between cases. */
export interface Bench {
  readonly gatewayUrl: string;
  readonly faultServer: FaultServer;
  readonly clock: Clock;
}

export interface CaseResult extends Judgement {
  readonly id: string;
  readonly title: string;
  readonly observation: Observation;
  /** Of the case's clock, the probe not counted. */
  readonly seconds: number;
  /** Of the machine's. */
  readonly realSeconds: number;
}

/** Has a gateway that was just started give one healthy answer. Throws when it can't. */
export async function warmUp({ gatewayUrl, faultServer, clock }: Bench): Promise<void> {
  faultServer.begin({});
  const { outcome, error } = await sendRequest({
    url: gatewayUrl,
    caller: 'chat',
    model: 'bench',
    fields: {},
    expected: HEALTHY_TEXT,
    clock,
    startedAt: clock.now(),
    wall: PROBE_WALL,
  });
  if (outcome !== 'complete')
    throw new Error(`The gateway does not answer a healthy request: ${outcome} ${error?.message ?? ''}`);
}

const PROBE_WALL = 30;

/** Plays one case and judges it. */
export async function runCase(one: FailureCase, bench: Bench): Promise<CaseResult> {
  const { clock, faultServer } = bench;
  const realStart = performance.now();
  const startedAt = clock.now();
  const elapsed = () => (clock.now() - startedAt) / 1000;
  const faults = typeof one.faults === 'function' ? one.faults({ elapsed, url: faultServer.url }) : one.faults;
  faultServer.begin(faults);
  const caller = one.caller ?? 'chat';
  const model = one.model ?? 'bench';
  const send = (wall: number, fields: JsonObject, expected: string | undefined, signal?: AbortSignal) =>
    sendRequest({ url: bench.gatewayUrl, caller, model, fields, expected, clock, startedAt, wall, signal });
  const expected = one.expected === null ? undefined : (one.expected ?? HEALTHY_TEXT);
  const stage: Stage = {
    clock,
    elapsed,
    send: (signal) => send(one.wall, one.request ?? {}, expected, signal),
    behave: (faults) => faultServer.begin(faults),
    attempts: () => faultServer.attempts(startedAt),
  };
  const answers = await (one.play?.(stage) ?? stage.send().then((answer) => [answer]));
  const seconds = elapsed();
  const attempts = faultServer.attempts(startedAt);
  const connections = await faultServer.connections();
  let probe: ClientView | undefined;
  if (one.probe) {
    faultServer.begin({});
    probe = await send(PROBE_WALL, {}, HEALTHY_TEXT);
  }
  const observation: Observation = {
    answers,
    primary: attempts.filter((attempt) => attempt.provider !== 'fallback'),
    fallback: attempts.filter((attempt) => attempt.provider === 'fallback'),
    connections,
    primaryFails: faults.primary !== undefined,
    probe,
  };
  return {
    id: one.id,
    title: one.title,
    observation,
    seconds,
    realSeconds: (performance.now() - realStart) / 1000,
    ...judge(one, observation),
  };
}
