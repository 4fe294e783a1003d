import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aCount, aNumber, aText, isLoopbackHost, type OptionRules, RouterError, requireOptions } from '@signalbox/core';
import { requireKeysFor } from './access/gatekeeper.ts';
import { createDrainableGateway } from './create-gateway.ts';
import { GATEWAY_RULES, type GatewayOptions } from './gateway-options.ts';
import { createDirectListener, type Listener } from './server/direct-listener.ts';
import { discardRest } from './server/discard-rest.ts';
import { createDrain } from './server/drain.ts';
import { lazyListener } from './server/lazy-listener.ts';
import { refuseAddress, refuseConnection } from './server/refuse-connection.ts';

/** A gateway and where it listens. */
export interface ServeOptions extends GatewayOptions {
  /** Default 4141; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. As long as the gateway has no keys, only this machine's own addresses are allowed. */
  readonly host?: string | undefined;
  /** Milliseconds in which the headers of a request must have arrived. Default 20,000. */
  readonly headersTimeoutMs?: number | undefined;
  /** Milliseconds in which a whole request must have arrived, its body included. Default 60,000. */
  readonly requestTimeoutMs?: number | undefined;
}

const RULES: OptionRules<ServeOptions> = {
  ...GATEWAY_RULES,
  port: aCount(0, 65_535),
  host: aText('a host, such as 127.0.0.1'),
  headersTimeoutMs: aNumber(0, undefined, 'of milliseconds'),
  requestTimeoutMs: aNumber(0, undefined, 'of milliseconds'),
};

/** A gateway that listens. */
export interface RunningGateway {
  readonly url: string;
  /** Requests that are being answered. */
  readonly running: number;
  /** Resolves when the requests that are being answered now are over and booked; those that come meanwhile are not waited for. */
  settled(): Promise<void>;
  /**
   * Refuses new requests, lets running answers end for `graceMs` (default 5,000), then breaks the connections of those that are left and
   * stops listening. Called again with less patience, it has less. Resolves when every answer has been settled.
   */
  close(graceMs?: number): Promise<void>;
}

/** The port on which a gateway listens unless told otherwise. */
export const DEFAULT_PORT = 4141;

/**
 * Milliseconds that a connection may be idle between two requests: longer than proxies and clients keep theirs (nginx and AWS's load balancer 60 s by their
 * documentation). Who hangs up first should be the one that sends: otherwise a request meets a closed connection, and its sender a reset instead of an answer.
 */
const KEEP_ALIVE_MS = 75_000;
/** Milliseconds between two looks at requests that have not arrived yet. */
const CHECKING_INTERVAL_MS = 1_000;
/** Milliseconds in which answers whose connections were broken are settled. */
const SETTLING_MS = 2_000;

/** Serves the gateway over HTTP. Throws RouterError `configuration` for a bad option, an address that others can reach, or a port in use. */
export async function serveGateway(options: ServeOptions): Promise<RunningGateway> {
  requireOptions('serveGateway', options, RULES, ['router']);
  const hostname = options.host ?? '127.0.0.1';
  requireKeysFor(hostname, options);
  const port = options.port ?? DEFAULT_PORT;
  const drain = createDrain();
  const { app, ...direct } = createDrainableGateway(
    { ...options, keysRequired: options.keysRequired === true || !isLoopbackHost(hostname) },
    drain,
  );
  const requestTimeout = options.requestTimeoutMs ?? 60_000;
  const serverOptions = {
    requestTimeout,
    headersTimeout: Math.min(options.headersTimeoutMs ?? 20_000, requestTimeout),
    connectionsCheckingInterval: Math.min(CHECKING_INTERVAL_MS, requestTimeout),
  };
  return new Promise((resolve, reject) => {
    const throughFramework = lazyListener(drain, async () => {
      const { getRequestListener } = await import('@hono/node-server');
      return getRequestListener(app.fetch, {
        hostname,
        overrideGlobalObjects: false,
        // It would hang up half a second after an answer on whoever is still sending.
        autoCleanupIncoming: false,
        errorHandler: refuseAddress,
      });
    });
    const others: Listener = (incoming, outgoing) => {
      discardRest(incoming, outgoing);
      return throughFramework(incoming, outgoing);
    };
    const server = createServer(serverOptions, createDirectListener({ ...direct, others }));
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.listen(port, hostname, () => {
      const address = server.address() as AddressInfo;
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      resolve({
        url: `http://${host}:${address.port}`,
        get running() {
          return drain.running;
        },
        settled: drain.settled,
        close,
      });
    });
    server.on('clientError', refuseConnection);
    server.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use: choose another with --port` : error.message;
      reject(
        new RouterError({ kind: 'configuration', message: `The gateway can't listen on ${hostname}: ${reason}.` }),
      );
    });

    let closing: Promise<void> | undefined;
    let hurry: (() => void) | undefined;

    async function close(graceMs = 5_000): Promise<void> {
      if (closing !== undefined) {
        const late = setTimeout(() => hurry?.(), graceMs);
        await closing.finally(() => clearTimeout(late));
        return;
      }
      closing = drainAndStop(graceMs);
      await closing;
    }

    async function drainAndStop(graceMs: number): Promise<void> {
      const finished = drain.begin();
      let late: NodeJS.Timeout | undefined;
      const impatient = new Promise<void>((now) => {
        hurry = now;
        late = setTimeout(now, graceMs);
      });
      await Promise.race([finished, impatient]);
      clearTimeout(late);
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
      // A broken connection ends its answer, which is booked in the next turns of the event loop.
      await Promise.race([finished, new Promise((giveUp) => setTimeout(giveUp, SETTLING_MS).unref())]);
    }
  });
}
