import type { CatalogSlice, ProviderDefinition } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import { defineProvider } from '@signalbox/provider-kit';

/** What is known of the models. Prices are nano-dollars for a million tokens: 3 dollars are 3_000_000_000. */
const catalog: CatalogSlice = {
  generated: '2026-11-25',
  sources: { own: { name: "Acme's price list", date: '2026-11-25', url: 'https://acme.example/pricing' } },
  models: [
    {
      id: 'acme-large',
      provider: 'acme',
      name: 'Acme Large',
      type: 'chat',
      status: 'active',
      contextWindow: 128_000,
      maxOutput: 8_192,
      capabilities: { tools: true, jsonSchema: true },
      prices: [{ input: 3_000_000_000, output: 15_000_000_000 }],
      sources: { prices: 'own' },
    },
  ],
  aliases: {},
};

/** Acme speaks Chat Completions at an address of its own, and calls the limit of the output by its newer name. */
export const acme: ProviderDefinition = defineProvider({
  id: 'acme',
  displayName: 'Acme',
  format: openaiChat,
  keyVariables: ['ACME_API_KEY'],
  defaultEndpoint: 'https://api.acme.example',
  versionPath: '/v1',
  local: false,
  authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  quirks: { maxTokensField: 'max_completion_tokens' },
  catalog,
  shortNames: { default: 'acme-large' },
});

// The name under which a configuration loads a package: providers: { acme: { package: signalbox-provider-acme } }.
export { acme as provider };
