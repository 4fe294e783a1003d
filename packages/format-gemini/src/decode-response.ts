import {
  asObject,
  createResponseFold,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelResponse,
  type OtherAnswer,
  type Part,
} from '@signalbox/core';
import { answerError, callScope, invalidAnswer } from './answer-fault.ts';
import { answerExtensions, answerFinish, answerUsage, createAnswerState, readAnswer } from './answer-state.ts';
import { createCallLedger } from './call-id.ts';
import { createChunkDecoder } from './chunk-decoder.ts';
import { decodePart } from './decode-part.ts';
import { decodeGrounding } from './grounding.ts';
import { readLogprobsResult } from './logprobs-result.ts';

/**
 * Reads the answer of `generateContent`, or the array of chunks that `streamGenerateContent` sends without `alt=sse`. Throws
 * ProviderError: `invalid-response`, or what an error in the body says.
 */
export function decodeResponse(body: unknown, context: { readonly provider: string }): ModelResponse {
  const { provider } = context;
  if (Array.isArray(body)) return decodeChunks(body as JsonValue[], provider);
  if (!isJsonObject(body)) throw invalidAnswer(provider)('body', 'a JSON object');
  if (isJsonObject(body.error)) throw answerError(body, provider);
  const state = createAnswerState();
  const raw = readAnswer(state, body);
  const fault = invalidAnswer(provider);
  if (!state.hasCandidate && state.block === undefined) throw fault('candidates', 'an array with an answer');
  if (raw.some(isPiece)) return decodeChunks([body], provider);
  const calls = createCallLedger(() => callScope(state, raw));
  const parts = raw
    .map((part, index) => decodePart(part, `candidates[0].content.parts[${index}]`, { fault, calls }))
    .filter((part) => !isBlank(part));
  state.hasCalls = parts.some((part) => part.type === 'tool-call');
  const { others } = state;
  return {
    ...(state.id === undefined ? {} : { id: state.id }),
    ...(state.model === undefined ? {} : { model: state.model }),
    ...(state.createdAt === undefined ? {} : { createdAt: state.createdAt }),
    parts: withTokens(withPages(parts, state.candidate.groundingMetadata), state.candidate.logprobsResult),
    ...otherAnswers(others, context),
    finish: answerFinish(state) ?? { reason: state.hasCalls ? 'tool-calls' : 'other' },
    ...optional('usage', answerUsage(state)),
    ...optional('extensions', answerExtensions(state)),
  };
}

/** The candidates beside the first, where several were wanted. */
function otherAnswers(candidates: readonly JsonObject[], context: { readonly provider: string }) {
  if (candidates.length === 0) return {};
  const others = candidates.map((candidate): OtherAnswer => {
    const { parts, finish, extensions } = decodeResponse({ candidates: [{ ...candidate, index: 0 }] }, context);
    return { parts, finish, ...optional('extensions', extensions) };
  });
  return { others };
}

/** The pages of a search hang on the texts that they bear out. */
function withPages(parts: readonly Part[], metadata: JsonValue | undefined): readonly Part[] {
  if (metadata === undefined) return parts;
  const texts = parts.flatMap((part, index) => (part.type === 'text' ? [{ index, text: part.text }] : []));
  const cited = decodeGrounding(metadata, texts);
  return parts.map((part, index) => {
    const citations = cited.get(index);
    return citations === undefined ? part : ({ ...part, citations } as Part);
  });
}

/** Google tells of the tokens by the candidate, not by its parts: they hang on the first text. */
function withTokens(parts: readonly Part[], result: JsonValue | undefined): readonly Part[] {
  const logprobs = readLogprobsResult(result);
  const first = parts.findIndex((part) => part.type === 'text');
  const text = parts[first];
  return logprobs === undefined || text?.type !== 'text' ? parts : parts.with(first, { ...text, logprobs });
}

/** A call whose arguments come in pieces: a stream put together as it came. */
function isPiece(part: JsonValue): boolean {
  const call = asObject(asObject(part)?.functionCall);
  return call?.willContinue === true || call?.partialArgs !== undefined;
}

/** An empty text that carries no signature: streams don't have it either. */
function isBlank(part: Part): boolean {
  return part.type === 'text' && part.text === '' && part.extensions === undefined;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: Value });
}

function decodeChunks(chunks: readonly JsonValue[], provider: string): ModelResponse {
  const decoder = createChunkDecoder(provider);
  const fold = createResponseFold();
  for (const chunk of chunks) for (const event of decoder.decode(chunk)) fold.add(event);
  for (const event of decoder.end()) fold.add(event);
  return fold.response();
}
