import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import {
  BodyPieces,
  type Cancellation,
  cancellationOf,
  entryOf,
  type FrameVisitor,
  ProviderError,
  type WireCall,
  type WireFrame,
  type WireHeaders,
  type WireReply,
} from '@signalbox/core';
import { Agent, type Dispatcher } from 'undici';
import { dispatchCall, type Incoming } from './dispatch-call.ts';
import { type Endpoint, pathAt } from './endpoint.ts';
import { createFramer, type Framer } from './frames.ts';
import { hideSecrets } from './hide-secrets.ts';
import { transportError } from './transport-error.ts';

/** Bytes of a whole (not streamed) answer at most. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

const CONNECT_TIMEOUT_MS = 5_000;

/** Where a transport sends, and how it takes answers apart. */
export interface TransportSettings {
  /** Named in errors. */
  readonly provider: string;
  readonly endpoint: () => Promise<Endpoint>;
  /** Headers of a call: the user's own, and authentication by the key of that name; without a name, by the first. */
  readonly headers: (key: string | undefined) => Readonly<Record<string, string>>;
  readonly framing: 'sse' | 'ndjson';
  readonly connectTimeoutMs?: number | undefined;
  /** Connections at most; a call that finds none free waits for one. Default: as many as are needed. */
  readonly connections?: number | undefined;
  /** `false`: a connection for each call. Default `true`. */
  readonly keepAlive?: boolean | undefined;
}

/** A pool of connections to one endpoint. */
export interface Transport {
  send(call: WireCall): Promise<WireReply>;
  close(): Promise<void>;
}

/**
 * One pool of connections to one endpoint. It sends each call once: the engine alone retries. Timers of an answer are the
 * engine's too (it aborts the call's signal); the transport bounds only the connect.
 */
export function createTransport(settings: TransportSettings): Transport {
  const { keepAlive = true } = settings;
  const agent = new Agent({
    connect: { timeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS },
    headersTimeout: 0,
    bodyTimeout: 0,
    // A call at a time on a connection. 0 closes each after its call; only HTTP/1 can do that (undici's documentation of `pipelining`).
    pipelining: keepAlive ? 1 : 0,
    ...(keepAlive ? {} : { allowH2: false }),
    ...(settings.connections === undefined ? {} : { connections: settings.connections }),
  });
  let known: Promise<Endpoint> | undefined;
  let endpoint: Endpoint | undefined;

  return {
    async send(call) {
      const cancellation = call.cancellation ?? cancellationOf(call.signal);
      if (endpoint === undefined) {
        known ??= settings.endpoint();
        endpoint = await known;
      }
      const { method = 'POST' } = call;
      try {
        const incoming = await dispatchCall(
          agent,
          {
            origin: endpoint.origin,
            path: pathAt(endpoint, call.path),
            method,
            headers: {
              ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
              ...lengthOf(call.body),
              ...call.headers,
              ...credentialsOf(call, settings),
            },
            body: method === 'POST' ? bodyOf(call.body) : null,
          },
          cancellation,
        );
        return createReply(incoming, call, cancellation, settings, endpoint.host);
      } catch (error) {
        throw transportError(error, settings.provider, endpoint.host, cancellation);
      }
    },
    close: () => agent.destroy(),
  };
}

/** What comes in pieces goes out so, but not in chunks: the length is known. */
function lengthOf(body: WireCall['body']): Readonly<Record<string, string>> {
  return body instanceof BodyPieces ? { 'content-length': String(body.length) } : {};
}

/** undici writes whatever can be iterated; its types know streams alone. */
function bodyOf(body: WireCall['body']): Dispatcher.DispatchOptions['body'] {
  return body instanceof BodyPieces ? (body.pieces as unknown as Readable) : body;
}

function credentialsOf(call: WireCall, settings: TransportSettings): Readonly<Record<string, string>> {
  const own = settings.headers(call.key);
  return call.credentials === undefined ? own : { ...own, ...call.credentials };
}

