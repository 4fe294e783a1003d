import type { Candidate } from '@signalbox/core';
import { createModelCatalog } from '@signalbox/model-catalog';
import { configuredCandidates } from './configured-candidates.ts';
import { type ConnectOptions, connectProviders } from './connect-providers.ts';
import type { KnownModels } from './find-model.ts';

/** The providers that can be called, and the models that they have. */
export interface ConfiguredModels extends KnownModels {
  /** Whether no provider had a key, so that the simulator answers in their place. */
  readonly simulated: boolean;
}

/** Connects the providers of a configuration and lists their models. Throws RouterError `configuration` where a provider can't be made. */
export async function configuredModels(options: ConnectOptions): Promise<ConfiguredModels> {
  const { definitions, types = {} } = options;
  const connected = await connectProviders(options);
  const { providers } = connected;
  // A model is its vendor's before it is that of another way to the same vendor: what is unknown is looked for in this order.
  const known = [...Object.values(definitions), ...Object.values(types), ...providers.map((one) => one.definition)];
  const catalog = createModelCatalog(
    Object.fromEntries(known.map((definition) => [definition.id, definition.catalog])),
  );
  const candidates: readonly Candidate[] = providers.flatMap(({ provider, definition, configuration: own }) =>
    configuredCandidates(provider, definition, own, catalog),
  );
  return { ...connected, catalog, candidates };
}
