import type { Configuration, ProviderConfiguration } from '@signalbox/config';
import { isLoopbackUrl, type Provider, type ProviderDefinition, type Removal, RouterError } from '@signalbox/core';
import { isSameAccount } from './is-same-account.ts';
import { loadProviderPackage } from './load-provider-package.ts';
import { checkedOptions } from './provider-options.ts';
import { providerPackageOf } from './provider-packages.ts';

/** A configured provider that can be called. */
export interface ConnectedProvider {
  readonly provider: Provider;
  readonly definition: ProviderDefinition;
  readonly configuration: ProviderConfiguration | undefined;
}

/** A configuration, and the providers that it may name. */
export interface ConnectOptions {
  readonly configuration: Configuration;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Providers by the name under which a configuration uses them: without a configuration, all that are not local. */
  readonly definitions: Readonly<Record<string, ProviderDefinition>>;
  /** Further providers, by name or `type`: without a configuration, those among them that have a key and are no other way to one of `definitions`. */
  readonly types?: Readonly<Record<string, ProviderDefinition>> | undefined;
  /** Where the simulator answers in a provider's place; absent: nothing is ever simulated. */
  readonly simulatedEndpoint?: ((definition: ProviderDefinition) => Promise<string>) | undefined;
  /** Whether somebody listens at a local endpoint. Asked only when no provider has a key. */
  readonly isListening?: ((endpoint: string) => Promise<boolean>) | undefined;
}

export interface Connected {
  readonly providers: readonly ConnectedProvider[];
  /** Configured providers that can't be called, with the reason. */
  readonly unavailable: readonly Removal[];
  /** Whether no provider could be called, so that the simulator takes their place. */
  readonly simulated: boolean;
}

/**
 * Makes the providers that the configuration names (or, where it names none, all that have a key). A provider
 * without a key is left out with the variable to set; when that leaves nobody, all of them are simulated.
 */
export async function connectProviders(options: ConnectOptions): Promise<Connected> {
  const wanted = await wantedProviders(options);
  requireOneVendor(wanted);
  const ready: ConnectedProvider[] = [];
  const unavailable: Removal[] = [];
  const waiting: Wanted[] = [];
  for (const one of wanted) {
    if (!isReady(one)) {
      waiting.push(one);
      unavailable.push({
        candidate: one.id,
        kind: 'missing-key',
        reason: `no API key: set ${one.configuration?.apiKeyVariable ?? one.definition.keyVariables[0]}`,
      });
      continue;
    }
    ready.push(connect(one, options.configuration));
  }
  const callable = ready.length > 0 && (hasCloud(ready) || (await someListens(ready, options)));
  if (callable || options.simulatedEndpoint === undefined) return { providers: ready, unavailable, simulated: false };
  const { simulatedEndpoint } = options;
  await Promise.all(ready.map((one) => one.provider.close()));
  const simulated = wanted.map((one) =>
    connect(one, options.configuration, { simulated: true, endpoint: () => simulatedEndpoint(one.definition) }),
  );
  return { providers: simulated, unavailable: [], simulated: true };
}

