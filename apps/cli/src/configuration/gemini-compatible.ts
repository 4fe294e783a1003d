import type { CatalogSlice, ProviderDefinition } from '@signalbox/core';
import { google } from '@signalbox/provider-google';
import { defineProvider } from '@signalbox/provider-kit';

/** Nothing is known of such a server's models: their names are taken as they come. */
const NO_MODELS: CatalogSlice = { generated: '', sources: {}, models: [], aliases: {} };

/** Any server that speaks Gemini's format. */
export const geminiCompatible: ProviderDefinition = defineProvider({
  id: 'gemini-compatible',
  displayName: 'A Gemini-compatible server',
  format: google.format,
  keyVariables: [],
  defaultEndpoint: '',
  versionPath: '/v1beta',
  local: false,
  authenticate: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  catalog: NO_MODELS,
  shortNames: {},
});
