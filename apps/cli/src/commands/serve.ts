import cluster from 'node:cluster';
import { homedir } from 'node:os';
import { createGatewayMetrics, type ReloadOutcome, type RunningGateway, serveGateway } from '@signalbox/gateway';
import { prepareTransport } from '@signalbox/provider-kit';
import { prepareAnalysis } from '@signalbox/task-analysis';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { adminCredential, adminOptions } from '../serving/admin-options.ts';
import { type AuditEntry, createAuditLog } from '../serving/audit-log.ts';
import { makeFullCollectionsRare } from '../serving/full-collections.ts';
import { createGatewayLog, type LogLevel } from '../serving/gateway-log.ts';
import { letYoungGenerationGrow } from '../serving/grow-young-generation.ts';
import { loadReloadingRouter } from '../serving/reloading-router.ts';
import type { Tracing } from '../serving/tracing.ts';
import { untilStopped } from '../serving/until-stopped.ts';
import { openGatewayKeys } from '../stores/open-gateway-keys.ts';
import { takeFeedback } from '../take-feedback.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say as sayHere } from '../terminal/say.ts';
import { missingWorkers, NOT_YET, ofAllWorkers, reloadAll } from '../workers/all-workers.ts';
import { serveWithWorkers } from '../workers/serve-with-workers.ts';
import { openWorkerLink, type WorkerLink } from '../workers/worker-link.ts';

export interface ServeCommand {
  readonly port: number;
  readonly host: string;
  readonly config?: string | undefined;
  readonly log: LogLevel;
  /** Seconds that running answers may take to end once the gateway is told to stop. */
  readonly grace: number;
  /** Processes that answer; 1: this one. */
  readonly workers: number;
  readonly mode?: 'quality' | 'balanced' | 'speed' | undefined;
}

/**
 * `signalbox serve`: the gateway, until it is stopped. The first signal lets running answers end, and refuses new requests; the second ends at
 * once. Either way the ledger is written.
 */
export async function serve(options: ServeCommand): Promise<number> {
  if (options.workers > 1 && cluster.isPrimary) return serveWithWorkers(options);
  try {
    return await serveHere(options);
  } finally {
    // The line to the first process keeps a worker alive.
    if (cluster.isWorker && process.connected) process.disconnect();
  }
}

/** In this process: alone, or as one of several workers. */
async function serveHere(options: ServeCommand): Promise<number> {
  const metrics = createGatewayMetrics();
  let gateway: RunningGateway | undefined;
  let reload: () => Promise<ReloadOutcome> = async () => NOT_YET;
  const link = openWorkerLink({
    metrics: () => metrics.snapshot(),
    running: () => gateway?.running ?? 0,
    reload: () => reload(),
  });
  // Before anybody can know that it runs: who stops it at once must not find it unprepared.
  const stopped = link === undefined ? untilStopped() : link.nextStop();
  const say = link?.say ?? sayHere;
  const warn = (sentence: string) => say(`warning: ${sentence}`);
  const log = createGatewayLog(options.log, { worker: link?.place });
  const credential = adminCredential(process.env);
  const audit = createAuditLog(homedir(), warn);
  const tracing = await tracingIfWanted(warn);
  // All workers take a changed configuration over: one of them says so.
  const auditsReloads = link === undefined || link.place === 1;
  const reloading = await loadReloadingRouter({
    config: options.config,
    overrides: { mode: options.mode },
    onLedgerFault: warn,
    onBudgetFault: warn,
    onCacheFault: warn,
    onWarning: warn,
    say: (sentence) => say(`budget: ${sentence}`),
    countedLedger: metrics.ledger,
    onReload: say,
    onReloadFault: warn,
    onOutcome: auditsReloads ? (outcome) => audit.add(reloadEntry(outcome)) : undefined,
  });
  reload = () => reloading.reload();
  const ready = reloading.current;
  const { countTokens, corsOrigins, jwt } = ready.loaded.configuration.gateway;
  const keys = await openGatewayKeys();
  const admin =
    credential === undefined
      ? undefined
      : await adminOptions(credential, {
          reloading,
          keys,
          audit,
          reload: () => (link === undefined ? reload() : reloadAll(link)),
          workers: () => link?.standing ?? { wanted: 1, up: 1 },
        });
  const onHangUp = () => void reload();
  if (link === undefined) process.on('SIGHUP', onHangUp);
  try {
    for (const warning of ready.loaded.warnings) warn(warning);
    gateway = await serveGateway({
      router: reloading.router,
      routes: reloading.routes,
      standings: reloading.standings,
      keys,
      metrics: link === undefined ? metrics : ofAllWorkers(metrics, link),
      admin,
      notReady: link && (() => missingWorkers(link)),
      feedback: (given) => takeFeedback(reloading.current.learning, given),
      onRequest(record) {
        log.request(record);
        tracing?.request(record);
      },
      onFault: log.fault,
      countTokens,
      corsOrigins,
      jwt,
      port: options.port,
      host: options.host,
    });
    // Once whoever waits for the gateway has heard of it: its first caller need not wait for this, then.
    setImmediate(() => void prepare(ready));
    if (link === undefined) {
      say(`signalbox serves on ${gateway.url} (POST /v1/messages, POST /v1/chat/completions, GET /v1/models)`);
    }
    if (ready.simulated) say(madeUp(ready));
    if (link !== undefined) {
      link.up(gateway.url);
      return await stopAsTold(gateway, link, Number(await stopped));
    }
    await stopped;
    return await stop(gateway, options.grace);
  } finally {
    process.off('SIGHUP', onHangUp);
    await reloading.close();
    await tracing?.close();
    admin?.close();
    keys.close();
  }
}

