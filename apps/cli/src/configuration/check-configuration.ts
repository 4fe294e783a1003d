import { homedir } from 'node:os';
import type { LoadedConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import { type Resolver, setupRouter } from '@signalbox/setup';
import { openAnswerStore } from '../stores/open-answer-store.ts';
import { bundledProviders, providerTypes } from './bundled-providers.ts';
import { requireTrust, trustedHookModule } from './load-router.ts';

/**
 * Makes of a configuration what every start makes of it, calls nobody and writes nothing. Throws the RouterError with which a start would be refused; what is no mistake of the
 * configuration, such as trust that nobody has given yet, is answered as sentences.
 */
export async function checkConfiguration(loaded: LoadedConfiguration): Promise<readonly string[]> {
  const { configuration, env } = loaded;
  const untrusted = await untrustedSentence(loaded);
  // The rest would run the package to look at it.
  if (untrusted !== undefined && Object.values(configuration.providers).some((one) => one.package !== undefined))
    return [untrusted];
  const ready = await setupRouter({
    configuration,
    env,
    definitions: bundledProviders,
    types: providerTypes,
    hookModule: untrusted === undefined ? await trustedHookModule(loaded) : undefined,
    // Opens its file at the first answer.
    answerStore: await openAnswerStore(configuration, homedir(), () => undefined),
    simulatedEndpoint: () =>
      Promise.reject(new RouterError({ kind: 'internal', message: 'A configuration is checked without a call.' })),
  });
  try {
    const unroutable = whyUnroutable(ready.resolver);
    return [untrusted, unroutable].filter((sentence) => sentence !== undefined);
  } finally {
    await ready.close();
  }
}

/** Models that are named may be all that is asked for, so that nothing can be routed is no mistake by itself. */
function whyUnroutable(resolver: Resolver): string | undefined {
  try {
    resolver.model(undefined);
    return undefined;
  } catch (error) {
    if (RouterError.is(error) && error.kind === 'configuration')
      return `requests that name no model will be refused: ${error.message}`;
    throw error;
  }
}

async function untrustedSentence(loaded: LoadedConfiguration): Promise<string | undefined> {
  try {
    await requireTrust(loaded);
    return undefined;
  } catch (error) {
    if (RouterError.is(error) && error.kind === 'untrusted') return error.message;
    throw error;
  }
}
