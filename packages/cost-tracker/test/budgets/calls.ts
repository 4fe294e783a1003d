import type {
  Attempt,
  AttemptRequest,
  Caller,
  Candidate,
  ModelFacts,
  Needs,
  Provider,
  Removal,
  Reservation,
} from '@signalbox/core';
import { createPricing } from '../../src/index.ts';
import { dollars } from '../models.ts';

export const pricing = createPricing();

/** A model at $1 and $10 per million tokens, or at other prices; `undefined`: nobody knows. */
export function candidateOf(
  id: string,
  prices: readonly [input: number, output: number] | undefined = [1, 10],
  facts: Partial<ModelFacts> = {},
): Candidate {
  const [provider = '', model = ''] = id.split('/');
  return {
    id,
    provider: { id: provider, simulated: false, local: false } as Provider,
    model,
    names: [model],
    facts: {
      id: model,
      provider,
      name: model,
      type: 'chat',
      status: 'active',
      capabilities: {},
      maxOutput: 4_000,
      prices: prices === undefined ? [] : [{ input: dollars(prices[0]), output: dollars(prices[1]) }],
      ...facts,
    },
  };
}

export interface CallShape {
  readonly inputTokens?: number;
  readonly maxOutputTokens?: number | undefined;
  readonly stream?: boolean;
  readonly caller?: Partial<Caller>;
  readonly bytes?: number | undefined;
}

/** A request for an attempt, and how often its needs were measured. */
export function requestOf({
  inputTokens = 1_000,
  maxOutputTokens,
  stream = true,
  caller,
  bytes,
}: CallShape = {}): AttemptRequest & {
  readonly measured: () => number;
} {
  let measured = 0;
  const needs: Needs = {
    tools: false,
    vision: false,
    pdf: false,
    audio: false,
    jsonSchema: false,
    inputTokens,
    maxOutputTokens,
  };
  return {
    caller: { tenant: 'local', ...caller },
    // An answer that usually has 500 tokens: a thousand are reserved for it.
    task: { type: 'simple_query', complexity: 'low', difficulty: 0, expectedOutputTokens: 500, reason: '' },
    needs() {
      measured += 1;
      return needs;
    },
    bytes,
    stream,
    patienceMs: 0,
    measured: () => measured,
  };
}

/** An attempt that is over, with what it used and cost. */
export function attemptOf(
  candidate: Candidate,
  inputTokens: number,
  outputTokens: number,
  more: Partial<Attempt> = {},
): Attempt {
  const usage = { inputTokens, outputTokens, provenance: 'reported' } as const;
  return {
    candidate: candidate.id,
    provider: candidate.provider.id,
    model: candidate.model,
    cause: 'first',
    startedAt: 0,
    durationMs: 1,
    outcome: 'success',
    lane: 'bytes',
    simulated: false,
    notes: [],
    usage,
    cost: pricing.cost(candidate.facts, usage, 0),
    ...more,
  };
}

type Answer = Reservation | Removal | undefined | Promise<Reservation | Removal | undefined>;

/** The reservation that an answer is; fails on a refusal. */
export function granted(answer: Answer): Reservation {
  if (answer === undefined || answer instanceof Promise || 'kind' in answer) {
    throw new Error(`refused: ${JSON.stringify(answer)}`);
  }
  return answer;
}

/** Why an answer is a refusal; undefined where it is none. */
export function refusal(answer: Answer): string | undefined {
  return answer !== undefined && !(answer instanceof Promise) && 'kind' in answer ? answer.reason : undefined;
}
