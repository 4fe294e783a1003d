import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Provider, ProviderDefinition, ProviderSettings, WireHeaders } from '@signalbox/core';

/** The key that the suite uses; it must never be seen again. */
export const SAMPLE_KEY = 'sample-key-0123456789abcdef';

/** Several, where a provider has a pool of them. */
export const SAMPLE_KEYS: readonly string[] = [SAMPLE_KEY, 'sample-key-fedcba9876543210'];

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: WireHeaders;
}

/** Runs a body against a provider whose endpoint is a server of its own, and stops both. */
export async function withServer(
  definition: ProviderDefinition,
  listener: RequestListener,
  suffix: string,
  body: (provider: Provider, seen: readonly SeenRequest[]) => Promise<void>,
  keys: Pick<ProviderSettings, 'apiKey' | 'apiKeys'> = { apiKey: SAMPLE_KEY },
): Promise<void> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    seen.push({ method: request.method, url: request.url, headers: plain(request) });
    listener(request, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  const provider = definition.create({ ...keys, endpoint: `http://127.0.0.1:${port}${suffix}` });
  try {
    await body(provider, seen);
  } finally {
    await provider.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A port at which nobody listens: one that was had and given back. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function plain(request: IncomingMessage): WireHeaders {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}
