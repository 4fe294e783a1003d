// The public surface of @signalbox/provider-openai: what is not named here is not an API.
import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { openaiChat, openaiResponses } from '@signalbox/format-openai';
import { defineProvider } from '@signalbox/provider-kit';
import catalog from './catalog.json' with { type: 'json' };

/**
 * OpenAI at https://api.openai.com/v1, through Chat Completions, and through the Responses API for callers who speak that. The key is `OPENAI_API_KEY`; organisation and project go
 * into `headers` (`OpenAI-Organization`, `OpenAI-Project`).
 */
export const openai: ProviderDefinition = defineProvider({
  id: 'openai',
  displayName: 'OpenAI (GPT)',
  format: openaiChat,
  alsoSpeaks: [openaiResponses],
  keyVariables: ['OPENAI_API_KEY'],
  defaultEndpoint: 'https://api.openai.com',
  versionPath: '/v1',
  local: false,
  authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  // None: the format's defaults are OpenAI's own rules, and without quirks a caller's bytes can go through as they are.
  quirks: {},
  catalog: catalog as CatalogSlice,
  shortNames: { gpt4: 'gpt-4-turbo', gpt35: 'gpt-3.5-turbo', default: 'gpt-5.4' },
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
