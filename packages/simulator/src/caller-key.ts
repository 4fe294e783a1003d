import type { IncomingHttpHeaders } from 'node:http';

/** The caller's key, wherever a vendor lets it stand: in four headers or the query. */
export function readKey(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  // The order is Anthropic's: with both headers, x-api-key wins.
  for (const name of ['x-api-key', 'x-goog-api-key', 'api-key']) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? query.get('key') ?? undefined;
}
