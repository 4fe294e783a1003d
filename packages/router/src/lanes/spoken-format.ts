import type { Candidate, Inbound } from '@signalbox/core';

/** The candidate in the format that it is spoken to for this caller: the caller's own where the provider speaks it, else its first. */
export function inCallersFormat(candidate: Candidate, inbound: Inbound): Candidate {
  const { provider } = candidate;
  const wanted = inbound.wire?.format.id;
  if (wanted === undefined || wanted === provider.format.id) return candidate;
  const format = provider.alsoSpeaks?.find((one) => one.id === wanted);
  return format === undefined ? candidate : { ...candidate, provider: { ...provider, format } };
}
