import type { ConfigurationOverrides, ModeConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import { unknownModels } from '@signalbox/setup';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import type { LoadedRouter } from '../configuration/load-router.ts';

/** The flags that say by which route a prompt goes. */
export interface RouteOptions {
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly strategy?: string | undefined;
  readonly mode?: string | undefined;
  readonly chain?: string | undefined;
  readonly providerChain?: string | undefined;
  /** Only local providers, whatever the other flags name. */
  readonly private?: boolean | undefined;
}

/** `--private` is the configuration's `data_policy: local_only` for this once. */
export function privacyOf(options: Pick<RouteOptions, 'private'>): ConfigurationOverrides | undefined {
  return options.private === true ? { dataPolicy: 'local_only' } : undefined;
}

/** The route that the flags ask for; the most exact flag wins. */
export function chooseRoute(
  { resolver, loaded }: LoadedRouter,
  mode: ModeConfiguration | undefined,
  options: RouteOptions,
): Route {
  if (options.model !== undefined) return resolver.model(options.model);
  if (options.provider !== undefined) return resolver.provider(options.provider);
  if (options.chain !== undefined) return resolver.chain(options.chain);
  if (options.providerChain !== undefined) {
    return resolver.members(membersOf(options.providerChain, { resolver, loaded }));
  }
  if (mode !== undefined) return resolver.model(mode.model, `${options.mode}_mode names the model`);
  if (options.strategy !== undefined) return resolver.strategy(options.strategy);
  return resolver.model(undefined);
}

/** Who `--provider-chain` names. A name that nobody has is a slip: passed over, it would change who answers without a word. Throws RouterError `usage`. */
function membersOf(text: string, { resolver, loaded }: Pick<LoadedRouter, 'resolver' | 'loaded'>): readonly string[] {
  const members = listOf(text);
  if (members.length === 0) {
    const message = '--provider-chain names nobody: write providers or models, separated by commas.';
    throw new RouterError({ kind: 'usage', message });
  }
  const named = members.map((name) => ({ name, goal: [] }));
  const unknown = unknownModels(loaded.configuration, { definitions: bundledProviders, types: providerTypes }, named);
  const [slip] = unknown.filter(({ name }) => resolver.find(name) === undefined);
  if (slip === undefined) return members;
  const remedy = slip.meant === undefined ? 'See "signalbox models".' : `Did you mean "${slip.meant}"?`;
  throw new RouterError({
    kind: 'usage',
    message: `--provider-chain names "${slip.name}", which is neither a provider nor a model that is known. ${remedy}`,
  });
}

/** Names separated by commas. */
export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A mode of the configuration: `quality_mode`, `balanced_mode`, `speed_mode`. Throws RouterError `usage`. */
export function modeNamed(name: string | undefined, { loaded }: LoadedRouter): ModeConfiguration | undefined {
  if (name === undefined) return undefined;
  const { modes } = loaded.configuration;
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (mode !== undefined) return mode;
  const names = Object.keys(modes);
  throw new RouterError({
    kind: 'usage',
    message: `There is no ${name}_mode in the configuration; ${names.length === 0 ? `write one with a model, temperature and top_p` : `there are ${names.join(', ')}`}.`,
  });
}
