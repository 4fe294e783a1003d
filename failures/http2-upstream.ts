import { constants, createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { HEALTHY_TEXT } from './healthy-answer.ts';
import type { Certificate } from './self-signed-certificate.ts';

const WORDS = HEALTHY_TEXT.split(' ');
const MILLISECONDS_BETWEEN = 5;
const PROVIDER = /^\/(\w+)\/v1\/chat\/completions$/;

/** What becomes of a call; `turn`: which of that provider's it is, from 1. */
type Play = (stream: ServerHttp2Stream, turn: number) => void | Promise<void>;

/** Ways in which HTTP/2 fails and HTTP/1.1 can't, by the provider's name. */
const PLAYS: Readonly<Record<string, Play>> = {
  /** The stream is reset in the middle, and the session goes on. */
  async h2reset(stream) {
    await write(stream, 0, 20);
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  },
  /** The first stream is refused: nobody has looked at it. */
  async h2refused(stream, turn) {
    if (turn === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else await answer(stream);
  },
  /** GOAWAY that names an earlier stream as the last one: nobody has looked at the second. */
  async h2goaway(stream, turn) {
    if (turn !== 2) return answer(stream);
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1);
  },
  /** GOAWAY in the middle of a stream that may end as it should. */
  async h2drain(stream) {
    await write(stream, 0, 20);
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
    await write(stream, 20, WORDS.length);
    end(stream);
  },
  /** The session breaks in the middle. */
  async h2cut(stream) {
    await write(stream, 0, 40);
    (stream.session as ServerHttp2Session | undefined)?.destroy();
  },
  /** Whoever was there first gets no answer, and the session stays: it must not keep others waiting. */
  h2silent: (stream, turn) => (turn === 1 ? undefined : answer(stream)),
};

/** The names of the providers that such a server plays. */
export const HTTP2_PROVIDERS: readonly string[] = Object.keys(PLAYS);

export interface Http2Upstream {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A server of Chat Completions that speaks HTTP/2, as all large providers do. */
export async function startHttp2Upstream(certificate: Certificate): Promise<Http2Upstream> {
  const turns = new Map<string, number>();
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer(certificate);
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    stream.resume();
    const name = PROVIDER.exec(String(headers[':path']))?.[1] ?? '';
    const turn = (turns.get(name) ?? 0) + 1;
    turns.set(name, turn);
    stream.once('end', () => void PLAYS[name]?.(stream, turn));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(stream: ServerHttp2Stream): Promise<void> {
  await write(stream, 0, WORDS.length);
  end(stream);
}

/** The words from one place to another, an event each. */
async function write(stream: ServerHttp2Stream, from: number, to: number): Promise<void> {
  if (!stream.headersSent) stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  for (const [offset, word] of WORDS.slice(from, to).entries()) {
    if (stream.destroyed) return;
    stream.write(event({ delta: { content: from + offset === 0 ? word : ` ${word}` }, finish_reason: null }));
    await wait(MILLISECONDS_BETWEEN);
  }
}

function end(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  stream.end(`${event({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`);
}

function event(choice: object): string {
  const chunk = { id: 'chatcmpl-h2', object: 'chat.completion.chunk', created: 1, model: 'bench-h2' };
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, ...choice }] })}\n\n`;
}
