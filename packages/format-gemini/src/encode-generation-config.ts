import {
  type EncodeContext,
  type JsonObject,
  leastOutput,
  type ModelRequest,
  type NoteList,
  namedSchema,
} from '@signalbox/core';
import { encodeThinking } from './encode-thinking.ts';
import { modelGeneration } from './model-generation.ts';

/** Google's limit. */
export const MAX_STOP_SEQUENCES = 5;

/** Writes `generationConfig` without what extensions add; undefined where nothing is set. */
export function encodeGenerationConfig(
  request: ModelRequest,
  context: EncodeContext,
  notes: NoteList,
): JsonObject | undefined {
  const config: JsonObject = {
    ...encodeSampling(request, context, notes),
    ...encodeLimits(request, notes),
    ...encodeOutput(request, context, notes),
  };
  const thinking = encodeThinking(request.reasoning, context, notes);
  if (thinking !== undefined) config.thinkingConfig = thinking;
  return Object.keys(config).length === 0 ? undefined : config;
}

function encodeSampling(request: ModelRequest, context: EncodeContext, notes: NoteList): JsonObject {
  const sampling = request.sampling;
  if (sampling === undefined) return {};
  const { minP, ...known } = sampling;
  if (minP !== undefined) notes.dropped('sampling.minP', 'Gemini has no min_p');
  const written: JsonObject = {};
  for (const [name, value] of Object.entries(known)) {
    if (value === undefined) continue;
    if (context.capabilities?.temperature === false && name !== 'seed') {
      notes.dropped(`sampling.${name}`, `${context.model} refuses sampling parameters`);
    } else written[name] = value;
  }
  return written;
}

function encodeLimits(request: ModelRequest, notes: NoteList): JsonObject {
  const written: JsonObject = {};
  if (request.maxOutputTokens !== undefined) written.maxOutputTokens = leastOutput(request.maxOutputTokens, notes);
  if (request.outputModalities !== undefined) {
    written.responseModalities = request.outputModalities.map((kind) => kind.toUpperCase());
  }
  if (request.candidateCount !== undefined) written.candidateCount = request.candidateCount;
  if (request.stopSequences !== undefined) {
    if (request.stopSequences.length > MAX_STOP_SEQUENCES) {
      const reason = `Gemini takes ${MAX_STOP_SEQUENCES}: the answer is cut where one of the others comes`;
      notes.approximated('stopSequences', reason);
    }
    written.stopSequences = request.stopSequences.slice(0, MAX_STOP_SEQUENCES);
  }
  if (request.logprobs !== undefined) {
    written.responseLogprobs = true;
    if (request.logprobs.alternatives > 0) written.logprobs = request.logprobs.alternatives;
  }
  return written;
}

function encodeOutput(request: ModelRequest, context: EncodeContext, notes: NoteList): JsonObject {
  const output = request.output;
  if (output === undefined) return {};
  const generation = modelGeneration(context.model).version;
  if (request.tools !== undefined && request.tools.length > 0 && generation !== undefined && generation < 3) {
    notes.dropped('output', `${context.model} takes no output format beside tools`);
    return {};
  }
  if (output.type === 'json') return { responseMimeType: 'application/json' };
  if (output.strict !== undefined) notes.mapped('output.strict', 'Gemini always keeps to the schema');
  return { responseMimeType: 'application/json', responseJsonSchema: namedSchema(output, notes) };
}
