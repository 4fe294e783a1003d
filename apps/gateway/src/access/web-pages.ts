import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { cors } from 'hono/cors';
import { idHeaders } from '../apis/api-options.ts';
import type { GatewayEnvironment } from '../request/exchange.ts';

/** Headers of answers that a page may read: all, `retry-after` and the answer's id among them. `*` stands for that where no cookie is sent, and here a key is shown. */
const EXPOSED = '*';

/** Lets the pages of some origins call (CORS). Without any, nothing is said and browsers keep pages away. */
export function allowWebPages(app: Hono<GatewayEnvironment>, origins: readonly string[]): void {
  if (origins.length === 0) return;
  // What a browser asks beforehand is answered by the next one, and nobody else.
  app.options('*', (context, next) => {
    for (const [name, value] of Object.entries(idHeaders(randomUUID()))) context.header(name, value);
    return next();
  });
  app.use(cors({ origin: [...origins], exposeHeaders: [EXPOSED], maxAge: 600 }));
}

/** The same for answers that are written to the socket past Hono. */
export function pageHeaders(origin: string | undefined, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  // As Hono does it, what may be read is said to all: it means nothing to a page that may not call.
  const all = { 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
  return origin !== undefined && origins.includes(origin) ? { 'access-control-allow-origin': origin, ...all } : all;
}
