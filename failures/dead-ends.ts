import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { startBlackHole } from './black-hole.ts';
import type { Upstreams } from './gateway-configuration.ts';
import { startHttp2Upstream } from './http2-upstream.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

/** Addresses that lead nowhere, each in its own way. */
export interface DeadEnds extends Omit<Upstreams, 'faults'> {
  close(): Promise<void>;
}

export async function startDeadEnds(): Promise<DeadEnds> {
  const silent = createServer();
  const selfSigned = createTlsServer(createSelfSignedCertificate(), (_message, response) => response.end('{}'));
  const sockets = new Set<Socket>();
  for (const server of [silent, selfSigned]) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
  }
  const closed = createServer();
  const refusedPort = await listen(closed);
  await stop(closed);
  const blackHole = await startBlackHole();
  const certificate = createSelfSignedCertificate();
  const http2 = await startHttp2Upstream(certificate);
  return {
    silentTls: `https://127.0.0.1:${await listen(silent)}`,
    selfSignedTls: `https://localhost:${await listen(selfSigned)}`,
    refused: `http://127.0.0.1:${refusedPort}`,
    blackHole: `http://127.0.0.1:${blackHole.port}`,
    http2: http2.url,
    http2Certificate: certificate.cert,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([stop(silent), stop(selfSigned), blackHole.close(), http2.close()]);
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
