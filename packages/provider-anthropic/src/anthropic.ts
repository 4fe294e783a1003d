import type { CatalogSlice, Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { anthropicBatches, anthropicMessages } from '@signalbox/format-anthropic';
import { defineProvider } from '@signalbox/provider-kit';
import { withApiVersion } from './api-version.ts';
import slice from './catalog.json' with { type: 'json' };
import { optionsSchema } from './options-schema.ts';

/**
 * Models that take system messages in the middle of a conversation. Claude Code 2.1.330 sends them to all current models and not to
 * Sonnet 4.5; Opus 4.8 is the oldest that was seen to accept them.
 */
const SYSTEM_TURN_MODELS = '^claude-(?:opus-4-8|[a-z]+-(?:[5-9]|[1-9][0-9]))(?:-|$)';

const base = defineProvider({
  id: 'anthropic',
  displayName: 'Anthropic (Claude)',
  format: anthropicMessages,
  keyVariables: ['ANTHROPIC_API_KEY'],
  defaultEndpoint: 'https://api.anthropic.com',
  versionPath: '/v1',
  local: false,
  authenticate: (apiKey) => ({ 'x-api-key': apiKey }),
  quirks: { midConversationSystem: SYSTEM_TURN_MODELS },
  catalog: slice as CatalogSlice,
  shortNames: {
    default: 'claude-sonnet-5',
    opus: 'claude-opus-5',
    sonnet: 'claude-sonnet-5',
    haiku: 'claude-haiku-4-5',
  },
  optionsSchema,
  batches: anthropicBatches,
});

/**
 * Anthropic's Messages API. Takes its key from `ANTHROPIC_API_KEY`, or from the settings; sends it as `x-api-key`.
 *
 * The short names stand for the newest model of a family whose limits and capabilities are known.
 */
export const anthropic: ProviderDefinition = { ...base, create: createAnthropic };

/**
 * A configured Anthropic provider. Throws RouterError `missing-key` without a key, and `configuration` on a bad endpoint.
 *
 * @example
 * ```ts
 * const provider = createAnthropic({ apiKey: process.env.ANTHROPIC_API_KEY });
 * ```
 */
export function createAnthropic(settings: ProviderSettings = {}): Provider {
  return withApiVersion(base.create(settings), settings);
}
