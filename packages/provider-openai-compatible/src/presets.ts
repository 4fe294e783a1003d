import type { Provider, ProviderDefinition, ProviderSettings } from '@signalbox/core';
import { openaiCompatible } from './openai-compatible.ts';
import { ANY_SERVER, PRESETS } from './preset-table.ts';
import type { ServerOptions } from './server-options.ts';

/**
 * The providers of the table, by their ids: `presets.mistral?.create({ apiKey })`. What is known of each is in `PRESETS`.
 */
export const presets: Readonly<Record<string, ProviderDefinition>> = Object.fromEntries(
  PRESETS.map((preset) => [preset.id, openaiCompatible(preset)]),
);

/**
 * Any server that speaks Chat Completions, for a configuration (`type: openai-compatible`). It has no endpoint of its own, needs no
 * key, sends one as a bearer token where there is one, and takes the names of models as they come.
 */
export const anyServer: ProviderDefinition = openaiCompatible(ANY_SERVER);

/** Settings for a server without a preset: its endpoint, and what it wants otherwise than others. */
export interface ServerSettings extends Omit<ProviderSettings, 'options' | 'endpoint'>, ServerOptions {
  /** Base URL; a bare host gets `/v1`, a path is taken as it is written. */
  readonly endpoint: NonNullable<ProviderSettings['endpoint']>;
}

/**
 * A provider for any server that speaks Chat Completions. Throws RouterError `configuration` on a bad endpoint or quirk.
 *
 * @example
 * ```ts
 * const lab = createOpenAICompatible({
 *   id: 'lab', endpoint: 'http://lab.example:8000', quirks: { maxTokensField: 'max_completion_tokens' },
 * });
 * ```
 */
export function createOpenAICompatible(settings: ServerSettings): Provider {
  const { quirks, forwards, authentication, ...rest } = settings;
  const options = Object.entries({ quirks, forwards, authentication }).filter(([, value]) => value !== undefined);
  return anyServer.create({ ...rest, options: Object.fromEntries(options) });
}
