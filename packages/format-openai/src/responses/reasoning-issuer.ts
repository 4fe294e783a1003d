import type { ReasoningPart } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/**
 * Who encrypted reasoning in this format: each endpoint for itself (OpenAI, Azure, a server in the house), so the provider's id is part of it.
 * What a caller of this format brings back names nobody: it came from some endpoint of this format.
 */
export function responsesIssuer(provider?: string): string {
  return provider === undefined ? FORMAT_ID : `${FORMAT_ID}:${provider}`;
}

type Proofs = Pick<ReasoningPart, 'encrypted' | 'signature'>;

/** What an endpoint of this format encrypted, for a provider that can read it. `''`: it is kept there under the item's id. */
export function encryptedFor(part: Proofs, provider: string): string | undefined {
  return proofOf(part, (issuer) => issuer === FORMAT_ID || issuer === responsesIssuer(provider));
}

/** What any endpoint of this format encrypted, for a caller who keeps it and can't read it anyway. */
export function encryptedForCaller(part: Proofs): string | undefined {
  return proofOf(part, (issuer) => issuer === FORMAT_ID || issuer.startsWith(`${FORMAT_ID}:`));
}

function proofOf({ encrypted, signature }: Proofs, fits: (issuer: string) => boolean): string | undefined {
  for (const proof of [encrypted, signature]) if (proof !== undefined && fits(proof.issuer)) return proof.value;
  return undefined;
}
