/** Where clients show what a provider is to know them by. */
const HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key'] as const;

/** What a caller shows beside the key that opened the gateway: its own credential for a provider. Undefined: nothing. */
export function callersCredentials(
  headers: Readonly<Record<string, string>>,
  opener: string | undefined,
): Readonly<Record<string, string>> | undefined {
  let shown: Record<string, string> | undefined;
  for (const name of HEADERS) {
    const value = headers[name];
    if (value === undefined || (opener !== undefined && value.includes(opener))) continue;
    shown ??= {};
    shown[name] = value;
  }
  return shown;
}
