/** Where clients show what a provider is to know them by. */
const HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key'] as const;

/** What a caller shows beside the key that opened the gateway: its own credential for a provider. Undefined: nothing. */
export function callersCredentials(
  headers: Readonly<Record<string, string>>,
  opener: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const shown = HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    const isOurs = value === undefined || (opener !== undefined && value.includes(opener));
    return isOurs ? [] : [[name, value]];
  });
  return shown.length === 0 ? undefined : Object.fromEntries(shown);
}
