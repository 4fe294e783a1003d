import type { IncomingHttpHeaders } from 'node:http';
import type { JsonValue } from '@signalbox/core';
import type { SimulatedFormatId } from './simulated-request.ts';

/** A request that the simulator received. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query; a `key` in the query is `present`. */
  readonly path: string;
  /** Names in lower case; headers that hold secrets are `present`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; its text where it is not JSON; absent without one. */
  readonly body?: JsonValue | undefined;
  readonly format?: SimulatedFormatId | undefined;
  readonly model?: string | undefined;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** HTTP status; absent while, or where, none was sent. */
  readonly status?: number | undefined;
  /** Events of a stream that were sent; 1 for a whole body. */
  readonly eventsSent: number;
  /** The caller hung up before the answer was complete. */
  readonly aborted: boolean;
  /** Resolves when the exchange is over: answered, broken off or aborted. */
  readonly done: Promise<void>;
}

/** The log's own view of an entry. */
export type OpenLogEntry = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] } & { finish(): void };

const SECRETS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
]);

export function createLogEntry(
  method: string,
  url: URL,
  headers: IncomingHttpHeaders,
  startedAt: number,
): OpenLogEntry {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    method,
    path: loggedPath(url),
    headers: loggedHeaders(headers),
    startedAt,
    eventsSent: 0,
    aborted: false,
    done: promise,
    finish: resolve,
  };
}

function loggedPath(url: URL): string {
  if (!url.searchParams.has('key')) return url.pathname + url.search;
  const query = new URLSearchParams(url.searchParams);
  query.set('key', 'present');
  return `${url.pathname}?${query}`;
}

function loggedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRETS.has(name) ? 'present' : String(value)]),
  );
}