interface Wanted {
  readonly id: string;
  readonly definition: ProviderDefinition;
  readonly configuration: ProviderConfiguration | undefined;
  /** Empty: there is none. */
  readonly apiKeys: readonly string[];
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

async function wantedProviders(options: ConnectOptions): Promise<Wanted[]> {
  const { configuration, definitions, types = {}, env } = options;
  const keyFromEnvironment = ({ keyVariables }: ProviderDefinition): readonly string[] =>
    keyVariables.flatMap((name) => (env[name] ? [env[name]] : [])).slice(0, 1);
  if (!configuration.providersConfigured) {
    const all = Object.entries({ ...types, ...definitions }).map(([id, definition]) => {
      return { id, definition, configuration: undefined, apiKeys: keyFromEnvironment(definition) };
    });
    const known = all.filter(({ id, definition }) => Object.hasOwn(definitions, id) && !definition.local);
    const others = all.filter(({ id, definition, apiKeys }) => {
      if (Object.hasOwn(definitions, id) || apiKeys.length === 0 || definition.defaultEndpoint === '') return false;
      return !known.some((one) => isSameAccount(one.definition, definition));
    });
    return [...known, ...others];
  }
  return Promise.all(
    Object.entries(configuration.providers).map(async ([id, one]): Promise<Wanted> => {
      const definition =
        one.package === undefined
          ? definitionOf(id, one, options)
          : await loadProviderPackage(one.package, one.definedIn);
      if (definition === undefined) {
        const names = Object.keys({ ...definitions, ...types }).join(', ');
        throw new RouterError({
          kind: 'configuration',
          message: `providers.${id}: ${missing(id, one.type)}; there are ${names}.`,
        });
      }
      if (one.credentials === 'caller') requireOwnVendor(id, one, definition);
      const providerOptions = await checkedOptions(definition, one);
      const written = one.apiKeys ?? (one.apiKey === undefined ? undefined : [one.apiKey]);
      const apiKeys = written ?? keyFromEnvironment(definition);
      return { id, definition, configuration: one, apiKeys, options: providerOptions };
    }),
  );
}

/** Why there is no provider of a name or type, and what to do where a package of ours brings it. */
function missing(id: string, type: string | undefined): string {
  const what = type === undefined ? 'no provider of this name' : `no provider of the type "${type}"`;
  const own = providerPackageOf(type ?? id);
  return own === undefined
    ? `${what} is installed`
    : `${what} was passed in: npm install ${own} and add it to the definitions`;
}

/** The definition of a configured provider: the one of its type, else of its name. */
export function definitionOf(
  id: string,
  configuration: Pick<ProviderConfiguration, 'type'> | undefined,
  { definitions, types = {} }: Pick<ConnectOptions, 'definitions' | 'types'>,
): ProviderDefinition | undefined {
  const name = configuration?.type ?? id;
  return [definitions, types].find((map) => Object.hasOwn(map, name))?.[name];
}

/** A caller's credential was meant for the vendor: it goes to the vendor's own host, or stays on this machine. Throws RouterError `configuration`. */
function requireOwnVendor(
  id: string,
  { endpoint, apiKey, apiKeys }: ProviderConfiguration,
  definition: ProviderDefinition,
): void {
  const fail = (reason: string) =>
    new RouterError({ kind: 'configuration', message: `providers.${id}: credentials: caller ${reason}.` });
  if (apiKey !== undefined || apiKeys !== undefined) throw fail('and a key exclude each other: keep one');
  if (endpoint === undefined || isLoopbackUrl(endpoint)) return;
  const { origin } = new URL(endpoint);
  if (definition.defaultEndpoint !== '' && origin === new URL(definition.defaultEndpoint).origin) return;
  throw fail(
    `would send logins of callers to ${new URL(endpoint).hostname}, which is not ${definition.displayName}'s own host`,
  );
}

/** Two of one API could not tell whose credential it is that a caller shows. Throws RouterError `configuration`. */
function requireOneVendor(wanted: readonly Wanted[]): void {
  const byFormat = new Map<string, string>();
  for (const { id, definition, configuration } of wanted) {
    if (configuration?.credentials !== 'caller') continue;
    const other = byFormat.get(definition.format.id);
    if (other !== undefined) {
      const message = `providers.${other} and providers.${id} both have credentials: caller and speak the same API, so a caller's credential could go to the wrong one: keep it for one of them.`;
      throw new RouterError({ kind: 'configuration', message });
    }
    byFormat.set(definition.format.id, id);
  }
}

/** Whether a provider has what it needs to be called: a key, or none to be had. */
function isReady({ definition, configuration, apiKeys }: Wanted): boolean {
  if (definition.keyVariables.length === 0 || apiKeys.length > 0 || configuration?.credentials === 'caller')
    return true;
  return configuration?.endpoint !== undefined && isLoopbackUrl(configuration.endpoint);
}

function connect(
  one: Wanted,
  { throughput }: Pick<Configuration, 'throughput'>,
  instead?: { simulated: true; endpoint: () => Promise<string> },
): ConnectedProvider {
  const { configuration, definition } = one;
  const apiKeys = instead === undefined ? one.apiKeys : [];
  const provider = definition.create({
    id: one.id,
    apiKey: apiKeys[0],
    // A provider that knows nothing of several keys uses the first.
    apiKeys: apiKeys.length > 1 ? apiKeys : undefined,
    endpoint: instead?.endpoint ?? configuration?.endpoint,
    headers: configuration?.headers,
    callerCredentials: instead === undefined && configuration?.credentials === 'caller' ? true : undefined,
    connectTimeoutMs: configuration?.connectTimeoutMs,
    options: one.options,
    simulated: instead?.simulated,
    connections: throughput.connectionPool,
    keepAlive: throughput.keepAlive,
  });
  return { provider, definition, configuration };
}

const hasCloud = (ready: readonly ConnectedProvider[]) => ready.some((one) => !one.definition.local);

async function someListens(ready: readonly ConnectedProvider[], options: ConnectOptions): Promise<boolean> {
  if (options.isListening === undefined) return true;
  for (const one of ready) {
    if (await options.isListening(one.configuration?.endpoint ?? one.definition.defaultEndpoint)) return true;
  }
  return false;
}
