import type { BudgetAlert, BudgetConfiguration } from './budget-configuration.ts';
import type { CachingConfiguration, Configuration } from './configuration.ts';
import type { ConfigurationEntry } from './entry.ts';
import type { HooksConfiguration } from './gateway-configuration.ts';
import type { ModelConfiguration, ProviderConfiguration } from './provider-configuration.ts';

interface Tree extends Map<string, unknown> {}

/** A configuration from merged entries, the defaults among them. The schemas have checked every value's type. */
export function buildConfiguration(entries: readonly ConfigurationEntry[]): Configuration {
  const tree: Tree = new Map();
  const files = new Map<string, string>();
  for (const entry of entries) {
    if (entry.value !== undefined) place(tree, entry.goal, entry.value);
    if (entry.source.kind === 'file') files.set(entry.goal.join('\0'), entry.source.file);
  }
  const providers = branches(tree.get('providers')).map(([id, branch]): [string, ProviderConfiguration] => {
    const fields = plain(branch) as Partial<ProviderConfiguration>;
    const fileOf = (key: string): string | undefined => files.get(['providers', id, key].join('\0'));
    const models: Readonly<Record<string, ModelConfiguration>> | undefined = fields.models;
    return [
      id,
      {
        ...fields,
        id,
        models: models ?? {},
        modelsListed: models !== undefined,
        definedIn: fileOf('package') ?? fileOf('endpoint') ?? fileOf('type') ?? fileOf('id') ?? '',
      },
    ];
  });
  const said = plain(tree) as unknown as Configuration;
  return {
    ...said,
    providers: Object.fromEntries(providers),
    providersConfigured: providers.length > 0,
    routing: {
      ...said.routing,
      fallbackOrder: said.routing.fallbackOrder ?? [],
      chains: said.routing.chains ?? {},
      rules: said.routing.rules ?? [],
      providers: said.routing.providers ?? [],
      weights: said.routing.weights ?? {},
      preferences: said.routing.preferences ?? {},
      quality: said.routing.quality ?? {},
      optimization: said.routing.optimization ?? {},
      costOptimization: said.routing.costOptimization ?? {},
    },
    gateway: { ...said.gateway, corsOrigins: said.gateway.corsOrigins ?? [] },
    hooks: toHooks(said.hooks, files.get('hooks\0module')),
    fallback: { ...said.fallback, chain: said.fallback.chain ?? [] },
    budget: toBudget(said.budget),
    retry: said.retry ?? {},
    performance: said.performance ?? {},
    caching: toCaching(said.caching, files.get('caching\0file')),
    speedPriority: said.speedPriority ?? [],
    throughput: { ...said.throughput, maxRpm: said.throughput?.maxRpm ?? {} },
    modes: said.modes ?? {},
    models: said.models ?? {},
  };
}

function toCaching(said: CachingConfiguration, definedIn: string | undefined): CachingConfiguration {
  return said.file === undefined ? said : { ...said, definedIn };
}

function toHooks(said: HooksConfiguration | undefined, definedIn: string | undefined): HooksConfiguration {
  return said?.module === undefined ? { ...said } : { ...said, definedIn };
}

function toBudget(said: Partial<BudgetConfiguration> | undefined): BudgetConfiguration {
  const alerts: BudgetAlert[] = [...(said?.alerts ?? [])];
  const notify = said?.alertThreshold;
  if (notify !== undefined && !alerts.some((one) => one.threshold === notify && one.action === 'notify')) {
    alerts.push({ threshold: notify, action: 'notify' });
  }
  alerts.sort((one, other) => one.threshold - other.threshold);
  // An amount for users is meant to hold, so `enabled` may be left out.
  const { default: each, users } = said?.perUser ?? {};
  const perUser = { enabled: each !== undefined || users !== undefined, ...said?.perUser };
  return { ...said, perUser, alerts };
}

function place(tree: Tree, path: readonly string[], value: unknown): void {
  let here = tree;
  for (const segment of path.slice(0, -1)) {
    const next = here.get(segment);
    const branch: Tree = next instanceof Map ? next : new Map();
    here.set(segment, branch);
    here = branch;
  }
  here.set(path.at(-1) ?? '', value);
}

function branches(value: unknown): readonly [string, unknown][] {
  return value instanceof Map ? [...value.entries()] : [];
}

/** Maps as objects; what is no map is a value. */
function plain(value: unknown): Record<string, unknown> {
  return Object.fromEntries(branches(value).map(([key, one]) => [key, one instanceof Map ? plain(one) : one]));
}
