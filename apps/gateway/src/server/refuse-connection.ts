import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { idHeaders } from '../apis/api-options.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What node's parser says of a request that is none, in words. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    message: 'The headers of the request are larger than 16 KiB: send long values in the body.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, message: 'The chunk extensions of the request are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time: send it again.' },
};
const NOT_HTTP: Refusal = { status: 400, message: 'The request is not valid HTTP/1.1.' };

/**
 * Answers a connection whose request could not be read, before there is any request to speak of: so the error has a shape that callers of both Anthropic's
 * and OpenAI's protocol can read.
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, message } = REFUSALS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(shown(message));
  const headers = {
    ...idHeaders(randomUUID()),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}

/** Answers a request whose address can't be read: its `host` or its target is none. */
export function refuseAddress(): Response {
  const message = 'The request names no address that can be read: its "host" header or its path is not valid.';
  return Response.json(shown(message), { status: 400, headers: idHeaders(randomUUID()) });
}

const shown = (message: string) => ({
  type: 'error',
  error: { type: 'invalid_request_error', message, param: null, code: null },
});