function createReply(
  incoming: Incoming,
  call: WireCall,
  cancellation: Cancellation,
  settings: TransportSettings,
  host: string,
): WireReply {
  const headers = plainHeaders(incoming.headers);
  const fail = (error: unknown) => transportError(error, settings.provider, host, cancellation);

  /** The body, decompressed: some endpoints compress without having been asked to. */
  function body(): AsyncIterable<readonly Uint8Array[]> {
    const encoding = headers['content-encoding'];
    if (encoding === undefined || isPlain(encoding)) return incoming.pieces();
    const decompress = entryOf(DECOMPRESSORS, encoding.trim().toLowerCase());
    if (decompress === undefined) {
      incoming.discard();
      throw new ProviderError({
        kind: 'invalid-response',
        provider: settings.provider,
        message: `${settings.provider} answered with the unknown content encoding "${encoding.slice(0, 40)}".`,
      });
    }
    return decompressed(incoming, decompress());
  }

  const visit = (visitor: FrameVisitor) => {
    const framer = createFramer(call.framing ?? settings.framing, settings.provider);
    return visitPieces(isPlain(headers['content-encoding']) ? incoming : decoded(body()), framer, visitor, fail);
  };

  return {
    status: incoming.status,
    headers,
    frames: () => framesOf(visit),
    visit,
    async bytes() {
      const chunks: Uint8Array[] = [];
      let size = 0;
      const take = (piece: Uint8Array) => {
        size += piece.length;
        chunks.push(piece);
        if (size <= MAX_BODY_BYTES) return;
        throw new ProviderError({
          kind: 'invalid-response',
          provider: settings.provider,
          message: `${settings.provider} sent an answer of more than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`,
        });
      };
      try {
        if (isPlain(headers['content-encoding'])) await incoming.collect(take);
        else for await (const pieces of body()) for (const piece of pieces) take(piece);
      } catch (error) {
        throw fail(error);
      }
      const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
      return incoming.status < 400 ? whole : hideSecrets(whole, credentialsOf(call, settings));
    },
    discard: incoming.discard,
  };
}

/** Where a body comes from, piece by piece. */
interface Pieces {
  next(): Promise<readonly Uint8Array[] | undefined>;
  /** Gives the rest up. */
  discard(): unknown;
}

function decoded(body: AsyncIterable<readonly Uint8Array[]>): Pieces {
  const pieces = body[Symbol.asyncIterator]();
  return { next: async () => ended(await pieces.next()), discard: () => pieces.return?.() };
}

/** Shows the frames of a body, and yields behind each batch. Outside of the reply: a generator made anew for each has a shape of its own, which is kept for long with all that it can reach. */
async function* visitPieces(
  body: Pieces,
  framer: Framer,
  visitor: FrameVisitor,
  fail: (error: unknown) => unknown,
): AsyncGenerator<void> {
  try {
    try {
      for (;;) {
        const pieces = await body.next();
        if (pieces === undefined) break;
        let broken: { readonly error: unknown } | undefined;
        try {
          for (const piece of pieces) framer.visit(piece, visitor);
        } catch (error) {
          broken = { error };
        }
        // What came before a frame that can't be read is an answer all the same.
        yield;
        if (broken !== undefined) throw broken.error;
      }
    } finally {
      await body.discard();
    }
  } catch (error) {
    throw fail(error);
  }
  const last = framer.end();
  if (last.length === 0) return;
  for (const frame of last) visitor.frame(frame);
  yield;
}

async function* framesOf(visit: (visitor: FrameVisitor) => AsyncGenerator<void>): AsyncGenerator<readonly WireFrame[]> {
  let frames: WireFrame[] = [];
  for await (const _ of visit({ frame: (frame) => frames.push(frame) })) {
    if (frames.length === 0) continue;
    yield frames;
    frames = [];
  }
}

async function* decompressed(incoming: Incoming, stream: Transform): AsyncGenerator<readonly Uint8Array[]> {
  const source = Readable.from(flatten(incoming.pieces()));
  // A connection that broke is the reason, not the stream that could not go on.
  source.on('error', (error) => stream.destroy(error));
  try {
    for await (const piece of source.pipe(stream)) yield [piece as Uint8Array];
  } finally {
    source.destroy();
  }
}

async function* flatten(batches: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
  for await (const batch of batches) yield* batch;
}

const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

const ended = (result: IteratorResult<readonly Uint8Array[]>) => (result.done === true ? undefined : result.value);

/** Whether a body comes as it is. */
const isPlain = (encoding: string | undefined): boolean =>
  encoding === undefined || encoding === '' || encoding === 'identity';

function plainHeaders(headers: Incoming['headers']): WireHeaders {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
