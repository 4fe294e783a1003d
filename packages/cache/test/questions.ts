import type {
  CacheHit,
  CacheLookup,
  CacheMiss,
  CacheQuestion,
  Candidate,
  KeptAnswer,
  ModelRequest,
  ModelResponse,
  Provider,
} from '@signalbox/core';

export const says = (text: string): ModelRequest => ({
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
});

export function candidate(id = 'openai/gpt', simulated = false): Candidate {
  const [provider = '', model = ''] = id.split('/');
  return { id, model, names: [], provider: { id: provider, simulated } as Provider, facts: {} as Candidate['facts'] };
}

export function question(request: ModelRequest | string, rest: Partial<CacheQuestion> = {}): CacheQuestion {
  return {
    caller: { tenant: 'local' },
    candidate: candidate(),
    request: typeof request === 'string' ? says(request) : request,
    strict: false,
    use: {},
    ...rest,
  };
}

export function answer(
  text: string,
  rest: Omit<Partial<KeptAnswer>, 'response'> & { response?: Partial<ModelResponse> } = {},
): KeptAnswer {
  return {
    candidate: 'openai/gpt',
    provider: 'openai',
    model: 'gpt',
    simulated: false,
    notes: [],
    answeredAt: START,
    cost: { nanoUsd: 1_000, provenance: 'reported' },
    ...rest,
    response: { parts: [{ type: 'text', text }], finish: { reason: 'stop' }, ...rest.response },
  };
}

export function asMiss(lookup: CacheLookup): CacheMiss {
  if (lookup.kind !== 'miss') throw new Error(`expected a miss, found a ${lookup.kind}`);
  return lookup;
}

export function textOf(lookup: CacheLookup): string {
  if (lookup.kind !== 'hit') return lookup.kind;
  return (lookup as CacheHit).answer.response.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export const START = 1_700_000_000_000;
