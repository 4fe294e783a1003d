import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { BodyPieces, type Caller, ENDED, type RequestBytes, RouterError, sourceOf } from '@signalbox/core';
import type { AnswerBody } from '@signalbox/router';
import { addHeaders, type HeaderList, headerPairs } from '../answer/header-list.ts';
import { drained, hangUpOnWhoTakesNothing } from '../answer/slow-readers.ts';
import { alreadySent } from './already-sent.ts';

/** What the node server puts beside a request; nothing, and no `env` at all, when a request is made in process. */
interface GatewayBindings {
  readonly incoming?: IncomingMessage | Http2ServerRequest;
  readonly outgoing?: ServerResponse | Http2ServerResponse;
}

/** What handlers find beside a request. */
export interface GatewayEnvironment {
  // Hono's own `Env` takes an object here, not undefined, which strict consumers would be told.
  readonly Bindings: GatewayBindings;
  readonly Variables: {
    /** Who asks, as far as the key says it. */
    readonly caller: Caller;
    /** The key that opened the gateway, as it was shown. */
    readonly opener: string | undefined;
  };
}

/** What handlers ask of a request: the framework's context, or node's own objects behind the same names. */
export interface GatewayContext {
  readonly env: GatewayBindings | undefined;
  /** What to give back once node's own response was written to; absent: the framework's mark of it. */
  readonly sent?: Response;
  readonly req: {
    readonly method: string;
    readonly path: string;
    readonly url: string;
    readonly raw: Request;
    query(name: string): string | undefined;
    query(): Record<string, string>;
    header(): Record<string, string>;
    header(name: string): string | undefined;
  };
  get<Name extends keyof GatewayEnvironment['Variables']>(name: Name): GatewayEnvironment['Variables'][Name];
}

const NOTHING = new Uint8Array();
const MIB = 1024 * 1024;
const sizeOf = (bytes: number) => (bytes < MIB ? `${Math.floor(bytes / 1024)} KiB` : `${Math.floor(bytes / MIB)} MiB`);

/** The request's body, read straight from the socket where there is one. Throws RouterError `request-too-large`. */
export async function readBody(context: GatewayContext, maxBytes: number): Promise<RequestBytes> {
  const tooLarge = () =>
    new RouterError({
      kind: 'request-too-large',
      message: `The request body is larger than the ${sizeOf(maxBytes)} that ${maxBytes < MIB ? 'this endpoint' : 'this gateway'} takes.`,
    });
  if (Number(context.req.header('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const take = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  };
  const incoming = context.env?.incoming;
  if (incoming === undefined) {
    for await (const chunk of (context.req.raw.body ?? []) as AsyncIterable<Uint8Array>) take(chunk);
  } else await readSocket(incoming, take);
  const first = withoutMark(chunks[0] ?? NOTHING);
  if (chunks.length < 2) return first;
  chunks[0] = first;
  return new BodyPieces(chunks);
}

/** Some programs on Windows put a byte order mark before their JSON, which readers may pass over (RFC 8259, 8.1). */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** By events: an iterator over a request costs as much as all else that is done with a small one. */
function readSocket(incoming: IncomingMessage | Http2ServerRequest, take: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Uint8Array) => {
      try {
        take(chunk);
      } catch (error) {
        // The rest is let through and dropped: who is still writing would not look for an answer.
        incoming.removeAllListeners('data');
        incoming.resume();
        reject(error);
      }
    });
    incoming.on('end', resolve);
    // Whatever breaks a request off, it is the caller's connection that broke.
    const hungUp = (cause?: unknown) =>
      reject(new RouterError({ kind: 'aborted', message: 'The caller hung up.', cause }));
    incoming.on('error', hungUp);
    incoming.on('close', () => {
      // Every request is closed at some time: only one that is not complete was given up.
      if (!incoming.complete) hungUp();
    });
  });
}

/** One signal a connection: its requests come one after the other, and a signal of its own for each would cost more than what is decided for it. */
const signals = new WeakMap<Socket, AbortSignal>();

/** A signal that is aborted when the caller hangs up before the answer is complete. */
export function callerSignal(context: GatewayContext): AbortSignal {
  const outgoing = context.env?.outgoing;
  if (outgoing === undefined) return context.req.raw.signal;
  const socket = outgoing instanceof ServerResponse ? outgoing.socket : null;
  if (socket !== null) {
    let signal = signals.get(socket);
    if (signal === undefined) {
      const controller = new AbortController();
      signal = controller.signal;
      signals.set(socket, signal);
      socket.on('close', () => controller.abort());
    }
    return signal;
  }
  const controller = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Begins to watch an answer for silence; what comes back ends it. */
export type WatchSilence = (outgoing: ServerResponse) => () => void;

/**
 * Sends a body piece by piece. On a socket it writes to node's own response: a web stream between would cost a fifth more
 * for each event.
 */
export async function sendBody(
  context: GatewayContext,
  headers: HeaderList,
  body: AsyncIterable<Uint8Array>,
  watchSilence?: WatchSilence | undefined,
): Promise<Response> {
  const outgoing = context.env?.outgoing as ServerResponse | undefined;
  if (outgoing === undefined) {
    return new Response(ReadableStream.from(body) as ReadableStream<Uint8Array>, { headers: headerPairs(headers) });
  }
  outgoing.writeHead(200, headers);
  const values = sourceOf(body);
  const unwatch = watchSilence?.(outgoing);
  try {
    for (let chunk = values.take(); chunk !== ENDED; chunk = values.take()) {
      if (chunk === undefined) await values.more();
      else if (outgoing.destroyed) values.discard();
      else if (!outgoing.write(chunk)) await drained(outgoing);
    }
  } finally {
    unwatch?.();
  }
  outgoing.end();
  hangUpOnWhoTakesNothing(outgoing);
  return alreadySent(context);
}

/** Sends a body that is there as a whole: its length is known, and head and body go out in one write. `late`: headers that are known when the body is there. */
export async function sendWhole(
  context: GatewayContext,
  headers: HeaderList,
  body: AnswerBody,
  late: () => Record<string, string>,
): Promise<Response> {
  const whole = body.whole ?? (await joined(body));
  const outgoing = context.env?.outgoing as ServerResponse | undefined;
  addHeaders(headers, late());
  if (outgoing === undefined) {
    return new Response(whole as Uint8Array<ArrayBuffer>, { headers: headerPairs(headers) });
  }
  if (outgoing.destroyed) return alreadySent(context);
  headers.push('content-length', String(whole.length));
  outgoing.writeHead(200, headers);
  // Head and body as one text are one write; bytes behind a text are two that are put together.
  if (whole.length <= MOST_TEXT) outgoing.end(asText(whole), 'latin1');
  else outgoing.end(whole);
  hangUpOnWhoTakesNothing(outgoing);
  return alreadySent(context);
}

/** Bytes of a body up to which it is copied to stand in one text with its head. */
const MOST_TEXT = 8 * 1024;

/** A character for each byte. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

async function joined(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** Ends an answer that has begun and can't go on: its reader must not take it for whole. Undefined where none has begun. */
export function breakOff(context: GatewayContext): Response | undefined {
  const outgoing = context.env?.outgoing;
  if (outgoing === undefined || !outgoing.headersSent) return undefined;
  outgoing.destroy();
  return alreadySent(context);
}
