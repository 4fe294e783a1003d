/** What a provider of one wire format imports and how it usually is reached. */
export interface ProviderFormat {
  readonly id: string;
  /** npm package. */
  readonly package: string;
  readonly export: string;
  readonly versionPath: string;
  /** The header that carries the key. */
  readonly header: string;
  /** What comes before the key in it. */
  readonly scheme: string;
  /** Usual quirks of servers that speak the format and are not its maker's, as code. */
  readonly quirks: string;
}

/** The wire formats for which a package can be written, the most common first. */
export const PROVIDER_FORMATS: readonly ProviderFormat[] = [
  {
    id: 'openai-chat',
    package: '@signalbox/format-openai',
    export: 'openaiChat',
    versionPath: '/v1',
    header: 'authorization',
    scheme: 'Bearer ',
    quirks: "{ maxTokensField: 'max_tokens', userField: 'user', developerRole: false }",
  },
  {
    id: 'anthropic-messages',
    package: '@signalbox/format-anthropic',
    export: 'anthropicMessages',
    versionPath: '/v1',
    header: 'x-api-key',
    scheme: '',
    quirks: '{}',
  },
  {
    id: 'gemini',
    package: '@signalbox/format-gemini',
    export: 'gemini',
    versionPath: '/v1beta',
    header: 'x-goog-api-key',
    scheme: '',
    quirks: '{}',
  },
  {
    id: 'ollama-chat',
    package: '@signalbox/format-ollama',
    export: 'ollamaChat',
    versionPath: '',
    header: 'authorization',
    scheme: 'Bearer ',
    quirks: '{}',
  },
];
