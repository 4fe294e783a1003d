// The public surface of @signalbox/provider-openai: what is not named here is not an API.
import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { openaiBatches, openaiChat, openaiResponses } from '@signalbox/format-openai';
import { defineProvider } from '@signalbox/provider-kit';
import catalog from './catalog.json' with { type: 'json' };

const endpoint = {
  displayName: 'OpenAI (GPT)',
  keyVariables: ['OPENAI_API_KEY'],
  defaultEndpoint: 'https://api.openai.com',
  versionPath: '/v1',
  local: false,
  authenticate: (apiKey: string) => ({ authorization: `Bearer ${apiKey}` }),
  // None: the formats' defaults are OpenAI's own rules.
  quirks: {},
  catalog: catalog as CatalogSlice,
  shortNames: { gpt4: 'gpt-4-turbo', gpt35: 'gpt-3.5-turbo', default: 'gpt-5.4' },
};

/**
 * OpenAI at https://api.openai.com/v1, through Chat Completions, and through the Responses API for callers who speak that. The key is
 * `OPENAI_API_KEY`; organisation and project go into `headers` (`OpenAI-Organization`, `OpenAI-Project`).
 */
export const openai: ProviderDefinition = defineProvider({
  ...endpoint,
  id: 'openai',
  format: openaiChat,
  batches: openaiBatches(openaiChat.client),
  alsoSpeaks: [openaiResponses],
});

/** The same through the Responses API alone, whatever the caller speaks (`type: openai-responses` in a configuration). */
export const openaiOverResponses: ProviderDefinition = defineProvider({
  ...endpoint,
  id: 'openai-responses',
  format: openaiResponses,
  batches: openaiBatches(openaiResponses.client),
});

/**
 * Makes an OpenAI provider. Throws RouterError `missing-key` without an API key and `configuration` on a bad endpoint.
 *
 * @example
 * ```ts
 * const provider = createOpenAI({ apiKey: process.env.OPENAI_API_KEY });
 * ```
 */
export const createOpenAI: (settings?: ProviderSettings) => Provider = openai.create;
