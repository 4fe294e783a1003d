import { serveGateway } from '@signalbox/gateway';
import { EXIT } from '../exit-code.ts';
import { loadRouter } from '../load-router.ts';
import { openGatewayKeys } from '../open-gateway-keys.ts';
import { untilStopped } from './until-stopped.ts';

/** `signalbox serve`: the gateway, until it is stopped. */
export async function serve(options: { port: number; host: string; config?: string | undefined }): Promise<number> {
  const ready = await loadRouter({
    config: options.config,
    onLedgerFault: (sentence) => process.stderr.write(`warning: ${sentence}\n`),
  });
  const keys = await openGatewayKeys();
  try {
    for (const warning of ready.loaded.warnings) process.stderr.write(`warning: ${warning}\n`);
    const gateway = await serveGateway({
      router: ready.router,
      routes: ready.routes,
      keys,
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
    await untilStopped();
    await gateway.close();
    return EXIT.success;
  } finally {
    await ready.close();
    keys.close();
  }
}
