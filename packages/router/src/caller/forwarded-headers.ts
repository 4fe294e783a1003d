/**
 * Headers of a caller that a provider of the same format may see: what the formats' own clients send and their vendors act on (observed in November 2026). A list of what
 * passes, not of what doesn't: credentials and what belongs to the connection never do, whatever they are called.
 */
const FORWARDED: ReadonlySet<string> = new Set([
  'accept',
  'user-agent',
  // Anthropic's SDKs and Claude Code.
  'anthropic-version',
  'anthropic-beta',
  'x-app',
  'x-claude-code-session-id',
  // OpenAI's SDKs and Codex; `x-openai-internal-codex-responses-lite` says that tools stand in the input.
  'openai-beta',
  'originator',
  'version',
  'session-id',
  'thread-id',
  'x-client-request-id',
  'x-openai-internal-codex-responses-lite',
  // Google's SDKs.
  'x-goog-api-client',
  // opencode.
  'x-session-id',
  'x-session-affinity',
]);
const FORWARDED_PREFIXES = ['x-stainless-', 'x-codex-'];

/** The headers that go along on the byte lane, over those that the format needs. Credentials never do: the provider has its own. */
export function forwardedHeaders(
  headers: Readonly<Record<string, string>>,
  needed?: Readonly<Record<string, string>>,
): Record<string, string> {
  const forwarded: Record<string, string> = needed === undefined ? {} : { ...needed };
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && isForwarded(name)) forwarded[name] = value;
  }
  return forwarded;
}

const isForwarded = (name: string): boolean =>
  FORWARDED.has(name) || FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix));
