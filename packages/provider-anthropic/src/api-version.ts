import type { Provider, ProviderSettings } from '@signalbox/core';

/** A provider that speaks the API version of its settings' options (`api_version`), where they name one. */
export function withApiVersion(provider: Provider, { options }: ProviderSettings): Provider {
  const apiVersion = options?.api_version;
  return typeof apiVersion === 'string' ? { ...provider, quirks: { ...provider.quirks, apiVersion } } : provider;
}
