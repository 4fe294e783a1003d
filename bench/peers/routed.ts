import { inboundFromRequest } from '../../packages/core/src/index.ts';
import { openaiChat } from '../../packages/format-openai/src/index.ts';
import { cpuMicroseconds } from '../cpu.ts';
import { createDecidingRouter } from '../deciding-router.ts';
import { median } from '../median.ts';
import { turn, warmUp } from './cpu-per-request.ts';
import type { RunningPeer } from './start-peer.ts';
import { BYTE_LANE, bodiesOf, bodyOf, type PeerWorkload } from './workloads.ts';

/** What it costs to let best_for_task choose. Microseconds of CPU per request, medians. */
export interface RoutedRow {
  readonly workload: string;
  /** The model is named. */
  readonly exact: number;
  /** best_for_task chooses among eight. */
  readonly routed: number;
  /** Median of what the rounds differ by. */
  readonly difference: number;
  /** What the rounds differ by where one prompt is asked again and again, as the steps of an agent's turn do. */
  readonly samePrompt: number;
  /** To parse the body, to analyse the task and to decide, in a loop of its own. */
  readonly decisionAlone: number;
}

const DECISIONS = 50;
/** More than are remembered with what they turned out to be. */
const PROMPTS = 32;
/** Decisions are compiled to the end, too, before they are measured. */
const WARM_DECISIONS = 4_000;
const WARM_BYTES = 100_000_000;

/** The same gateway, asked by a model's name and by `auto` in turns, and a decision without a gateway beside it. */
export async function routedCosts(own: RunningPeer, rounds: number): Promise<readonly RoutedRow[]> {
  const rows: RoutedRow[] = [];
  await warmUp([own], BYTE_LANE, 'chat');
  await warmUp([own], BYTE_LANE, 'chat', 'auto');
  for (const one of BYTE_LANE.filter(({ answer }) => answer !== 'paced')) {
    const workload = { ...one, prompts: PROMPTS };
    await turn(own, workload, 'chat', 'auto');
    const pairs: { exact: number; routed: number; again: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      pairs.push({
        exact: await turn(own, workload, 'chat'),
        routed: await turn(own, workload, 'chat', 'auto'),
        again: await turn(own, one, 'chat', 'auto'),
      });
    }
    rows.push({
      workload: workload.name,
      exact: median(pairs.map((pair) => pair.exact)),
      routed: median(pairs.map((pair) => pair.routed)),
      difference: median(pairs.map((pair) => pair.routed - pair.exact)),
      samePrompt: median(pairs.map((pair) => pair.again - pair.exact)),
      decisionAlone: await decisionAlone(workload, rounds),
    });
  }
  return rows;
}

async function decisionAlone({ bytes, answer }: PeerWorkload, rounds: number): Promise<number> {
  const router = createDecidingRouter();
  const bodies = bodiesOf(bodyOf('chat', bytes, 'auto', answer), PROMPTS);
  let asked = 0;
  const decide = () => {
    asked += 1;
    const body = JSON.parse(bodies[asked % PROMPTS] ?? '');
    const request = openaiChat.server.decodeRequest(body, '/v1/chat/completions');
    router.decide({ inbound: inboundFromRequest({ ...request, model: 'auto', stream: answer !== 'whole' }) });
  };
  try {
    await cpuMicroseconds(decide, Math.min(WARM_DECISIONS, Math.ceil(WARM_BYTES / bytes)));
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await cpuMicroseconds(decide, DECISIONS));
    return median(times);
  } finally {
    await router.close();
  }
}
