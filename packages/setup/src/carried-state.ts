import { createHash } from 'node:crypto';
import type { Configuration } from '@signalbox/config';
import type { Clock, Health, KeptHolders, MeasurementStore, Measurements, Provider, Vault } from '@signalbox/core';
import { createMemoryStore, type LimitStore } from '@signalbox/rate-limit';
import {
  createBreaker,
  createHolders,
  createMeasurements,
  createMemoryVault,
  createSessions,
  type Holders,
  type Sessions,
} from '@signalbox/router';

/** What a running router knows and a changed configuration does not make untrue: it goes from one router to the next. */
export interface CarriedState {
  readonly measurements: Measurements;
  /** Breakers and parked keys. */
  readonly health: Health;
  /** How much of each limit is used. */
  readonly limits: LimitStore;
  /** Which session's prompt cache is where. */
  readonly sessions: Sessions;
  /** Which provider keeps what. */
  readonly holders: Holders;
  /** Reasoning state of callers whose format has no place for it. */
  readonly vault: Vault;
  /** By provider id: how it is reached and by which keys, as a digest. */
  readonly connections: ReadonlyMap<string, string>;
}

export interface CarryOptions {
  readonly configuration: Configuration;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly providers: readonly { readonly provider: Provider; readonly keyVariables: readonly string[] }[];
  readonly clock: Clock;
  readonly measurementStore?: MeasurementStore | undefined;
  readonly keptHolders?: KeptHolders | undefined;
}

/**
 * The state for a router: new, or a former one's. Of a provider that has other keys or another address now, breakers and parked keys are forgotten: they were
 * about what is no longer there.
 */
export function carriedState(former: CarriedState | undefined, options: CarryOptions): CarriedState {
  const { clock, measurementStore } = options;
  const connections = new Map(options.providers.map((one) => [one.provider.id, connectionOf(one, options)]));
  if (former === undefined) {
    return {
      measurements: createMeasurements(clock, measurementStore),
      health: createBreaker(),
      limits: createMemoryStore(),
      sessions: createSessions(),
      holders: createHolders(options.keptHolders),
      vault: createMemoryVault({ clock }),
      connections,
    };
  }
  for (const [id, before] of former.connections) if (connections.get(id) !== before) former.health.forget?.(id);
  return { ...former, connections };
}

function connectionOf(
  { provider, keyVariables }: CarryOptions['providers'][number],
  { configuration, env }: CarryOptions,
): string {
  const own = Object.hasOwn(configuration.providers, provider.id) ? configuration.providers[provider.id] : undefined;
  const { apiKey, apiKeys, credentials, endpoint, headers, type, package: from, options } = own ?? {};
  const ofEnvironment = keyVariables.map((name) => env[name]);
  const connection = [apiKey, apiKeys, credentials, endpoint, headers, type, from, options, ofEnvironment];
  // A digest: keys are not kept a second time.
  return createHash('sha256').update(JSON.stringify(connection)).digest('hex');
}
