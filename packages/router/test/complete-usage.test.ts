import { inboundFromRequest, type Usage } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { completeUsage } from '../src/lanes/complete-usage.ts';
import { fakeProvider, start, streams, text, userSays } from './fake-provider.ts';

const size = {
  inbound: inboundFromRequest(userSays('a question of some length')),
  needs: undefined,
  lane: 'canonical',
} as const;
const OUTPUT = () => 'an answer of some length';

describe('the usage of an attempt', () => {
  it('is what the provider reported, where that is whole', () => {
    const reported: Usage = { inputTokens: 0, outputTokens: 7, cacheReadTokens: 0, provenance: 'reported' };
    expect(completeUsage(reported, size, OUTPUT)).toBe(reported);
  });

  it('is estimated on both sides where nothing was reported, and on one where one was', () => {
    const whole = completeUsage(undefined, size, OUTPUT);
    expect(whole.provenance).toBe('estimated');
    expect(whole.inputTokens).toBeGreaterThan(3);
    expect(whole.outputTokens).toBeGreaterThan(3);
    const known: Usage = { inputTokens: 1_000, outputTokens: 0, provenance: 'estimated' };
    expect(completeUsage(known, size, OUTPUT)).toMatchObject({
      inputTokens: 1_000,
      outputTokens: whole.outputTokens,
      provenance: 'estimated',
    });
  });

  it('never holds anything that is no count, whatever a codec makes of an answer', () => {
    const figure = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, -0, 1e300, -1));
    const usage = fc.record(
      {
        inputTokens: figure,
        outputTokens: figure,
        cacheReadTokens: fc.option(figure, { nil: undefined }),
        reasoningTokens: fc.option(figure, { nil: undefined }),
        provenance: fc.constantFrom('reported' as const, 'estimated' as const),
      },
      { requiredKeys: ['inputTokens', 'outputTokens', 'provenance'] },
    );
    fc.assert(
      fc.property(usage, (reported) => {
        for (const value of Object.values(completeUsage(reported, size, OUTPUT)))
          if (typeof value === 'number') expect(value >= 0 && value < 1e15).toBe(true);
      }),
    );
  });
});

it('a caller gets the estimate that is booked', async () => {
  const rows: { attempt: { usage?: Usage | undefined } }[] = [];
  const silent = streams(start('m'), text(OUTPUT()), { type: 'finish', reason: 'stop' });
  const router = createRouter({
    providers: [fakeProvider('one', silent)],
    ledger: { append: (row) => rows.push(row) },
  });
  let told: Usage | undefined;
  for await (const event of (await router.stream(userSays('a question'))).events)
    if (event.type === 'finish') told = event.usage;
  expect(told?.provenance).toBe('estimated');
  expect(rows[0]?.attempt.usage).toEqual(told);
});
