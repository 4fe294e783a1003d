import { type BatchClient, createBatchClient } from '@signalbox/batch';
import { RouterError } from '@signalbox/core';
import type { LoadedRouter } from '../configuration/load-router.ts';

/** The batch API of the provider that a batch was handed in to. Throws RouterError where it is not configured any more. */
export function clientOf(id: string, { providers }: LoadedRouter): BatchClient {
  const provider = providers.find((one) => one.id === id);
  if (provider !== undefined) return createBatchClient(provider);
  throw new RouterError({
    kind: 'configuration',
    message: `A batch was handed in to ${id}, which can't be called from here now: configure it, with its key.`,
  });
}
