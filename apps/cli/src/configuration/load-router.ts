import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  type Configuration,
  type ConfigurationOverrides,
  createTrustStore,
  type LoadedConfiguration,
  loadConfiguration,
  type UntrustedUse,
  untrustedUses,
} from '@signalbox/config';
import { type Ledger, RouterError } from '@signalbox/core';
import {
  budgetPlan,
  type CarriedState,
  createAlertDelivery,
  definitionOf,
  limitsAnything,
  type ReadyRouter,
  setupRouter,
  unknownModels,
} from '@signalbox/setup';
import type { LearningStore, SqliteLedger } from '@signalbox/store-sqlite';
import { openAnswerStore } from '../stores/open-answer-store.ts';
import { openLedger, openLedgerToRead } from '../stores/open-ledger.ts';
import { bundledProviders, providerTypes } from './bundled-providers.ts';
import { loginName } from './login-name.ts';

/** A router, the configuration it was made from, and the simulator if one had to be started. */
export interface LoadedRouter extends ReadyRouter {
  readonly loaded: LoadedConfiguration;
  /** What is learned from; absent where nothing is written down. */
  readonly learning?: LearningStore | undefined;
  /** The ledger's rows are kept from now on, as far as this configuration has a say in it: another one has taken its place. */
  stopForgetting(): void;
}

export interface LoadRouterOptions {
  readonly config?: string | undefined;
  readonly overrides?: ConfigurationOverrides | undefined;
  /** Stands before the ledger and sees each attempt, also where nothing is written. */
  readonly countedLedger?: ((ledger: Ledger | undefined) => Ledger) | undefined;
  /** Writes each attempt down in the user's ledger, and is told in a sentence when that fails. Absent: nothing is written. */
  readonly onLedgerFault?: ((sentence: string) => void) | undefined;
  /** Is told in a sentence when budgets can't be checked: of a single request its own error says it. */
  readonly onBudgetFault?: ((sentence: string) => void) | undefined;
  /** Gets what people should know of their budgets, a sentence each. */
  readonly say?: ((sentence: string) => void) | undefined;
  /** Is told in a sentence when the cache does not work. */
  readonly onCacheFault?: ((sentence: string) => void) | undefined;
  /** Is told in a sentence what the user should know of the project. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
  /** What a former router knows, where the configuration has changed. */
  readonly carried?: CarriedState | undefined;
}

/** Reads the configuration of the folder we are in. Throws RouterError. */
export async function loadConfigurationHere(options: LoadRouterOptions): Promise<LoadedConfiguration> {
  const loaded = await loadConfiguration({
    cwd: process.cwd(),
    home: homedir(),
    env: process.env,
    file: options.config,
    overrides: options.overrides,
    providerNames: Object.keys({ ...bundledProviders, ...providerTypes }),
    // This program loads no strategies of others: a name that is not built in is a mistake, with line and column.
    strategyNames: [],
  });
  return { ...loaded, warnings: [...loaded.warnings, ...unknownModelWarnings(loaded)] };
}

/** Slips in the names of models, each with its place. */
function unknownModelWarnings({ configuration, placeOf }: LoadedConfiguration): readonly string[] {
  const unknown = unknownModels(configuration, { definitions: bundledProviders, types: providerTypes });
  return unknown.map(({ name, goal, meant }) => {
    const remedy = meant === undefined ? 'See "signalbox models".' : `Did you mean "${meant}"?`;
    return `${placeOf(goal, name)}: nobody here has a model "${name}", so it is passed over. ${remedy}`;
  });
}

/** The hosts that each configured provider's key may go to without being asked about. */
function ownHosts({ configuration }: LoadedConfiguration): Record<string, readonly string[]> {
  const known = { definitions: bundledProviders, types: providerTypes };
  return Object.fromEntries(
    Object.entries(configuration.providers).map(([id, one]) => {
      const own = one.package === undefined ? definitionOf(id, one, known)?.defaultEndpoint : undefined;
      return [id, own === undefined || own === '' ? [] : [new URL(own).hostname]];
    }),
  );
}

/**
 * Configuration -> trust -> router. A project's file that would send a key to a stranger's host is refused until
 * `signalbox trust`. Where no provider has a key, the simulator is started when its first call comes.
 */
