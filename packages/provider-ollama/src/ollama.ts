import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { ollamaChat } from '@signalbox/format-ollama';
import { defineProvider } from '@signalbox/provider-kit';
import slice from './catalog.json' with { type: 'json' };
import { isTokenCount, optionsSchema } from './options-schema.ts';
import { serverRoot } from './server-root.ts';

const ID = 'local';

// The slice is filed under the vendor's name; its models run under the provider's id.
const { models, ...facts } = slice as CatalogSlice;
const catalog: CatalogSlice = { ...facts, models: models.map((model) => ({ ...model, provider: ID })) };

const base = defineProvider({
  id: ID,
  displayName: 'Ollama (local)',
  format: ollamaChat,
  keyVariables: [],
  defaultEndpoint: 'http://localhost:11434',
  versionPath: '',
  local: true,
  authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  catalog,
  shortNames: { codellama: 'codellama:13b', mistral: 'mistral:7b', default: 'codellama:13b' },
  optionsSchema,
});

/**
 * Ollama at http://localhost:11434, under the id `local`. Needs no key; one that is given goes as a bearer token (a proxy in
 * front of Ollama, or ollama.com). `/api` or `/v1` at the end of an endpoint is taken off. An endpoint outside of the user's own
 * network makes a provider that is not `local`, so that `data_policy: local_only` keeps prompts away from it.
 */
export const ollama: ProviderDefinition = { ...base, create: createOllama };

/**
 * Makes an Ollama provider. Throws RouterError `configuration` on a bad endpoint.
 *
 * @example
 * ```ts
 * const provider = createOllama({ endpoint: 'http://gpu-box.lan:11434' });
 * ```
 */
export function createOllama(settings: ProviderSettings = {}): Provider {
  const provider = base.create({ ...settings, endpoint: rootOf(settings.endpoint) });
  const contextWindow = settings.options?.num_ctx;
  return {
    ...provider,
    quirks: isTokenCount(contextWindow) ? { contextWindow } : provider.quirks,
  };
}

function rootOf(endpoint: ProviderSettings['endpoint']): ProviderSettings['endpoint'] {
  if (typeof endpoint === 'function') return async () => serverRoot(await endpoint());
  return endpoint === undefined ? undefined : serverRoot(endpoint);
}
