import type { GatewayContext } from './exchange.ts';

const BEARER = /^bearer +(\S+) *$/i;

/**
 * What a caller shows to get in, in the places of the four APIs: our own header first (it leaves the others to credentials for the provider), `authorization: Bearer`
 * (OpenAI, Ollama, Claude Code), `x-api-key` (Anthropic), `x-goog-api-key` and the query's `key` (Google).
 */
export function presentedKeys(context: GatewayContext, headers: Readonly<Record<string, string>>): readonly string[] {
  const bearer = headers.authorization === undefined ? undefined : BEARER.exec(headers.authorization)?.[1];
  const presented = [headers['x-signalbox-key'], bearer, headers['x-api-key'], headers['x-goog-api-key']];
  if (isGoogles(context.req.path)) presented.push(context.req.query('key'));
  return presented.filter((one): one is string => one !== undefined && one !== '');
}

/** Whether a path may be one of Google's API: below `/v1` it shares some with OpenAI's and Anthropic's. */
function isGoogles(path: string): boolean {
  return path.startsWith('/v1beta/') || path === '/v1/models' || path.startsWith('/v1/models/');
}

/** Whether a caller speaks Google's API: its libraries say v1 or v1beta, by their age, and who they are. */
export function speaksGoogle({ req }: GatewayContext): boolean {
  if (req.path.startsWith('/v1beta/')) return true;
  // Nobody else posts there.
  if (req.method === 'POST' && req.path.startsWith('/v1/models/')) return true;
  if (req.header('x-goog-api-client') !== undefined || req.header('x-goog-api-key') !== undefined) return true;
  return isGoogles(req.path) && req.query('key') !== undefined;
}
