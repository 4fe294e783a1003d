import { RouterError } from '@signalbox/core';
import type { KnownModels } from './find-model.ts';

/** Why no model of this name can be called, and what can be done about it. `routed`: other names that may have been meant. */
export function unknownModel(
  name: string,
  { catalog, providers, candidates, unavailable }: KnownModels,
  routed: readonly string[] = [],
): RouterError {
  const elsewhere = catalog.find(name);
  const missing = unavailable.find((removal) => removal.candidate === elsewhere?.facts.provider);
  if (missing !== undefined) {
    return new RouterError({
      kind: 'missing-key',
      message: `${name} is a model of ${missing.candidate}, which can't be called: ${missing.reason}.`,
      parameter: 'model',
    });
  }
  if (elsewhere !== undefined) {
    return new RouterError({
      kind: 'unknown-model',
      message: `${name} is a model of ${elsewhere.facts.provider}, which is not configured: add it under "providers".`,
      parameter: 'model',
    });
  }
  const own = [...routed, ...candidates.flatMap((candidate) => candidate.names)];
  const nearest = catalog.nearest(name, 3, own);
  const remedy = nearest.length === 0 ? 'See "signalbox models".' : `Did you mean ${nearest.join(', ')}?`;
  // The catalogue is as old as this version: who names the provider may know better.
  const named = providers.find(({ provider }) => name.startsWith(`${provider.id}/`))?.provider.id;
  const newer =
    named === undefined ? '' : ` One that is too new to be known here goes under providers.${named}.models.`;
  return new RouterError({
    kind: 'unknown-model',
    message: `The model "${name}" is unknown. ${remedy}${newer}`,
    parameter: 'model',
  });
}
