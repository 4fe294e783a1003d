import type { GatewayContext } from './exchange.ts';

const BEARER = /^bearer +(\S+) *$/i;

/**
 * What a caller shows to get in, in the places of the four APIs: our own header first (it leaves the others to credentials for the provider), `authorization: Bearer`
 * (OpenAI, Ollama, Claude Code), `x-api-key` (Anthropic), `x-goog-api-key` and the query's `key` (Google).
 */
export function presentedKeys(context: GatewayContext, headers: Readonly<Record<string, string>>): readonly string[] {
  const bearer = headers.authorization === undefined ? undefined : BEARER.exec(headers.authorization)?.[1];
  const presented = [headers['x-signalbox-key'], bearer, headers['x-api-key'], headers['x-goog-api-key']];
  if (speaksGoogle(context.req.path)) presented.push(context.req.query('key'));
  return presented.filter((one): one is string => one !== undefined && one !== '');
}

/** Whether a path is one of Google's API. */
export function speaksGoogle(path: string): boolean {
  return path.startsWith('/v1beta/') || path.startsWith('/v1/models/');
}
