import { RouterError } from '@signalbox/core';

/** A base URL, taken apart. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path before a format's own path, version included, without a slash at its end: `''` or `/v1`. */
  readonly basePath: string;
  /** What every call asks with, e.g. `api-version=2024-10-21`; `''`: nothing. */
  readonly query: string;
  /** Host and port, for messages. */
  readonly host: string;
}

/**
 * Reads a base URL that may come with or without the version path: for `/v1`, `https://host`, `https://host/`,
 * `https://host/v1` and `https://host/proxy` give `/v1`, `/v1`, `/v1` and `/proxy/v1`. A path that ends in another version (`/api/v3`) is taken as it is. An endpoint with a query says its version
 * there, so its path is taken as it is: `https://host/openai/deployments/gpt?api-version=2024-10-21`.
 * Throws RouterError `configuration` on anything that is not an http(s) URL. Names and passwords in the URL are refused:
 * they would end up in logs.
 */
export function readEndpoint(text: string, versionPath: string, provider: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new RouterError({
      kind: 'configuration',
      message: `providers.${provider}.endpoint is not an http(s) URL: write it like https://host or http://localhost:11434.`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new RouterError({
      kind: 'configuration',
      message: `providers.${provider}.endpoint has a user name or password in it: use api_key or headers instead.`,
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  const query = url.search.slice(1);
  const whole =
    versionPath === '' || query !== '' || path.endsWith(versionPath) || /\/v\d+(?:alpha|beta)?\d*$/.test(path);
  return { origin: url.origin, basePath: whole ? path : `${path}${versionPath}`, query, host: url.host };
}

/** The path of a call at an endpoint, query included. */
export function pathAt(endpoint: Endpoint, path: string): string {
  const whole = `${endpoint.basePath}${path}`;
  if (endpoint.query === '') return whole;
  return `${whole}${whole.includes('?') ? '&' : '?'}${endpoint.query}`;
}
