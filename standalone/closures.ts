/** What npm must install of ours, and nothing more: docs/architecture.md. */
const PROVIDER_FORMATS = {
  'provider-anthropic': 'format-anthropic',
  'provider-openai': 'format-openai',
  'provider-google': 'format-gemini',
  'provider-ollama': 'format-ollama',
  'provider-openai-compatible': 'format-openai',
} as const;

export type ProviderPackage = keyof typeof PROVIDER_FORMATS;

export const PROVIDER_PACKAGES = Object.keys(PROVIDER_FORMATS) as readonly ProviderPackage[];

/** Folders of the packages that come with a provider. */
export function providerClosure(provider: ProviderPackage): readonly string[] {
  return ['core', PROVIDER_FORMATS[provider], provider, 'provider-kit'].sort();
}

/** Folders of the packages that come with the engine and a provider. */
export const routerClosure = (provider: ProviderPackage): readonly string[] =>
  [...providerClosure(provider), 'router'].sort();

/** Folders of the packages that come with a configured router and a provider. */
export const setupClosure = (provider: ProviderPackage): readonly string[] =>
  [
    ...routerClosure(provider),
    'cache',
    'config',
    'cost-tracker',
    'model-catalog',
    'rate-limit',
    'redaction',
    'setup',
    'strategies',
    'task-analysis',
  ].sort();

/** Packages of others that a provider brings along, and those that a configuration needs beside them. */
export const PROVIDER_STRANGERS: readonly string[] = ['eventsource-parser', 'undici'];
export const SETUP_STRANGERS: readonly string[] = [...PROVIDER_STRANGERS, 'lru-cache', 're2js', 'yaml', 'zod'].sort();
