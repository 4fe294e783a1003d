/** Packages of ours that bring a provider, by what a configuration calls it (its name or `type`). A name only: none is a dependency. */
const PROVIDER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@signalbox/provider-anthropic': ['anthropic', 'anthropic-compatible'],
  '@signalbox/provider-openai': ['openai', 'openai-responses'],
  '@signalbox/provider-google': ['google'],
  '@signalbox/provider-ollama': ['local', 'ollama'],
  '@signalbox/provider-openai-compatible': [
    'openai-compatible',
    'mistral',
    'groq',
    'deepseek',
    'xai',
    'openrouter',
    'together',
    'cerebras',
    'perplexity',
    'moonshot',
    'qwen',
    'zai',
    'azure',
    'vllm',
    'lmstudio',
    'llamacpp',
  ],
};

/** The package that brings a provider of this name or `type`; undefined: none of ours does. */
export function providerPackageOf(name: string): string | undefined {
  return Object.entries(PROVIDER_PACKAGES).find(([, names]) => names.includes(name))?.[0];
}
