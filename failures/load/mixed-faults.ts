import type { Behaviour, SimulatedCall } from '../../packages/simulator/src/index.ts';

const WORDS = 'signal track points lever train route platform junction siding bridge'.split(' ');

/** The answer of every healthy provider. */
export const TEXT = Array.from({ length: 40 }, (_, index) => `${WORDS[index % WORDS.length]}${index + 1}`).join(' ');

/** A model that thinks for a tenth of a second and writes twenty words a second. */
export const HEALTHY: Behaviour = { text: TEXT, firstToken: 100, interval: 50 };

/** What goes wrong, in turns. */
const FAULTS: readonly Behaviour[] = [
  { cut: 20 },
  { error: 'overloaded' },
  { reset: true },
  { errorEvent: 10, error: 'server_error' },
  { error: 'rate_limit_exceeded', retryAfter: '1' },
  { malformed: 5 },
  { stall: 5, hold: 1_500 },
  { gzip: true, cut: 10 },
  { badChunk: 15 },
  { html: true },
  { noUsage: true },
  { duplicateFinish: true },
  { noDone: true },
];

/** A provider that fails every time in another way. */
export function createMixedFaults(): (call: SimulatedCall) => Behaviour {
  let turn = 0;
  return () => {
    const fault = FAULTS[turn % FAULTS.length];
    turn += 1;
    return { ...HEALTHY, ...fault };
  };
}

export const configuration = (simulator: string): string => `providers:
  healthy: { type: openai, endpoint: "${simulator}/healthy/v1", api_key: k, models: [bench-primary] }
  faulty: { type: openai, endpoint: "${simulator}/faulty/v1", api_key: k, models: [bench-primary] }
  fallback: { type: openai, endpoint: "${simulator}/fallback/v1", api_key: k, models: [fb-ok] }
models:
  healthy: { chain: [healthy/bench-primary] }
  mixed: { chain: [faulty/bench-primary, fallback/fb-ok] }
`;
