import type { BatchItem, Candidate, ModelRequest, TranslationNote } from '@signalbox/core';

/** A request of a batch for a candidate, and what of it the candidate's format can't say. Throws RouterError as the codec does. */
export function encodeItem(
  id: string,
  candidate: Candidate,
  request: ModelRequest,
): BatchItem & { readonly notes: readonly TranslationNote[] } {
  const { provider, facts } = candidate;
  const { path, headers, body, notes } = provider.format.client.encodeRequest(
    { ...request, stream: false },
    {
      model: candidate.model,
      stream: false,
      provider: provider.id,
      quirks: provider.quirks,
      capabilities: facts.capabilities,
      maxOutput: facts.maxOutput,
      reasoningEfforts: facts.reasoningEfforts,
      reasoningBudget: facts.reasoningBudget,
    },
  );
  return { id, request: { path, headers, body }, notes };
}
