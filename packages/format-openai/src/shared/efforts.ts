import type { ReasoningEffort } from '@signalbox/core';

/** The values of `reasoning_effort`, the least first (openai SDK 7.57 `ReasoningEffort`). */
export const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
