import type { Candidate, Inbound, ProviderError, ProviderErrorKind, Removal } from '@signalbox/core';

/** The credential to call a candidate with, where it is the caller's own; undefined: the provider has its key. */
export function credentialsFor(
  { provider }: Candidate,
  { wire }: Inbound,
): Readonly<Record<string, string>> | undefined {
  return provider.callerCredentials === true ? wire?.credentials : undefined;
}

/**
 * Why a provider that is called with the caller's own credential can't be called for this request. A credential goes to whoever speaks the API in which it was shown, and to
 * nobody else: it was meant for that vendor.
 */
export function whyNotWithCredentials({ id, provider }: Candidate, { wire }: Inbound): Removal | undefined {
  if (provider.callerCredentials !== true) return undefined;
  const speaksIt = [provider.format, ...(provider.alsoSpeaks ?? [])].some((format) => format.id === wire?.format.id);
  const out = (reason: string): Removal => ({ candidate: id, kind: 'missing-key', reason });
  if (!speaksIt) return out("is called with the caller's own credential, and this request came by another API");
  return wire?.credentials === undefined
    ? out("is called with the caller's own credential, and this request shows none")
    : undefined;
}

const OF_A_CREDENTIAL: ReadonlySet<ProviderErrorKind> = new Set([
  'authentication',
  'permission',
  'quota',
  'rate-limit',
]);

/** Whether a failure says something of one caller's credential, and nothing of the endpoint that others use too. */
export function isCallersMatter({ provider }: Candidate, { kind }: ProviderError): boolean {
  return provider.callerCredentials === true && OF_A_CREDENTIAL.has(kind);
}
