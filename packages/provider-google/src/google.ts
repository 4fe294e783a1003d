import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { gemini } from '@signalbox/format-gemini';
import { defineProvider } from '@signalbox/provider-kit';
import slice from './catalog.json' with { type: 'json' };

/** The newest final model of its family whose limits are known: previews are withdrawn at short notice. Ultra never had a successor: the best that Google has stands for it. */
const PRO = 'gemini-2.5-pro';

/**
 * Google's Gemini API. Takes its key from `GOOGLE_API_KEY` or `GEMINI_API_KEY`, or from the settings; sends it as
 * `x-goog-api-key`, never in the URL.
 *
 * The short names stand for the newest final model of a family whose limits and capabilities are known.
 */
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
  shortNames: { default: PRO, pro: PRO, ultra: PRO, gemini: PRO, 'gemini-pro': PRO, flash: 'gemini-3.6-flash' },
});

/**
 * A configured Google provider. Throws RouterError `missing-key` without a key, and `configuration` on a bad endpoint.
 *
 * @example
 * ```ts
 * const provider = createGoogle({ apiKey: process.env.GEMINI_API_KEY });
 * ```
 */
export function createGoogle(settings?: ProviderSettings): Provider {
  return google.create(settings);
}
