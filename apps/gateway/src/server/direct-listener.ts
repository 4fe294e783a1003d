import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '@signalbox/core';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import { pageHeaders } from '../access/web-pages.ts';
import type { GatewayContext } from '../request/exchange.ts';
import type { Drain } from './drain.ts';

/** Answers on node's own request and response. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** What a listener needs that answers some paths itself. */
export interface DirectOptions {
  /** Handlers of POST by their exact path. */
  readonly handlers: ReadonlyMap<string, (context: GatewayContext) => Promise<Response>>;
  readonly gatekeeper: Gatekeeper;
  readonly drain: Drain;
  readonly maxBodyBytes: number;
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[];
  /** Answers all else. */
  readonly others: Listener;
}

/** Names of this gateway that need no second look; what is written otherwise may be none. */
const PLAIN_HOST = /^(?:[a-z0-9._-]+|\[::1\])(?::(?:[1-5]?\d{1,4}|6[0-4]\d{3}))?$/;

/**
 * Answers the calls to models on node's own objects, past the framework: its request, response and layers cost as much as all that is decided for a small request. Whatever
 * is out of the ordinary (a page's request, a strange host, a body of unknown or too great length, somebody who may not enter, the end of the gateway) goes to the
 * framework, which does the same with more ado: `test/both-ways-in.test.ts` compares the two.
 */
export function createDirectListener({
  handlers,
  gatekeeper,
  drain,
  maxBodyBytes,
  corsOrigins,
  others,
}: DirectOptions): Listener {
  // No page's request comes this far: what is said of pages is the same for all.
  const ofPages = pageHeaders(undefined, corsOrigins);

  async function answer(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    path: string,
    handle: (context: GatewayContext) => Promise<Response>,
  ): Promise<void> {
    const context = new DirectContext(incoming, outgoing, path);
    // Whoever is still being asked for a token is running, too: the gateway does not end under it.
    const leave = drain.enter();
    try {
      const asked = gatekeeper(context);
      const admitted = asked instanceof Promise ? await asked : asked;
      context.caller = admitted.caller;
      context.opener = admitted.opener;
    } catch {
      // It is asked once more there, and says the same.
      others(incoming, outgoing);
      leave();
      return;
    }
    try {
      const response = await handle(context);
      if (response !== SENT) await send(response, ofPages, outgoing);
    } catch (error) {
      outgoing.destroy(error instanceof Error ? error : undefined);
    } finally {
      leave();
    }
  }

  return (incoming, outgoing) => {
    const { url = '', headers } = incoming;
    // Claude Code asks for `/v1/messages?beta=true`.
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const handle = incoming.method === 'POST' && !drain.draining ? handlers.get(path) : undefined;
    const length = headers['content-length'];
    if (
      handle === undefined ||
      length === undefined ||
      !(Number(length) <= maxBodyBytes) ||
      headers.origin !== undefined ||
      !PLAIN_HOST.test(headers.host ?? '')
    ) {
      return others(incoming, outgoing);
    }
    return answer(incoming, outgoing, path, handle);
  };
}

/** Means that the answer was written, and is never looked at. */
const SENT = Object.freeze({}) as Response;

/** What handlers ask of a request, on node's own objects. */
class DirectContext implements GatewayContext {
  readonly sent = SENT;
  readonly env: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
  readonly req: GatewayContext['req'];
  caller: Caller | undefined;
  opener: string | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, path: string) {
    this.env = { incoming, outgoing };
    this.req = new DirectRequest(incoming, path);
  }

  get(name: 'caller' | 'opener'): never {
    return (name === 'caller' ? this.caller : this.opener) as never;
  }
}

class DirectRequest {
  readonly method = 'POST';
  readonly path: string;
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage, path: string) {
    this.#incoming = incoming;
    this.path = path;
  }

  get url(): string {
    return `http://${this.#incoming.headers.host ?? 'localhost'}${this.#incoming.url ?? this.path}`;
  }

  get raw(): Request {
    return new Request(this.url, { method: 'POST', headers: this.#headers() });
  }

  query(name: string): string | undefined;
  query(): Record<string, string>;
  query(name?: string): Record<string, string> | string | undefined {
    const asked = new URL(this.url).searchParams;
    return name === undefined ? Object.fromEntries(asked) : (asked.get(name) ?? undefined);
  }

  header(): Record<string, string>;
  header(name: string): string | undefined;
  header(name?: string): Record<string, string> | string | undefined {
    return name === undefined ? this.#headers() : this.#headers()[name];
  }

  /** Only `set-cookie` is ever a list, and no request has it. */
  #headers(): Record<string, string> {
    return this.#incoming.headers as Record<string, string>;
  }
}

/** An answer that was not written past the handler: an error. */
async function send(response: Response, more: Record<string, string>, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  if (outgoing.destroyed) return;
  const headers = { ...Object.fromEntries(response.headers), ...more, 'content-length': body.length };
  outgoing.writeHead(response.status, headers);
  outgoing.end(body);
}
