import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aCount, aText, type OptionRules, RouterError, requireOptions } from '@signalbox/core';
import {
  createSimulatorHandler,
  HANDLER_RULES,
  type SimulatorHandler,
  type SimulatorHandlerOptions,
} from './handler.ts';

/** How a simulator answers, and where it listens. */
export interface SimulatorOptions extends SimulatorHandlerOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. The simulator has no protection: keep it on loopback. */
  readonly host?: string | undefined;
}

const RULES: OptionRules<SimulatorOptions> = {
  ...HANDLER_RULES,
  port: aCount(0, 65_535),
  host: aText('a host, such as 127.0.0.1'),
};

/** A running simulator. */
export interface Simulator extends Omit<SimulatorHandler, 'handle' | 'stop'> {
  /** E.g. `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Connections that are open now, idle ones included. */
  connections(): Promise<number>;
  /** Stops listening and ends open connections, waiting ones included. */
  close(): Promise<void>;
}

/**
 * Starts a server that answers like Anthropic, OpenAI, Google and Ollama.
 *
 * @example
 * ```ts
 * const simulator = await startSimulator();
 * await fetch(`${simulator.url}/v1/chat/completions`, {
 *   method: 'POST',
 *   headers: { 'x-simulate': 'status=429; retryAfter=2; times=1' },
 *   body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] }),
 * });
 * await simulator.close();
 * ```
 *
 * @throws RouterError `configuration` for a bad option, or where the port can't be had, `invalid-request` for a bad `behaviour`.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  requireOptions('startSimulator', options, RULES);
  const { port: wantedPort = 0, host = '127.0.0.1', ...answering } = options;
  const handler = createSimulatorHandler(answering);
  const server = createServer(handler.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `The simulator can't listen on ${host}:${wantedPort}: ${cause.message}. Choose another port.`;
      reject(new RouterError({ kind: 'configuration', message, cause }));
    });
    server.listen(wantedPort, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const { requests, nextRequest, script, reset } = handler;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests,
    nextRequest,
    script,
    reset,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise<void>((resolve) => {
        handler.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
