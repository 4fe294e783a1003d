import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createModelCatalog, STALE_AFTER_DAYS } from '../src/index.ts';
import { anthropicSlice, localSlice, model, openaiSlice } from './slices.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const slices = { anthropic: anthropicSlice, openai: openaiSlice, local: localSlice };
const catalog = createModelCatalog(slices, { now: () => NOW, shortNames: { openai: { gpt4: 'gpt-5.5' } } });
const ids = (query: Parameters<typeof catalog.search>[0]) => catalog.search(query).map((facts) => facts.id);

describe('names like one that is unknown', () => {
  test.each([
    ['claude-sonet-4-5', 'claude-sonnet-4-5'],
    ['claude-sonnet-45', 'claude-sonnet-4-5'],
    ['gpt-mini-5', 'gpt-5-mini'],
    ['gpt5.5', 'gpt-5.5'],
    ['codelama:13b', 'codellama:13b'],
    ['CLAUDE-OPSU-5', 'claude-opus-5'],
    ['anthropic/claude-opus5', 'anthropic/claude-opus-5'],
    ['openai.gpt-4', 'openai.gpt4'],
    ['opus', 'claude-opus-5'],
    ['claude-haiku', 'claude-haiku-4-5'],
  ])('%s: %s comes first', (wanted, first) => {
    expect(catalog.nearest(wanted)[0]).toBe(first);
  });

  test('are few, and none twice', () => {
    const names = catalog.nearest('claude-opus-9', 2);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
  });

  test('of two that are as like, the configured one comes first', () => {
    expect(catalog.nearest('my-fast-modle', 3, ['my-fast-model'])).toEqual(['my-fast-model']);
    expect(catalog.nearest('claude-opus-6', 1, ['claude-opus-8'])).toEqual(['claude-opus-8']);
    expect(
      catalog.nearest('claude-opus-6', 5, ['claude-opus-5']).filter((one) => one === 'claude-opus-5'),
    ).toHaveLength(1);
  });

  test('a retired model comes after one that is as like', () => {
    expect(catalog.nearest('claude-opus-4-7')[0]).toBe('claude-opus-4-8');
  });

  test.each(['', 'zzzzzzzzzz', '完全に別の', 'claude-opus-5'.repeat(100_000)])(
    'there are none like %.20s',
    (wanted) => {
      expect(catalog.nearest(wanted)).toEqual([]);
    },
  );

  test('every name with a slip in it finds its model', () => {
    const names = catalog.list().map((facts) => facts.id);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, at) => {
        const position = 1 + (at % (name.length - 1));
        const slip = `${name.slice(0, position)}#${name.slice(position)}`;
        expect(catalog.nearest(slip, 5)).toContain(name);
      }),
    );
  });
});

describe('a search', () => {
  test('finds words in any order and any letters', () => {
    expect(ids({ text: 'OPUS claude' })).toEqual(['claude-opus-4-8', 'claude-opus-5', 'claude-opus-5-5']);
    expect(ids({ text: 'claude-haiku-4-5-20251001' })).toEqual(['claude-haiku-4-5']);
  });

  test('leaves retired models out unless asked', () => {
    expect(ids({ provider: 'anthropic', text: 'opus-4-0' })).toEqual([]);
    expect(ids({ provider: 'anthropic', text: 'opus-4-0', includeRetired: true })).toEqual(['claude-opus-4-0']);
  });

  test('by capability takes only what is known', () => {
    expect(ids({ capability: 'vision' })).toEqual(['gpt-5-mini']);
    expect(ids({ capability: ['tools', 'vision'] })).toEqual(['gpt-5-mini']);
    expect(ids({ capability: 'tools' })).not.toContain('claude-opus-5-5');
  });

  test('by price and size takes only what is known', () => {
    expect(ids({ provider: 'openai', maxInputPrice: 3_000_000_000, type: 'chat' })).toEqual([
      'gpt-5-mini',
      'gpt-6-preview',
      'shared-model',
    ]);
    expect(ids({ provider: 'openai', maxOutputPrice: 3_000_000_000 })).toEqual([]);
    expect(ids({ provider: 'openai', minContextWindow: 1 })).not.toContain('gpt-mystery');
    expect(ids({ provider: 'anthropic', minMaxOutput: 32_000, family: 'claude-opus' })).toEqual(['claude-opus-4-8']);
  });

  test('without conditions gives every model that is served', () => {
    expect(ids({})).toHaveLength(catalog.list().length - 2);
  });
});

describe('the age of the catalogue', () => {
  test('is that of its oldest slice', () => {
    expect(catalog.ageInDays(NOW)).toBe(82);
    expect(catalog.ageInDays(Date.parse('2020-01-01'))).toBe(0);
    expect(STALE_AFTER_DAYS).toBe(120);
  });

  test('is not changed by models that a user adds, and is unknown without slices', () => {
    expect(catalog.withModels([model('acme', 'acme-1')]).ageInDays(NOW)).toBe(82);
    expect(createModelCatalog({}).ageInDays(NOW)).toBeUndefined();
  });
});

test('the rates of a moment come from the model itself', () => {
  const facts = model('acme', 'acme-1', {
    prices: [
      { input: 2, output: 4, effectiveUntil: '2026-11-22' },
      { effectiveFrom: '2026-11-22', input: 1, output: 2, batch: { input: 0 } },
    ],
  });
  expect(catalog.currentRates(facts, NOW)).toEqual({ input: 1, output: 2 });
  expect(catalog.currentRates(facts, NOW, { serviceTier: 'batch' })).toEqual({ input: 0, output: 2 });
  expect(catalog.currentRates(facts, NOW - 86_400_000)).toEqual({ input: 2, output: 4 });
  expect(catalog.currentRates(model('acme', 'acme-2', { prices: [] }), NOW)).toBeUndefined();
});
