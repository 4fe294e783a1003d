import { createGatewayMetrics, type RunningGateway, serveGateway } from '@signalbox/gateway';
import { EXIT } from '../exit-code.ts';
import { createGatewayLog, type LogLevel } from '../gateway-log.ts';
import { openGatewayKeys } from '../open-gateway-keys.ts';
import { loadReloadingRouter } from '../reloading-router.ts';
import type { Tracing } from '../tracing.ts';
import { untilStopped } from './until-stopped.ts';

export interface ServeCommand {
  readonly port: number;
  readonly host: string;
  readonly config?: string | undefined;
  readonly log: LogLevel;
  /** Seconds that running answers may take to end once the gateway is told to stop. */
  readonly grace: number;
}

/**
 * `signalbox serve`: the gateway, until it is stopped. The first signal lets running answers end, and refuses new requests; the second ends at
 * once. Either way the ledger is written.
 */
export async function serve(options: ServeCommand): Promise<number> {
  // Before anybody can know that it runs: who stops it at once must not find it unprepared.
  const stopped = untilStopped();
  const warn = (sentence: string) => process.stderr.write(`warning: ${sentence}\n`);
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const metrics = createGatewayMetrics();
  const log = createGatewayLog(options.log);
  const tracing = await tracingIfWanted();
  const reloading = await loadReloadingRouter({
    config: options.config,
    onLedgerFault: warn,
    onCacheFault: warn,
    onWarning: warn,
    say: (sentence) => say(`budget: ${sentence}`),
    countedLedger: metrics.ledger,
    onReload: say,
    onReloadFault: warn,
  });
  const ready = reloading.current;
  const keys = await openGatewayKeys();
  const reload = () => void reloading.reload();
  process.on('SIGHUP', reload);
  try {
    for (const warning of ready.loaded.warnings) warn(warning);
    const gateway = await serveGateway({
      router: reloading.router,
      routes: reloading.routes,
      standings: reloading.standings,
      keys,
      metrics,
      onRequest(record) {
        log.request(record);
        tracing?.request(record);
      },
      onFault: log.fault,
      ...ready.loaded.configuration.gateway,
      port: options.port,
      host: options.host,
    });
    process.stderr.write(
      `signalbox serves on ${gateway.url} (POST /v1/messages, POST /v1/chat/completions, GET /v1/models)\n`,
    );
    if (ready.simulated) {
      const variables = ready.providers.map((one) => ready.keyVariable(one.id)).filter((name) => name !== undefined);
      process.stderr.write(
        `simulated: no provider has an API key, so all answers are made up; set ${variables.join(' or ')}.\n`,
      );
    }
    await stopped;
    return await stop(gateway, options.grace);
  } finally {
    process.off('SIGHUP', reload);
    await reloading.close();
    await tracing?.close();
    keys.close();
  }
}

/** Nothing of it is loaded where nobody wants it. */
async function tracingIfWanted(): Promise<Tracing | undefined> {
  const wanted = Object.keys(process.env).some((name) => name.startsWith('OTEL_EXPORTER_OTLP'));
  return wanted ? (await import('../tracing.ts')).createTracing(process.env) : undefined;
}

async function stop(gateway: RunningGateway, graceSeconds: number): Promise<number> {
  const { running } = gateway;
  if (running > 0) {
    const answers = running === 1 ? '1 answer' : `${running} answers`;
    process.stderr.write(
      `signalbox is shutting down: ${answers} may still end within ${graceSeconds} s; once more to stop at once.\n`,
    );
  }
  const closed = gateway.close(graceSeconds * 1_000).then(() => undefined);
  const again = await Promise.race([closed, untilStopped()]);
  if (again === undefined) return EXIT.success;
  await gateway.close(0);
  return EXIT.interrupted;
}
