import {
  type Candidate,
  estimateTokens,
  inboundFromRequest,
  type Pricing,
  ProviderError,
  type Usage,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { type AttemptEnd, describeAttempt } from '../src/money/settle.ts';
import { fakeProvider, userSays } from './fake-provider.ts';

const candidate: Candidate = {
  id: 'one/m',
  provider: fakeProvider('one', []),
  model: 'm',
  names: [],
  facts: { id: 'm', provider: 'one', name: 'M', type: 'chat', status: 'active', capabilities: {}, prices: [] },
};
const of = (facts: Partial<Candidate['provider']>): Candidate => ({
  ...candidate,
  provider: { ...candidate.provider, ...facts },
});
const OUTPUT = 'an answer that went on for some words before it broke off';
const REPORTED: Usage = { inputTokens: 1_000, outputTokens: 400, provenance: 'reported' };
const BEGUN: Usage = { inputTokens: 1_000, outputTokens: 1, provenance: 'reported' };
const broken = (kind: 'server' | 'aborted' = 'server') =>
  new ProviderError({ kind, provider: 'one', message: 'it broke off', status: 529, code: 'overloaded_error' });

/** A dollar cent for a token of output, and the time whose prices were asked for. */
const asked: number[] = [];
const pricing: Pricing = {
  cost: (_facts, usage, at) => {
    asked.push(at);
    return { nanoUsd: usage.outputTokens * 10_000_000, provenance: usage.provenance };
  },
  predict: () => undefined,
};

function end(rest: Partial<AttemptEnd> & { readonly usage?: Usage; readonly output?: string } = {}): AttemptEnd {
  const { usage, output = OUTPUT, ...own } = rest;
  return {
    candidate,
    lane: 'canonical',
    startedAt: 1_000,
    endedAt: 4_500,
    firstContentAt: 1_700,
    progress: { usage, notes: [], outputText: () => output },
    error: undefined,
    inbound: inboundFromRequest(userSays('a question')),
    needs: undefined,
    cause: 'first',
    providerKey: 'key-2',
    ...own,
  };
}

const settled = (...args: Parameters<typeof end>) => describeAttempt(end(...args), pricing);

describe('an attempt in the books', () => {
  it('is whose it was, how long it took, and how it ended', () => {
    expect(settled({ usage: REPORTED })).toMatchObject({
      candidate: 'one/m',
      provider: 'one',
      model: 'm',
      cause: 'first',
      providerKey: 'key-2',
      startedAt: 1_000,
      firstContentMs: 700,
      durationMs: 3_500,
      outcome: 'success',
      lane: 'canonical',
      usage: REPORTED,
      cost: { nanoUsd: 4_000_000_000, provenance: 'reported' },
      error: undefined,
      notes: [],
    });
    expect(settled({ firstContentAt: undefined, usage: REPORTED }).firstContentMs).toBeUndefined();
  });

  it('failed, or was given up: that is told apart, with what the provider said', () => {
    const error = { message: 'it broke off', status: 529, code: 'overloaded_error' };
    expect(settled({ error: broken() })).toMatchObject({ outcome: 'failure', error: { ...error, kind: 'server' } });
    expect(settled({ error: broken('aborted') })).toMatchObject({
      outcome: 'aborted',
      error: { ...error, kind: 'aborted' },
    });
  });

  it('has the model that answered, the finish and the notes of the answer', () => {
    const note = { outcome: 'dropped', field: 'top_k', reason: 'unsupported' } as never;
    const progress = {
      answeredBy: 'm-0613',
      finish: { reason: 'stop' as const },
      usage: REPORTED,
      notes: [note],
      outputText: () => OUTPUT,
    };
    expect(settled({ progress })).toMatchObject({ answeredBy: 'm-0613', finish: { reason: 'stop' }, notes: [note] });
  });

  it('is at the prices of when it began', () => {
    asked.length = 0;
    settled({ usage: REPORTED });
    expect(asked).toEqual([1_000]);
  });
});

describe('what an attempt used', () => {
  it.each([
    ['never left', { progress: undefined, firstContentAt: undefined }],
    ['failed before its first content', { error: broken(), firstContentAt: undefined }],
    ['was given up before its first content', { error: broken('aborted'), firstContentAt: undefined }],
  ])('is nothing that is known where the call %s, whatever was prepared', (_what, rest) => {
    expect(settled(rest).usage).toBeUndefined();
  });

  it('is what was reported even before the first content', () => {
    expect(settled({ error: broken(), firstContentAt: undefined, usage: BEGUN }).usage).toEqual(BEGUN);
  });

  it.each(['server', 'aborted'] as const)(
    'is at least what was generated where the answer broke off (%s): the figure of its start is too small',
    (kind) => {
      const outputTokens = estimateTokens(OUTPUT);
      expect(outputTokens).toBeGreaterThan(1);
      expect(settled({ error: broken(kind), usage: BEGUN })).toMatchObject({
        usage: { inputTokens: 1_000, outputTokens, provenance: 'estimated' },
        cost: { nanoUsd: outputTokens * 10_000_000, provenance: 'estimated' },
      });
      expect(settled({ error: broken(kind), usage: REPORTED }).usage).toEqual(REPORTED);
      const exact: Usage = { ...BEGUN, outputTokens };
      expect(settled({ error: broken(kind), usage: exact }).usage).toEqual(exact);
    },
  );

  it('is not raised where the answer is whole: the provider knows best', () => {
    expect(settled({ usage: BEGUN }).usage).toEqual(BEGUN);
  });

  it('is estimated where an answer came without figures, also one without any content', () => {
    expect(settled().usage).toMatchObject({ outputTokens: estimateTokens(OUTPUT), provenance: 'estimated' });
    const empty = settled({ firstContentAt: undefined, output: '' }).usage;
    expect(empty).toMatchObject({ outputTokens: 0, provenance: 'estimated' });
    expect(empty?.inputTokens).toBeGreaterThan(0);
  });
});

describe('what an attempt cost', () => {
  it('is nothing where it is simulated, or on the bill of the caller, and that is counted', () => {
    for (const whose of [{ simulated: true }, { callerCredentials: true }] as const) {
      asked.length = 0;
      const { cost, usage } = settled({ candidate: of(whose), usage: REPORTED });
      expect([cost, usage, asked]).toEqual([{ nanoUsd: 0, provenance: 'counted' }, REPORTED, []]);
    }
  });

  it('is nothing, as far as one can tell, where the call failed without figures', () => {
    const failed = settled({ error: broken(), firstContentAt: undefined });
    expect(failed.cost).toEqual({ nanoUsd: 0, provenance: 'estimated' });
  });

  it('is unknown where nobody knows prices, or the call never left', () => {
    expect(describeAttempt(end({ usage: REPORTED }), undefined).cost).toBeUndefined();
    expect(settled({ progress: undefined, firstContentAt: undefined }).cost).toBeUndefined();
  });
});
