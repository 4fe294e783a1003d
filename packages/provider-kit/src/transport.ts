import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import {
  BodyPieces,
  type Cancellation,
  cancellationOf,
  createCancellation,
  type FrameVisitor,
  ProviderError,
  type WireCall,
  type WireFrame,
  type WireHeaders,
  type WireReply,
} from '@signalbox/core';
import type { Agent, Dispatcher } from 'undici';
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
 * Loads what a first call would wait for, for programs that have nothing else to do before one comes: undici, and its parser, which undici makes at its first connection. That one is to
 * nobody. `encrypted`: calls will go to endpoints with https, for which undici loads Node's TLS with the first of them. Default `false`.
 */
export async function prepareTransport(options: { readonly encrypted?: boolean | undefined } = {}): Promise<void> {
  const { Agent } = await import('undici');
  if (options.encrypted === true) process.getBuiltinModule('node:tls');
  const agent = new Agent({ connect: (_options, connected) => connected(null, new Socket()) });
  const call = { origin: 'http://localhost', path: '/', method: 'GET', headers: {}, body: null } as const;
  await new Promise<void>((connected) => {
    agent.once('connect', () => connected());
    dispatchCall(agent, call, createCancellation()).catch(() => connected());
  });
  await agent.destroy();
}

/**
 * One pool of connections to one endpoint. It sends each call once: the engine alone retries. Timers of an answer are the
 * engine's too (it aborts the call's signal); the transport bounds only the connect.
 */
export function createTransport(settings: TransportSettings): Transport {
  const { keepAlive = true } = settings;
  let closed = false;
  let opening: Promise<Agent> | undefined;
  let agent: Agent | undefined;
  // Whoever only asks who would answer makes no call, and need not wait until undici is loaded.
  async function open(): Promise<Agent> {
    const { Agent } = await import('undici');
    agent = new Agent({
      connect: { timeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS },
      headersTimeout: 0,
      bodyTimeout: 0,
      // A call at a time on a connection. 0 closes each after its call; only HTTP/1 can do that (undici's documentation of `pipelining`).
      pipelining: keepAlive ? 1 : 0,
      ...(keepAlive ? {} : { allowH2: false }),
      ...(settings.connections === undefined ? {} : { connections: settings.connections }),
    });
    if (closed) await agent.destroy();
    return agent;
  }
  let known: Promise<Endpoint> | undefined;
  let endpoint: Endpoint | undefined;

  return {
    async send(call) {
      const cancellation = call.cancellation ?? cancellationOf(call.signal);
      if (endpoint === undefined) {
        known ??= settings.endpoint();
        endpoint = await known;
      }
      opening ??= open();
      const pool = agent ?? (await opening);
      const { method = 'POST' } = call;
      const posts = method === 'POST' && call.body !== '';
      const options = {
        origin: endpoint.origin,
        path: pathAt(endpoint, call.path),
        method,
        headers: headersOf(call, settings, posts),
        body: posts ? bodyOf(call.body) : null,
      };
      try {
        return new HttpReply(
          await dispatchCall(pool, options, cancellation),
          call,
          cancellation,
          settings,
          endpoint.host,
        );
      } catch (error) {
        throw transportError(error, settings.provider, endpoint.host, cancellation);
      }
    },
    async close() {
      closed = true;
      await (await opening)?.destroy();
    },
  };
}

/** What is sent beside the body: what a call says goes over what all say, and credentials over both. */
function headersOf(call: WireCall, settings: TransportSettings, posts: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  if (posts) headers['content-type'] = 'application/json';
  // What comes in pieces goes out so, but not in chunks: the length is known.
  if (call.body instanceof BodyPieces) headers['content-length'] = String(call.body.length);
  lay(call.headers, headers);
  lay(settings.headers(call.key), headers);
  if (call.credentials !== undefined) lay(call.credentials, headers);
  return headers;
}

/** Member by member: to copy a few objects together takes several times as long. */
function lay(more: Readonly<Record<string, string>>, headers: Record<string, string>): void {
  for (const name in more) headers[name] = more[name] ?? '';
}

/** undici writes whatever can be iterated; its types know streams alone. */
function bodyOf(body: WireCall['body']): Dispatcher.DispatchOptions['body'] {
  return body instanceof BodyPieces ? (body.pieces as unknown as Readable) : body;
}

/** An answer as its reader asks for it. A class: an open stream would hold a closure for each of these, and all that they can reach. */
class HttpReply implements WireReply {
  readonly status: number;
  readonly headers: WireHeaders;
  readonly #incoming: Incoming;
  readonly #call: WireCall;
  readonly #cancellation: Cancellation;
  readonly #settings: TransportSettings;
  readonly #host: string;

  constructor(
    incoming: Incoming,
    call: WireCall,
    cancellation: Cancellation,
    settings: TransportSettings,
    host: string,
  ) {
    this.status = incoming.status;
    this.headers = plainHeaders(incoming.headers);
    this.#incoming = incoming;
    this.#call = call;
    this.#cancellation = cancellation;
    this.#settings = settings;
    this.#host = host;
  }

  frames(): AsyncIterable<readonly WireFrame[]> {
    return framesOf((visitor) => this.visit(visitor));
  }

  visit(visitor: FrameVisitor): VisitedBody {
    const { framing, provider } = this.#settings;
    const framer = createFramer(this.#call.framing ?? framing, provider);
    const body = this.#isPlain() ? this.#incoming : piecesOf(this.#decoded());
    return new VisitedBody(body, framer, visitor, (error) => this.#fail(error));
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const take = (piece: Uint8Array) => {
      size += piece.length;
      chunks.push(piece);
      if (size <= MAX_BODY_BYTES) return;
      const { provider } = this.#settings;
      throw new ProviderError({
        kind: 'invalid-response',
        provider,
        message: `${provider} sent an answer of more than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`,
      });
    };
    try {
      if (this.#isPlain()) await this.#incoming.collect(take);
      else for await (const pieces of this.#decoded()) for (const piece of pieces) take(piece);
    } catch (error) {
      throw this.#fail(error);
    }
    const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
    if (this.status < 400) return whole;
    return hideSecrets(whole, { ...this.#settings.headers(this.#call.key), ...this.#call.credentials });
  }

  discard(): void {
    this.#incoming.discard();
  }

  #isPlain(): boolean {
    return isPlain(this.headers['content-encoding']);
  }

  #decoded(): AsyncIterable<readonly Uint8Array[]> {
    return decodedBody(this.#incoming, this.headers['content-encoding'], this.#settings.provider);
  }

  #fail(error: unknown): ProviderError {
    return transportError(error, this.#settings.provider, this.#host, this.#cancellation);
  }
}

function plainHeaders(headers: Incoming['headers']): WireHeaders {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
