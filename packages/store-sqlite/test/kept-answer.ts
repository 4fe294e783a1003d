import type { KeptAnswer } from '@signalbox/core';

export function keptAnswer(text: string): KeptAnswer {
  return {
    response: {
      parts: [{ type: 'text', text }],
      finish: { reason: 'stop' },
      usage: { inputTokens: 1, outputTokens: 2, provenance: 'reported' },
    },
    candidate: 'openai/gpt',
    provider: 'openai',
    model: 'gpt',
    simulated: false,
    notes: [],
    answeredAt: 1_700_000_000_000,
    cost: { nanoUsd: 5, provenance: 'reported' },
  };
}
