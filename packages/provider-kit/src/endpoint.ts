import { RouterError } from '@signalbox/core';

/** A base URL, taken apart. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path before a format's own path, version included, without a slash at its end: `''` or `/v1`. */
  readonly basePath: string;
  /** Host and port, for messages. */
  readonly host: string;
}

/**
 * Reads a base URL that may come with or without the version path: for `/v1`, `https://host`, `https://host/`,
 * `https://host/v1` and `https://host/proxy` give `/v1`, `/v1`, `/v1` and `/proxy/v1`.
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
  const basePath = versionPath === '' || path.endsWith(versionPath) ? path : `${path}${versionPath}`;
  return { origin: url.origin, basePath, host: url.host };
}
