import { homedir } from 'node:os';
import { STRATEGY_NAMES } from '@signalbox/config';
import type { ProviderDefinition } from '@signalbox/core';
import { definitionOf } from '@signalbox/setup';
import { conversationFolder, listConversations } from '../chat/conversation-store.ts';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { loadConfigurationHere } from '../configuration/load-router.ts';
import type { NamesOf, Suggestion } from './complete.ts';

/** The names that the configuration of this folder knows. A configuration that can't be read is no reason to offer nothing. */
export const knownNames: NamesOf = async (kind) => {
  if (kind === 'conversations') {
    return listConversations(conversationFolder(homedir())).map(({ id, title }) => ({ value: id, about: title }));
  }
  const loaded = await loadConfigurationHere({}).catch(() => undefined);
  const configuration = loaded?.configuration;
  const plain = (names: readonly string[]) => names.map((value) => ({ value, about: '' }));
  if (kind === 'strategies') return plain([...STRATEGY_NAMES]);
  if (kind === 'chains') return plain(Object.keys(configuration?.routing.chains ?? {}));
  if (kind === 'modes') return plain(Object.keys(configuration?.modes ?? {}));
  const configured = Object.entries(configuration?.providers ?? {});
  const known = { definitions: bundledProviders, types: providerTypes };
  const providers: (readonly [string, ProviderDefinition | undefined, readonly string[]])[] =
    configured.length > 0
      ? configured.map(([id, one]) => [
          id,
          definitionOf(id, one, known),
          Object.values(one.models).map(({ name }) => name),
        ])
      : Object.entries(bundledProviders).map(([id, definition]) => [id, definition, []]);
  if (kind === 'providers')
    return providers.map(([value, definition]) => ({ value, about: definition?.displayName ?? '' }));
  const models = providers.flatMap(([id, definition, listed]): Suggestion[] => {
    const facts =
      definition?.catalog.models.filter((model) => model.status === 'active' && model.type === 'chat') ?? [];
    const names = listed.length > 0 ? listed : facts.map((model) => model.id);
    const short = Object.keys(definition?.shortNames ?? {}).filter((name) => name !== 'default');
    return [
      ...names.map((value) => ({ value, about: id })),
      ...short.map((name) => ({ value: `${id}.${name}`, about: id })),
    ];
  });
  const own = Object.keys(configuration?.models ?? {}).filter((name) => !name.includes('*'));
  return [{ value: 'auto', about: 'routed' }, ...plain(own), ...models];
};