export async function loadRouter(options: LoadRouterOptions): Promise<LoadedRouter> {
  const loaded = await loadConfigurationHere(options);
  await requireTrust(loaded);
  const script = await trustedScript(loaded, options.onWarning);
  const { onLedgerFault, onCacheFault = () => undefined } = options;
  const ledger = onLedgerFault && (await openLedger(loaded.configuration, homedir(), onLedgerFault));
  // Whoever books nothing still wants to know what is known: an explanation says what a request would meet.
  const known = ledger ?? (await openLedgerToRead(loaded.configuration, homedir()));
  const say = options.say ?? (() => undefined);
  const { budget } = loaded.configuration;
  if (ledger === undefined && onLedgerFault !== undefined && limitsAnything(budgetPlan(loaded.configuration))) {
    say('Accounting is switched off, so budgets know only what this program itself spends.');
  }
  const alerts = createAlertDelivery({ targets: budget.notify ?? {}, say, onFault: say });
  let simulator: Promise<{ readonly url: string; close(): Promise<void> }> | undefined;
  const ready = await setupRouter({
    configuration: loaded.configuration,
    env: loaded.env,
    definitions: bundledProviders,
    types: providerTypes,
    ledger: options.countedLedger?.(ledger) ?? ledger,
    budgetStore: known?.budgets(),
    learning: known?.learning(),
    firstTurn: () => nextTurn(known, loaded.configuration),
    measurementStore: loaded.configuration.monitoring.trackLatency ? known?.measurements() : undefined,
    keptHolders: ledger?.holders(),
    carried: options.carried,
    sharedLimits: ledger?.limits(),
    onLimitFault: onLedgerFault,
    onBudgetFault: options.onBudgetFault,
    // Who only looks takes no alert away from those who are to be told.
    onBudgetAlert: onLedgerFault && alerts.tell,
    user: loginName(),
    script,
    hookModule: await trustedHookModule(loaded),
    onHookFault: options.onWarning,
    answerStore: await openAnswerStore(loaded.configuration, homedir(), onCacheFault),
    onCacheFault,
    isListening,
    simulatedEndpoint: async () => {
      simulator ??= import('@signalbox/simulator').then(({ startSimulator }) => startSimulator());
      return (await simulator).url;
    },
  });
  return {
    ...ready,
    loaded,
    learning: ledger?.learning(),
    stopForgetting: () => ledger?.stopForgetting(),
    async close() {
      await ready.close();
      await alerts.settled(ALERT_PATIENCE);
      known?.close();
      await (await simulator)?.close();
    },
  };
}

/** Whose turn it is where each prompt is a program of its own: one further for each request in the books; a draw where there are none. */
function nextTurn(ledger: SqliteLedger | undefined, { costTracking, monitoring }: Configuration): number {
  const keepsBooks = costTracking.enabled && monitoring.enabled;
  try {
    return ledger?.requestsEver() ?? (keepsBooks ? 0 : Math.floor(Math.random() * 1_000_000));
  } catch {
    // Why the file can't be used is told where something is to be written.
    return 0;
  }
}

/** Milliseconds that the end of the program waits for alerts that are still under way. */
const ALERT_PATIENCE = 3_000;

/** Throws RouterError `untrusted` where a project's file does what only a trusted one may. */
export async function requireTrust(loaded: LoadedConfiguration): Promise<void> {
  const store = createTrustStore({ home: homedir() });
  for (const use of projectUses(loaded)) {
    // A script that is not trusted is left alone; everything works without it.
    if (use.file === loaded.projectScript) continue;
    // Judged by the text that is run.
    if (use.file === hookModuleFile(loaded)) continue;
    if (await store.isTrusted(use.file, loaded.contentOf(use.file) ?? '')) continue;
    throw new RouterError({
      kind: 'untrusted',
      message: `${use.file} is not trusted, and its ${use.path} ${use.reason}. Read it; if you agree, run "signalbox trust" here.`,
    });
  }
}

/** What the project's files do that needs trust. */
export function projectUses(loaded: LoadedConfiguration): readonly UntrustedUse[] {
  return untrustedUses(loaded, ownHosts(loaded));
}

/** Path of the module of hooks, where the configuration names one. */
export function hookModuleFile({ configuration: { hooks } }: LoadedConfiguration): string | undefined {
  return hooks.module === undefined ? undefined : resolve(dirname(hooks.definedIn ?? ''), hooks.module);
}

/** The module of hooks with its text. Throws RouterError `untrusted`, or `configuration`: nothing passes unchecked because a file is missing. */
export async function trustedHookModule(
  loaded: LoadedConfiguration,
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  const file = hookModuleFile(loaded);
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `${loaded.configuration.hooks.definedIn}: hooks.module: ${file} can't be read (${error.code}).`;
    throw new RouterError({ kind: 'configuration', message });
  });
  const use = projectUses(loaded).find((one) => one.file === file);
  if (use === undefined || (await createTrustStore({ home: homedir() }).isTrusted(file, text))) return { file, text };
  throw new RouterError({
    kind: 'untrusted',
    message: `${file} is not trusted, and it ${use.reason}. Read it; if you agree, run "signalbox trust" here.`,
  });
}

/** The user's `router.js`: the project's, if it is trusted as it is now, else the home's. */
export async function trustedScript(
  { projectScript, homeScript }: LoadedConfiguration,
  onWarning?: (sentence: string) => void,
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  if (projectScript !== undefined) {
    const text = await readFile(projectScript, 'utf8');
    if (await createTrustStore({ home: homedir() }).isTrusted(projectScript, text))
      return { file: projectScript, text };
    onWarning?.(`${projectScript} is not trusted, so it is not asked; read it, then run "signalbox trust" here.`);
  }
  return homeScript === undefined ? undefined : { file: homeScript, text: await readFile(homeScript, 'utf8') };
}

/** Whether something listens at an endpoint: a connect, no request. */
function isListening(endpoint: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = createConnection({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout: 500,
    });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.on('connect', () => answer(true));
    socket.on('timeout', () => answer(false));
    socket.on('error', () => answer(false));
  });
}
