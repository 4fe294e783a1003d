import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { RouterError } from '@signalbox/core';
import { untilStopped } from '../serving/until-stopped.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';
import { createCrew } from './create-crew.ts';

/**
 * The first process of `signalbox serve --workers N`: it answers nothing itself, hands connections to its workers in turns, starts those again that
 * end, and passes on what it is told: to reload (SIGHUP), to drain (SIGTERM, SIGINT).
 */
export async function serveWithWorkers(options: {
  readonly workers: number;
  readonly port: number;
  readonly host: string;
  /** Seconds that running answers may take to end. */
  readonly grace: number;
}): Promise<number> {
  const stopped = untilStopped();
  // All must listen on the same one, also a worker that starts when no other is left.
  const port = options.port === 0 ? await freePort(options.host) : options.port;
  const crew = createCrew(options.workers, ['--port', String(port)], say);
  const reload = () => void crew.askAll('reload');
  process.on('SIGHUP', reload);
  try {
    const started = crew.start();
    const outcome = await Promise.race([started, stopped]);
    if (typeof outcome === 'object') {
      if ('failed' in outcome) return outcome.failed;
      say(
        `signalbox serves on ${outcome.url} with ${options.workers} workers: ${crew.pids.join(', ')} (POST /v1/messages, POST /v1/chat/completions, GET /v1/models)`,
      );
      await stopped;
    }
    const running = (await crew.askAll('running')).reduce<number>((sum, one) => sum + Number(one), 0);
    if (running > 0) {
      const answers = running === 1 ? '1 answer' : `${running} answers`;
      say(`signalbox is shutting down: ${answers} may still end within ${options.grace} s; once more to stop at once.`);
    }
    const gone = crew.stop(options.grace * 1_000).then(() => undefined);
    if ((await Promise.race([gone, untilStopped()])) === undefined) return EXIT.success;
    await crew.stop(0);
    return EXIT.interrupted;
  } finally {
    process.off('SIGHUP', reload);
  }
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) =>
      reject(
        new RouterError({ kind: 'configuration', message: `The gateway can't listen on ${host}: ${error.message}.` }),
      ),
    );
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
