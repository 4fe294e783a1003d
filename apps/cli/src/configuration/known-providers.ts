import type { KnownProvider } from '@signalbox/config';
import { bundledProviders, providerTypes } from './bundled-providers.ts';

/** The providers that a configuration can name, as plain data. */
export const knownProviders: readonly KnownProvider[] = Object.entries({ ...bundledProviders, ...providerTypes }).map(
  ([name, { defaultEndpoint, keyVariables, local }]) => ({
    name,
    endpoint: defaultEndpoint,
    keyVariable: keyVariables[0],
    local,
  }),
);
