import { type EncodeContext, type JsonObject, leastOutput, type ModelRequest, type NoteList } from '@signalbox/core';

/** Writes `options` without what extensions add; undefined where nothing is set. */
export function encodeOptions(request: ModelRequest, context: EncodeContext, notes: NoteList): JsonObject | undefined {
  const { sampling } = request;
  const options: JsonObject = {
    temperature: sampling?.temperature,
    top_p: sampling?.topP,
    top_k: sampling?.topK,
    min_p: sampling?.minP,
    frequency_penalty: sampling?.frequencyPenalty,
    presence_penalty: sampling?.presencePenalty,
    seed: sampling?.seed,
    num_predict: request.maxOutputTokens === undefined ? undefined : leastOutput(request.maxOutputTokens, notes),
    stop: request.stopSequences === undefined ? undefined : [...request.stopSequences],
    num_ctx: typeof context.quirks.contextWindow === 'number' ? context.quirks.contextWindow : undefined,
  };
  if (request.candidateCount !== undefined && request.candidateCount > 1) {
    notes.dropped('candidateCount', 'Ollama gives one answer');
  }
  let set: JsonObject | undefined;
  for (const name of Object.keys(options)) {
    if (options[name] === undefined) continue;
    set ??= {};
    set[name] = options[name];
  }
  return set;
}
