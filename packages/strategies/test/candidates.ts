import type { Candidate, ModelFacts, Needs, Provider, Snapshot } from '@signalbox/core';

/** A candidate as far as a strategy looks at it. `price`: dollars per million tokens of output. */
export function candidate(
  id: string,
  price: number,
  facts: Partial<ModelFacts> = {},
  names: readonly string[] = [],
): Candidate {
  const [provider = '', model = ''] = id.split('/');
  return {
    id,
    provider: { id: provider } as Provider,
    model,
    names: [model, ...names],
    facts: {
      id: model,
      provider,
      name: model,
      type: 'chat',
      status: 'active',
      capabilities: {},
      prices: [{ output: price * 1e9 }],
      ...facts,
    },
  };
}

const NO_NEEDS: Needs = {
  tools: false,
  vision: false,
  pdf: false,
  audio: false,
  jsonSchema: false,
  inputTokens: 10,
  maxOutputTokens: undefined,
};

export function snapshot(rest: Partial<Snapshot> = {}): Snapshot {
  return { now: 0, turn: 0, needs: NO_NEEDS, ...rest };
}
