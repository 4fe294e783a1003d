import type { CatalogSlice, ModelFacts } from '@signalbox/core';

const DOLLAR = 1_000_000_000;

/** A model about which everything is known. */
export function model(provider: string, id: string, more: Partial<ModelFacts> = {}): ModelFacts {
  return {
    id,
    provider,
    name: id,
    type: 'chat',
    status: 'active',
    contextWindow: 200_000,
    maxOutput: 32_000,
    capabilities: { tools: true },
    prices: [{ input: 3 * DOLLAR, output: 15 * DOLLAR }],
    ...more,
  };
}

export const anthropicSlice: CatalogSlice = {
  generated: '2026-11-22',
  sources: {},
  models: [
    model('anthropic', 'claude-3-5-haiku-latest'),
    model('anthropic', 'claude-haiku-4-5', { aliases: ['claude-haiku-4-5-20251001'], family: 'claude-haiku' }),
    model('anthropic', 'claude-opus-4-0', {
      family: 'claude-opus',
      aliases: ['claude-opus-4-20250514'],
      status: 'retired',
      retires: '2026-05-14',
      released: '2025-05-22',
    }),
    model('anthropic', 'claude-opus-4-8', { family: 'claude-opus', released: '2026-05-28' }),
    model('anthropic', 'claude-opus-5'),
    model('anthropic', 'claude-opus-5-5', { maxOutput: undefined, capabilities: {} }),
    model('anthropic', 'claude-sonnet-4-5', { aliases: ['claude-sonnet-4-5-20250929'] }),
    model('anthropic', 'claude-sonnet-5', { retires: '2027-06-30' }),
  ],
  aliases: {
    'claude-haiku-4': { target: 'claude-haiku-4-5', kind: 'assumed' },
    'claude-opus-4': { target: 'claude-opus-4-0', kind: 'exact' },
    'claude-opus-4-20250514': { target: 'claude-opus-4-0', send: 'claude-opus-4-20250514', kind: 'exact' },
    'claude-opus-4.8': { target: 'claude-opus-4-8', kind: 'exact' },
  },
};

export const openaiSlice: CatalogSlice = {
  generated: '2026-09-01',
  sources: {},
  models: [
    model('openai', 'gpt-4-0125-preview', { status: 'retired', aliases: ['gpt-4-turbo-preview'] }),
    model('openai', 'gpt-5-mini', { capabilities: { tools: true, vision: true }, prices: [{ input: DOLLAR / 4 }] }),
    model('openai', 'gpt-5.5', { family: 'gpt', prices: [{ input: 5 * DOLLAR, output: 30 * DOLLAR }] }),
    model('openai', 'gpt-6-preview', { family: 'gpt' }),
    model('openai', 'gpt-mystery', { prices: [], contextWindow: undefined }),
    model('openai', 'text-embedding-3-small', { type: 'embedding', capabilities: {} }),
    model('openai', 'shared-model'),
  ],
  aliases: {},
};

export const localSlice: CatalogSlice = {
  generated: '2026-11-01',
  sources: {},
  models: [model('ollama', 'codellama:13b'), model('ollama', 'shared-model')],
  aliases: { code: { target: 'codellama:13b', kind: 'short' } },
};
