import { inboundFromRequest } from '../../packages/core/src/index.ts';
import { openaiChat } from '../../packages/format-openai/src/index.ts';
import { cpuMicroseconds } from '../cpu.ts';
import { createDecidingRouter } from '../deciding-router.ts';
import { median } from '../median.ts';
import { turn, warmUp } from './cpu-per-request.ts';
import type { RunningPeer } from './start-peer.ts';
import { BYTE_LANE, bodyOf, type PeerWorkload } from './workloads.ts';

/** What it costs to let best_for_task choose. Microseconds of CPU per request, medians. */
export interface RoutedRow {
  readonly workload: string;
  /** The model is named. */
  readonly exact: number;
  /** best_for_task chooses among eight. */
  readonly routed: number;
  /** Median of what the rounds differ by. */
  readonly difference: number;
  /** To parse the body, to analyse the task and to decide, in a loop of its own. */
  readonly decisionAlone: number;
}

const DECISIONS = 50;

/** The same gateway, asked by a model's name and by `auto` in turns, and a decision without a gateway beside it. */
export async function routedCosts(own: RunningPeer, rounds: number): Promise<readonly RoutedRow[]> {
  const rows: RoutedRow[] = [];
  await warmUp([own], BYTE_LANE, 'chat');
  for (const workload of BYTE_LANE.filter((one) => one.answer !== 'paced')) {
    await turn(own, workload, 'chat', 'auto');
    const pairs: { exact: number; routed: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      pairs.push({ exact: await turn(own, workload, 'chat'), routed: await turn(own, workload, 'chat', 'auto') });
    }
    rows.push({
      workload: workload.name,
      exact: median(pairs.map((pair) => pair.exact)),
      routed: median(pairs.map((pair) => pair.routed)),
      difference: median(pairs.map((pair) => pair.routed - pair.exact)),
      decisionAlone: await decisionAlone(workload, rounds),
    });
  }
  return rows;
}

async function decisionAlone({ bytes, answer }: PeerWorkload, rounds: number): Promise<number> {
  const router = createDecidingRouter();
  const body = bodyOf('chat', bytes, 'auto', answer);
  const decide = () => {
    const request = openaiChat.server.decodeRequest(JSON.parse(body), '/v1/chat/completions');
    router.decide({ inbound: inboundFromRequest({ ...request, model: 'auto', stream: answer !== 'whole' }) });
  };
  try {
    await cpuMicroseconds(decide, bytes < 500_000 ? 10 * DECISIONS : DECISIONS);
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await cpuMicroseconds(decide, DECISIONS));
    return median(times);
  } finally {
    await router.close();
  }
}
