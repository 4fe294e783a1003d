// The public surface of @signalbox/provider-google.
import type { CatalogSlice, ProviderDefinition } from '@signalbox/core';
import { gemini } from '@signalbox/format-gemini';
import { defineProvider } from '@signalbox/provider-kit';
import slice from './catalog.json' with { type: 'json' };

/** Google's Gemini API. Takes its key from `GOOGLE_API_KEY` or `GEMINI_API_KEY`; sends it as `x-goog-api-key`. */
export const google: ProviderDefinition = defineProvider({
  id: 'google',
  displayName: 'Google (Gemini)',
  format: gemini,
  keyVariables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
  defaultEndpoint: 'https://generativelanguage.googleapis.com',
  versionPath: '/v1beta',
  local: false,
  authenticate: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  catalog: slice as CatalogSlice,
  shortNames: {
    pro: 'gemini-2.5-pro',
    flash: 'gemini-2.5-flash',
    gemini: 'gemini-2.5-pro',
    ultra: 'gemini-2.5-pro',
    default: 'gemini-2.5-pro',
  },
});

export const createGoogle: ProviderDefinition['create'] = google.create;
