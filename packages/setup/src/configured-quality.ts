import type { Configuration } from '@signalbox/config';
import type { QualityEstimate } from '@signalbox/core';
import { createExpectedQuality } from '@signalbox/task-analysis';

/** Expected quality by the built-in table, with the figures under `routing.quality` before it. */
export function configuredQuality({ routing }: Configuration): QualityEstimate {
  return createExpectedQuality({ abilities: routing.quality });
}
