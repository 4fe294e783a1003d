import type { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { GatewayEnvironment } from '../request/exchange.ts';

/** Lets the pages of some origins call (CORS). Without any, nothing is said and browsers keep pages away. */
export function allowWebPages(app: Hono<GatewayEnvironment>, origins: readonly string[]): void {
  if (origins.length > 0) app.use(cors({ origin: [...origins], maxAge: 600 }));
}

/** The same for answers that are written to the socket past Hono. */
export function pageHeaders(origin: string | undefined, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  return origin !== undefined && origins.includes(origin)
    ? { 'access-control-allow-origin': origin, vary: 'Origin' }
    : { vary: 'Origin' };
}
