import type { BatchItem, Candidate, ModelRequest, TranslationNote } from '@signalbox/core';

/** A request of a batch for a candidate, and what of it the candidate's format can't say. Throws RouterError as the codec does. */
export function encodeItem(
  id: string,
  candidate: Candidate,
  request: ModelRequest,
): BatchItem & { readonly notes: readonly TranslationNote[] } {
  const { provider, facts } = candidate;
  const { path, headers, body, notes, cutAt } = provider.format.client.encodeRequest(
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
  return { id, request: { path, headers, body }, notes: cutAt === undefined ? notes : notes.map(uncut) };
}

/** Answers of a batch come as they are: nobody cuts them at a stop sequence that the provider does not take. */
function uncut(note: TranslationNote): TranslationNote {
  if (!note.field.startsWith('stopSequences')) return note;
  return { ...note, action: 'dropped', reason: 'the provider does not take it, and answers of a batch are not cut' };
}
