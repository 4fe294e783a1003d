/** Where examples read keys from. */
export const KEY_VARIABLES = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'ACME_API_KEY'] as const;

/** What an example reads from its environment, with the simulator at `url` in the place of every vendor. */
export function simulatedVendors(url: string): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(KEY_VARIABLES.map((name) => [name, 'simulated'])),
    ANTHROPIC_BASE_URL: `${url}/anthropic`,
    OPENAI_BASE_URL: `${url}/openai/v1`,
    ACME_BASE_URL: `${url}/openai/v1`,
    OLLAMA_BASE_URL: url,
  };
}
