import type { CatalogSlice, ProviderDefinition } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import { defineProvider } from '@signalbox/provider-kit';
import { withApiVersion } from './api-version.ts';
import { optionsSchema } from './options-schema.ts';

/** Nothing is known of such a server's models: their names are taken as they come. */
const NO_MODELS: CatalogSlice = { generated: '', sources: {}, models: [], aliases: {} };

const base = defineProvider({
  id: 'anthropic-compatible',
  displayName: 'An Anthropic-compatible server',
  format: anthropicMessages,
  keyVariables: [],
  defaultEndpoint: '',
  versionPath: '/v1',
  local: false,
  // Some read the key in one header, some in the other.
  authenticate: (apiKey) => ({ 'x-api-key': apiKey, authorization: `Bearer ${apiKey}` }),
  catalog: NO_MODELS,
  shortNames: {},
  optionsSchema,
});

/** Any server that speaks Anthropic's format (`type: anthropic-compatible` in a configuration), with the options of Anthropic's own. */
export const anthropicCompatible: ProviderDefinition = {
  ...base,
  create: (settings = {}) => withApiVersion(base.create(settings), settings),
};
