import { aggregateMetrics, type GatewayMetrics, type MetricsSnapshot, type ReloadOutcome } from '@signalbox/gateway';
import type { WorkerLink } from './worker-link.ts';

/** Of a gateway that nobody can ask yet. */
export const NOT_YET: ReloadOutcome = { takenOver: false, sentence: 'The gateway is still starting.' };

/** One that failed says more than those that did not. */
export async function reloadAll(link: WorkerLink): Promise<ReloadOutcome> {
  const outcomes = (await link.askAll('reload')) as readonly ReloadOutcome[];
  return outcomes.find((one) => !one.takenOver) ?? outcomes[0] ?? NOT_YET;
}

/** The figures of all workers together, whichever of them is asked. */
export function ofAllWorkers(metrics: GatewayMetrics, link: WorkerLink): GatewayMetrics {
  return {
    ...metrics,
    text: async () => aggregateMetrics((await link.askAll('metrics')) as readonly MetricsSnapshot[]),
  };
}

/** Why the gateway is not ready as a whole. */
export function missingWorkers({ standing: { up, wanted } }: WorkerLink): string | undefined {
  return up === wanted ? undefined : `${wanted - up} of ${wanted} workers are not up`;
}
