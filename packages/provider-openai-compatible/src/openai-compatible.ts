import { type CatalogSlice, type ProviderDefinition, type ProviderSettings, RouterError } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import { defineProvider } from '@signalbox/provider-kit';
import type { Authentication, Preset } from './preset.ts';
import { type ServerOptions, serverOptionsSchema } from './server-options.ts';
import { sliceOf } from './slices.ts';

const AUTHENTICATE: Readonly<Record<Authentication, (apiKey: string) => Readonly<Record<string, string>>>> = {
  bearer: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  'api-key': (apiKey) => ({ 'api-key': apiKey }),
};

/**
 * A provider out of a preset. Its `create` takes `ServerOptions` as `options` and throws RouterError `configuration` on bad ones.
 *
 * @example
 * ```ts
 * const acme = openaiCompatible({ ...preset, id: 'acme', endpoint: 'https://api.acme.example' });
 * const provider = acme.create({ apiKey: process.env.ACME_API_KEY });
 * ```
 */
export function openaiCompatible(preset: Preset, catalog: CatalogSlice = sliceOf(preset.id)): ProviderDefinition {
  const definition = define(preset, catalog);
  return {
    ...definition,
    optionsSchema: serverOptionsSchema,
    create(settings = {}) {
      const options = checked(settings);
      const { quirks, forwards = preset.forwards, authentication = preset.authentication } = options;
      const adjusted: Preset = {
        ...preset,
        quirks: { ...preset.quirks, ...quirks },
        forwards,
        authentication,
        versionPath: versionPathOf(preset, settings.endpoint),
      };
      return define(adjusted, catalog).create({ ...settings, options: undefined });
    },
  };
}

function define(preset: Preset, catalog: CatalogSlice): ProviderDefinition {
  const { endpoint, authentication, ...description } = preset;
  return defineProvider({
    ...description,
    format: openaiChat,
    defaultEndpoint: endpoint,
    authenticate: AUTHENTICATE[authentication],
    catalog,
  });
}

/** Servers of all kinds have paths of all kinds (`/api/v3`, `/v1beta/openai`): only a bare host lacks something. */
function versionPathOf({ endpoint: own, versionPath }: Preset, endpoint: ProviderSettings['endpoint']): string {
  if (own !== '' || versionPath !== '/v1' || typeof endpoint !== 'string' || !URL.canParse(endpoint))
    return versionPath;
  return new URL(endpoint).pathname === '/' ? versionPath : '';
}

function checked(settings: ProviderSettings): ServerOptions {
  if (settings.options === undefined) return {};
  const result = serverOptionsSchema['~standard'].validate(settings.options);
  if (result instanceof Promise || result.issues === undefined) return settings.options;
  const [issue] = result.issues;
  throw new RouterError({
    kind: 'configuration',
    message: `The option ${issue?.path?.map(String).join('.') ?? ''} is wrong: ${issue?.message}.`,
  });
}
