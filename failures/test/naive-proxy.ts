import { createServer, request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Upstreams } from '../gateway-configuration.ts';
import type { GatewayUnderTest } from '../gateway-under-test.ts';

/** A gateway as one should not be: no retry, no fallback, and a clean end after every break. */
export async function startNaiveProxy({ faults }: Upstreams): Promise<GatewayUnderTest> {
  const server = createServer((message, response) => {
    const upstream = openRequest(`${faults}/primary/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    upstream.on('error', () => response.end());
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
      answer.on('data', (piece: Uint8Array) => response.write(piece));
      answer.on('error', () => response.end());
      answer.on('close', () => response.end());
    });
    message.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
