import { HTTP2_PROVIDERS } from './http2-upstream.ts';

/** Addresses that a configuration needs. */
export interface Upstreams {
  /** The fault server, without a slash at the end. */
  readonly faults: string;
  /** Accepts connections and never shakes hands. */
  readonly silentTls: string;
  /** Shakes hands with a certificate that nobody signed. */
  readonly selfSignedTls: string;
  /** Nobody listens. */
  readonly refused: string;
  /** Drops whoever wants to connect. */
  readonly blackHole: string;
  /** Speaks HTTP/2 and fails as only that can. */
  readonly http2: string;
  /** The certificate of `http2`, to be trusted. */
  readonly http2Certificate: string;
}

/** Providers whose names resolve as `odd-resolver.mjs` has it. */
const ODD_NAMES = ['slow', 'failing', 'moving', 'dead-ipv6'] as const;

/** Providers that speak Chat Completions, by name: the endpoint and the models of each. */
const chatProviders = (
  upstreams: Upstreams,
): readonly (readonly [name: string, endpoint: string, models: string])[] => [
  ['primary', `${upstreams.faults}/primary/v1`, 'bench-primary'],
  ['fallback', `${upstreams.faults}/fallback/v1`, 'fb-ok, fb-ok-noprefill'],
  ['nowhere', 'http://nowhere.invalid/v1', 'unreachable'],
  ...ODD_NAMES.map(
    (name) =>
      [name, `${upstreams.faults.replace('127.0.0.1', `${name}.bench.test`)}/${name}/v1`, 'bench-primary'] as const,
  ),
  ['refused', `${upstreams.refused}/v1`, 'unreachable'],
  ['blackhole', `${upstreams.blackHole}/v1`, 'unreachable'],
  ['silenttls', `${upstreams.silentTls}/v1`, 'unreachable'],
  ...HTTP2_PROVIDERS.map((name) => [name, `${upstreams.http2}/${name}/v1`, 'bench-h2'] as const),
  ['selfsigned', `${upstreams.selfSignedTls}/v1`, 'unreachable'],
];

/** The names that a case may ask for, and who stands behind each. */
const CHAINS = {
  'bench-h2reset': 'h2reset/bench-h2, fallback/fb-ok',
  'bench-h2refused': 'h2refused/bench-h2, fallback/fb-ok',
  'bench-h2goaway': 'h2goaway/bench-h2, fallback/fb-ok',
  'bench-h2drain': 'h2drain/bench-h2, fallback/fb-ok',
  'bench-h2cut': 'h2cut/bench-h2, fallback/fb-ok',
  'bench-h2silent': 'h2silent/bench-h2, fallback/fb-ok',
  bench: 'primary/bench-primary, fallback/fb-ok',
  'bench-noprefill': 'primary/bench-primary, fallback/fb-ok-noprefill',
  'bench-pool': 'pool/bench-primary, fallback/fb-ok',
  'bench-poolalone': 'pool/bench-primary',
  'bench-alone': 'primary/bench-primary',
  'bench-anthropic': 'anthropic/claude-sonnet-4-5, fallback/fb-ok',
  'bench-responses': 'responses/bench-primary, fallback/fb-ok',
  'bench-claude': 'anthropic/bench-primary, fallback/fb-ok',
  'bench-claude-noprefill': 'anthropic/bench-primary, fallback/fb-ok-noprefill',
  'bench-google': 'google/bench-primary, fallback/fb-ok',
  'bench-google-noprefill': 'google/bench-primary, fallback/fb-ok-noprefill',
  'bench-responses-noprefill': 'responses/bench-primary, fallback/fb-ok-noprefill',
  'bench-gemini': 'google/gemini-2.5-flash, fallback/fb-ok',
  'bench-ollama': 'local/llama3.2, fallback/fb-ok',
  'bench-nowhere': 'nowhere/unreachable, fallback/fb-ok',
  'bench-slow': 'slow/bench-primary, fallback/fb-ok',
  'bench-failing': 'failing/bench-primary, fallback/fb-ok',
  'bench-moving': 'moving/bench-primary, fallback/fb-ok',
  'bench-dead-ipv6': 'dead-ipv6/bench-primary, fallback/fb-ok',
  'bench-refused': 'refused/unreachable, fallback/fb-ok',
  'bench-blackhole': 'blackhole/unreachable, fallback/fb-ok',
  'bench-silenttls': 'silenttls/unreachable, fallback/fb-ok',
  'bench-selfsigned': 'selfsigned/unreachable, fallback/fb-ok',
} as const;

export type BenchModel = keyof typeof CHAINS;

/**
 * The baseline: at most two retries, 30 s for an attempt, one fallback, no cache, and everything else as it is by default.
 * `chatPackage`: the module of the Chat Completions provider, for a program that has none bundled.
 */
export function gatewayConfiguration(upstreams: Upstreams, chatPackage: string | undefined): string {
  const from = chatPackage === undefined ? '' : `, package: ${JSON.stringify(chatPackage)}`;
  return `providers:
${chatProviders(upstreams)
  .map(([name, endpoint, models]) => `  ${name}: { endpoint: "${endpoint}", api_key: k, models: [${models}]${from} }`)
  .join('\n')}
  pool: { endpoint: "${upstreams.faults}/pool/v1", api_keys: [bad, good], models: [bench-primary]${from} }
  anthropic: { endpoint: "${upstreams.faults}/anthropic", api_key: k, models: [claude-sonnet-4-5, bench-primary] }
  responses: { type: openai-responses, endpoint: "${upstreams.faults}/responses/v1", api_key: k, models: [bench-primary] }
  google: { endpoint: "${upstreams.faults}/google", api_key: k, models: [gemini-2.5-flash, bench-primary] }
  local: { endpoint: "${upstreams.faults}/local", models: [llama3.2] }
models:
${Object.entries(CHAINS)
  .map(([name, chain]) => `  ${name}: { chain: [${chain}] }`)
  .join('\n')}
retry: { max_attempts: 3, timeout: 30s }
`;
}
