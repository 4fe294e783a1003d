import { openConnection, type RawAnswer } from './raw-request.ts';

/** A request as it is written, but for how its body is delimited. */
export interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The ways past the short one: what is out of the ordinary goes through the framework. */
export const WAYS = ['by its length', 'in chunks', 'with a query', 'from a page of this machine'] as const;

export type Way = (typeof WAYS)[number];

export async function send(url: string, { path, headers = {}, body }: Asked, way: Way): Promise<RawAnswer> {
  const bytes = Buffer.from(body as Uint8Array);
  const chunked = way === 'in chunks';
  const head = [
    `POST ${path}${way === 'with a query' ? '?beta=true' : ''} HTTP/1.1`,
    ...Object.entries({ host: '127.0.0.1:4141', 'content-type': 'application/json', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    chunked ? 'transfer-encoding: chunked' : `content-length: ${bytes.length}`,
    ...(way === 'from a page of this machine' ? ['origin: http://127.0.0.1:3000'] : []),
  ];
  const connection = await openConnection(url);
  await connection.write(`${head.join('\r\n')}\r\n\r\n`);
  if (chunked && bytes.length > 0) await connection.write(`${bytes.length.toString(16)}\r\n`);
  await connection.write(bytes);
  if (chunked) await connection.write(bytes.length > 0 ? '\r\n0\r\n\r\n' : '0\r\n\r\n');
  const answer = await connection.answer();
  connection.socket.destroy();
  return answer;
}
