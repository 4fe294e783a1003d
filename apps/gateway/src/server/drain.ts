import { randomUUID } from 'node:crypto';
import { ProviderError } from '@signalbox/core';
import type { MiddlewareHandler } from 'hono';
import { idHeaders } from '../answer/id-headers.ts';
import type { GatewayEnvironment } from '../request/exchange.ts';
import { formatOfPath } from '../request/format-of-path.ts';

/** The end of a gateway's life: what runs may finish, and nothing new begins. */
export interface Drain {
  readonly running: number;
  readonly draining: boolean;
  /** From now on new requests are refused with 503. Resolves when none is running any more. */
  begin(): Promise<void>;
  /** Resolves when the requests that are running now are over, whoever comes meanwhile. */
  settled(): Promise<void>;
  /** A request has come in; gives what is called when it is over. */
  enter(): () => void;
  /** Counts requests; refuses them while draining, but for those that ask how the gateway is. */
  readonly middleware: MiddlewareHandler<GatewayEnvironment>;
}

/** What is answered to the end. */
const ALWAYS = new Set(['/healthz', '/health/providers']);

const SHUTTING_DOWN = new ProviderError({
  kind: 'overloaded',
  status: 503,
  message: 'This gateway is shutting down: send the request again in a moment, or to another one.',
});

/** Requests that came in between two moments at which somebody asked to hear of the end of all that ran. */
interface Generation {
  running: number;
  /** Hears that none of them is running any more, once no more of them can come. */
  onOver?: () => void;
  readonly leave: () => void;
}

export function createDrain(): Drain {
  let running = 0;
  let draining = false;
  let idle: (() => void) | undefined;
  let newest = createGeneration();
  /** The end of all generations before the newest. */
  let earlier = Promise.resolve();

  // One function for all requests of a generation: a request costs a counter.
  function createGeneration(): Generation {
    const generation: Generation = {
      running: 0,
      leave() {
        running -= 1;
        generation.running -= 1;
        if (generation.running === 0) generation.onOver?.();
        if (running === 0) idle?.();
      },
    };
    return generation;
  }

  function enter(): () => void {
    running += 1;
    newest.running += 1;
    return newest.leave;
  }

  return {
    enter,
    get running() {
      return running;
    },
    get draining() {
      return draining;
    },
    begin() {
      draining = true;
      return running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle = resolve;
          });
    },
    settled() {
      const last = newest;
      if (last.running > 0) {
        const before = earlier;
        earlier = new Promise<void>((resolve) => {
          last.onOver = resolve;
        }).then(() => before);
        newest = createGeneration();
      }
      return earlier;
    },
    async middleware(context, next) {
      if (draining) context.header('connection', 'close');
      if (ALWAYS.has(context.req.path)) return next();
      if (draining) {
        const { body } = formatOfPath(context).server.encodeError(SHUTTING_DOWN);
        const headers = { ...idHeaders(randomUUID()), 'retry-after': '1', connection: 'close' };
        return Response.json(body, { status: 503, headers });
      }
      const leave = enter();
      try {
        await next();
      } finally {
        leave();
      }
    },
  };
}
