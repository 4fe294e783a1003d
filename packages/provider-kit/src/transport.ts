import type { Readable } from 'node:stream';
import {
  BodyPieces,
  type Cancellation,
  cancellationOf,
  type FrameVisitor,
  ProviderError,
  type WireCall,
  type WireHeaders,
  type WireReply,
} from '@signalbox/core';
import { Agent, type Dispatcher } from 'undici';
import { decodedBody, isPlain } from './decoded-body.ts';
import { dispatchCall, type Incoming } from './dispatch-call.ts';
import { type Endpoint, pathAt } from './endpoint.ts';
import { createFramer } from './frames.ts';
import { hideSecrets } from './hide-secrets.ts';
import { transportError } from './transport-error.ts';
import { framesOf, piecesOf, VisitedBody } from './visited-body.ts';

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
              ...(method === 'POST' && call.body !== '' ? { 'content-type': 'application/json' } : {}),
              ...lengthOf(call.body),
              ...call.headers,
              ...credentialsOf(call, settings),
            },
            body: method === 'POST' && call.body !== '' ? bodyOf(call.body) : null,
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

  const body = () => decodedBody(incoming, headers['content-encoding'], settings.provider);
  const visit = (visitor: FrameVisitor) => {
    const framer = createFramer(call.framing ?? settings.framing, settings.provider);
    return new VisitedBody(isPlain(headers['content-encoding']) ? incoming : piecesOf(body()), framer, visitor, fail);
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

function plainHeaders(headers: Incoming['headers']): WireHeaders {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
