import { connect } from 'node:net';
import type { Simulator } from '../src/index.ts';

/** What a bare TCP connection saw: fetch can't tell a reset from an end. */
export interface SocketOutcome {
  readonly received: string;
  /** `fin`: the peer ended in order; `reset`: RST. */
  readonly ending: 'fin' | 'reset';
}

/** Posts JSON over a bare socket and waits until the peer ends the connection. */
export function exchangeOverSocket(
  simulator: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<SocketOutcome> {
  const text = JSON.stringify(body);
  const head = Object.entries({ host: 'simulator', 'content-length': String(Buffer.byteLength(text)), ...headers });
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(simulator.port, '127.0.0.1', () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text}`,
      );
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('end', () => resolve({ received, ending: 'fin' }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve({ received, ending: 'reset' }) : reject(error),
    );
  });
}
