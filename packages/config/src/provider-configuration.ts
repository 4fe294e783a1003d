/** One block of `providers`. */
export interface ProviderConfiguration {
  readonly id: string;
  /** Absent when none was written, or when its variable is empty or not set. */
  readonly apiKey?: string | undefined;
  /** Several keys to be used in turns, instead of `apiKey`: those that are there. Absent when none is. */
  readonly apiKeys?: readonly string[] | undefined;
  /** The variable that the key, or the first of several, was written with (`${VAR}`), also when the variable is not set. */
  readonly apiKeyVariable?: string | undefined;
  /** `caller`: calls are made with what the gateway's callers show, and with no key. */
  readonly credentials?: 'own' | 'caller' | undefined;
  readonly endpoint?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The provider whose format, authentication and models this one has, where it is not the one of its own name. */
  readonly type?: string | undefined;
  /** npm package or path of a third party's provider. */
  readonly package?: string | undefined;
  /** Time to the first content, and the whole of an answer that isn't streamed. */
  readonly timeoutMs?: number | undefined;
  /** Time between two pieces of an answer. */
  readonly idleTimeoutMs?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  /** Tokens of input and output together. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls under way at once. */
  readonly maxConcurrent?: number | undefined;
  /** Short name or name of the model to use when only the provider is named. */
  readonly default?: string | undefined;
  /** By short name; a model from a list has its own name as short name. */
  readonly models: Readonly<Record<string, ModelConfiguration>>;
  /** Whether the configuration says which models there are; `false`: all that the provider has. */
  readonly modelsListed: boolean;
  /** For the provider's own schema. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Path of the file that says where this provider leads: the one with `package`, else `endpoint`, else `type`, else its first. */
  readonly definedIn: string;
}

/** One model of a provider, as a configuration lists it (`providers.*.models`). */
export interface ModelConfiguration {
  /** The model's name as the provider or the catalogue knows it. */
  readonly name: string;
  /** Tokens of input and output together (`max_tokens`). */
  readonly contextWindow?: number | undefined;
  /** Tokens of output at most (`max_output_tokens`). */
  readonly maxOutputTokens?: number | undefined;
  /** Instead of the provider's. */
  readonly timeoutMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** Dollars for 1,000 tokens, as written. */
  readonly ratesPer1k?: { readonly input: number; readonly output: number } | undefined;
  /** This model's own, beside the provider's. */
  readonly rateLimit?: RateLimit | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly maxConcurrent?: number | undefined;
}

/** So many requests in so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}
