import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { isLoopbackHost, RouterError } from '@signalbox/core';
import { createGateway, type GatewayOptions } from './create-gateway.ts';
import { requireKeysFor } from './gatekeeper.ts';

export interface ServeOptions extends GatewayOptions {
  /** Default 4141; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. As long as the gateway has no keys, only this machine's own addresses are allowed. */
  readonly host?: string | undefined;
}

export interface RunningGateway {
  readonly url: string;
  /** Stops listening, lets running answers end for `graceMs`, then closes what is left. */
  close(graceMs?: number): Promise<void>;
}

export const DEFAULT_PORT = 4141;

/** Serves the gateway over HTTP. Throws RouterError `configuration` for an address that others can reach, or a port in use. */
export async function serveGateway(options: ServeOptions): Promise<RunningGateway> {
  const hostname = options.host ?? '127.0.0.1';
  requireKeysFor(hostname, options.keys);
  const port = options.port ?? DEFAULT_PORT;
  const app = createGateway({ ...options, keysRequired: options.keysRequired === true || !isLoopbackHost(hostname) });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port, overrideGlobalObjects: false }, (address: AddressInfo) => {
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      resolve({ url: `http://${host}:${address.port}`, close });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use: choose another with --port` : error.message;
      reject(
        new RouterError({ kind: 'configuration', message: `The gateway can't listen on ${hostname}: ${reason}.` }),
      );
    });

    function close(graceMs = 5_000): Promise<void> {
      return new Promise((done) => {
        const force = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(force);
          done();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      });
    }
  });
}
