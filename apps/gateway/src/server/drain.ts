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

export function createDrain(): Drain {
  let running = 0;
  let draining = false;
  let idle: (() => void) | undefined;

  function leave(): void {
    running -= 1;
    if (running === 0) idle?.();
  }

  return {
    enter() {
      running += 1;
      return leave;
    },
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
    async middleware(context, next) {
      if (draining) context.header('connection', 'close');
      if (ALWAYS.has(context.req.path)) return next();
      if (draining) {
        const { body } = formatOfPath(context).server.encodeError(SHUTTING_DOWN);
        const headers = { ...idHeaders(randomUUID()), 'retry-after': '1', connection: 'close' };
        return Response.json(body, { status: 503, headers });
      }
      running += 1;
      try {
        await next();
      } finally {
        leave();
      }
    },
  };
}
