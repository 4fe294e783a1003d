import type { ConfigurationOverrides, ModeConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import type { Route } from '@signalbox/router';
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
  { resolver }: LoadedRouter,
  mode: ModeConfiguration | undefined,
  options: RouteOptions,
): Route {
  if (options.model !== undefined) return resolver.model(options.model);
  if (options.provider !== undefined) return resolver.provider(options.provider);
  if (options.chain !== undefined) return resolver.chain(options.chain);
  if (options.providerChain !== undefined) return resolver.members(listOf(options.providerChain));
  if (mode !== undefined) return resolver.model(mode.model);
  if (options.strategy !== undefined) return resolver.strategy(options.strategy);
  return resolver.model(undefined);
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