function reloadEntry({ takenOver, sentence }: ReloadOutcome): AuditEntry {
  const outcome = takenOver ? 'done' : 'failed';
  return { action: 'config.reload', via: 'gateway', outcome, details: { message: sentence } };
}

function madeUp({ providers, keyVariable }: LoadedRouter): string {
  const variables = providers.map((one) => keyVariable(one.id)).filter((name) => name !== undefined);
  return `simulated: no provider has an API key, so all answers are made up; set ${variables.join(' or ')}.`;
}

/** Milliseconds after which a gateway makes ready to read prompts, so that the first that is routed need not wait for it. */
const ANALYSIS_AFTER_MS = 1_000;

async function prepare({ simulated, providers, loaded }: LoadedRouter): Promise<void> {
  const endpointOf = (id: string) => loaded.configuration.providers[id]?.endpoint;
  const encrypted = providers.some(({ id }) => endpointOf(id)?.startsWith('http:') !== true);
  // What can't be loaded is told by the first call.
  if (!simulated) await prepareTransport({ encrypted }).catch(() => undefined);
  letYoungGenerationGrow();
  makeFullCollectionsRare();
  // Not at once: whoever waited for the gateway to listen has called it by then.
  setTimeout(prepareAnalysis, ANALYSIS_AFTER_MS).unref();
}

/** A worker ends when the first process says so, with the patience it is told. */
async function stopAsTold(gateway: RunningGateway, link: WorkerLink, graceMs: number): Promise<number> {
  const closed = gateway.close(graceMs).then(() => undefined);
  const sooner = await Promise.race([closed, link.nextStop()]);
  if (sooner === undefined) return EXIT.success;
  await gateway.close(sooner);
  return EXIT.interrupted;
}

/** Nothing of it is loaded where nobody wants it. */
async function tracingIfWanted(onFault: (sentence: string) => void): Promise<Tracing | undefined> {
  const wanted = Object.keys(process.env).some((name) => name.startsWith('OTEL_EXPORTER_OTLP'));
  return wanted ? (await import('../serving/tracing.ts')).createTracing(process.env, onFault) : undefined;
}

async function stop(gateway: RunningGateway, graceSeconds: number): Promise<number> {
  const { running } = gateway;
  if (running > 0) {
    const answers = running === 1 ? '1 answer' : `${running} answers`;
    sayHere(
      `signalbox is shutting down: ${answers} may still end within ${graceSeconds} s; once more to stop at once.`,
    );
  }
  const closed = gateway.close(graceSeconds * 1_000).then(() => undefined);
  const again = await Promise.race([closed, untilStopped()]);
  if (again === undefined) return EXIT.success;
  await gateway.close(0);
  return EXIT.interrupted;
}
