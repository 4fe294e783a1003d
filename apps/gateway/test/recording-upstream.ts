import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived, to the byte. */
interface ArrivedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordingUpstream {
  readonly url: string;
  readonly arrived: readonly ArrivedRequest[];
  close(): Promise<void>;
}

/** A provider that keeps what it is sent and refuses it: what comes back does not matter here. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const arrived: ArrivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      arrived.push({ url: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"error":{"type":"invalid_request_error","code":400,"message":"seen"}}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
