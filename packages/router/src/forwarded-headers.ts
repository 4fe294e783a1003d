/** Headers of a caller that a provider of the same format may see: versions, betas and the client's own marks. */
const FORWARDED = new Set([
  'accept',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'user-agent',
  'x-goog-api-client',
]);
const FORWARDED_PREFIXES = ['x-stainless-'];

/** The headers that go along on the byte lane. Credentials never do: the provider has its own. */
export function forwardedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (FORWARDED.has(name) || FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix))) forwarded[name] = value;
  }
  return forwarded;
}
