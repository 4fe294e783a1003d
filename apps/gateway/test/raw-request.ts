import { connect, type Socket } from 'node:net';

/** What came back over a connection. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** Whether its end has come, and not only that of its connection. */
  readonly whole: boolean;
  /** Bytes of the connection that it took, where it is whole and has a length. */
  readonly length: number;
  json(): unknown;
}

/** A connection on which a test writes what it likes. */
export interface RawConnection {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): Promise<void>;
  /** Waits for the first answer on the connection, to the end of its body. */
  answer(): Promise<RawAnswer>;
  /** The same for the one behind it. */
  next(): Promise<RawAnswer>;
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;
}

export async function openConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const pieces: Buffer[] = [];
  const waiting: (() => void)[] = [];
  const waitForRoom: (() => void)[] = [];
  let over = false;
  const tell = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  socket.on('data', (piece) => {
    pieces.push(piece);
    tell();
  });
  socket.on('error', () => undefined);
  for (const event of ['drain', 'close', 'end']) {
    socket.on(event, () => {
      for (const go of waitForRoom.splice(0)) go();
    });
  }
  const closed = new Promise<void>((resolve) => {
    for (const event of ['close', 'end'] as const) {
      socket.on(event, () => {
        over = true;
        tell();
        resolve();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  async function answer(): Promise<RawAnswer> {
    for (;;) {
      // A long answer is looked at when it can be whole, not at each piece.
      const mayBeWhole = over || pieces.length < 50 || pieces.at(-1)?.subarray(-5).toString() === '0\r\n\r\n';
      const found = mayBeWhole ? parse(Buffer.concat(pieces).toString('latin1'), over) : undefined;
      if (found !== undefined) return found;
      if (over) throw new Error(`the connection was closed after: ${Buffer.concat(pieces).toString('latin1')}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
  return {
    socket,
    closed,
    answer,
    async next() {
      const { length } = await answer();
      pieces.splice(0, pieces.length, Buffer.concat(pieces).subarray(length));
      return answer();
    },
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed || over) resolve();
        // A connection that closes under a writer ends the writing, too.
        else if (socket.write(bytes)) resolve();
        else waitForRoom.push(resolve);
      }),
  };
}

/** The first answer in a text; undefined while it is not whole. */
function parse(text: string, over: boolean): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const rest = text.slice(end + 4);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  const { body, whole } = length === undefined ? chunksOf(rest) : firstOf(rest, Number(length));
  if (!whole && !over) return undefined;
  const decoded = Buffer.from(body, 'latin1').toString('utf8');
  return {
    status: Number(head.split(' ')[1]),
    head,
    body: decoded,
    whole,
    length: end + 4 + body.length,
    json: () => JSON.parse(decoded),
  };
}

interface Read {
  readonly body: string;
  readonly whole: boolean;
}

const firstOf = (text: string, length: number): Read => ({ body: text.slice(0, length), whole: text.length >= length });

function chunksOf(text: string): Read {
  let body = '';
  let at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return { body, whole: false };
    const size = Number.parseInt(text.slice(at, line), 16);
    if (size === 0) return { body, whole: true };
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
    if (at > text.length) return { body, whole: false };
  }
}
