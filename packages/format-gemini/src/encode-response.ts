import {
  asObject,
  type JsonObject,
  type ModelResponse,
  type OtherAnswer,
  restatedAnswer,
  type ServerContext,
  type TokenLogprob,
} from '@signalbox/core';
import { encodeAnswerPart } from './encode-answer-part.ts';
import { blockReasonName, writeFinishReason } from './finish-reason.ts';
import { GEMINI } from './gemini-id.ts';
import { encodeGrounding } from './grounding.ts';
import { writeLogprobs } from './logprobs-result.ts';
import { writeUsage } from './usage-metadata.ts';

/** Writes a whole answer as a GenerateContentResponse. */
export function encodeResponse(response: ModelResponse, context: ServerContext): JsonObject {
  const parts = restatedAnswer(response, GEMINI)
    .parts.map(encodeAnswerPart)
    .filter((part) => part !== undefined);
  const { candidate, usageMetadata, ...answer } = response.extensions?.[GEMINI] ?? {};
  const { finish } = response;
  const { finishReason, ...candidateFields } = asObject(candidate) ?? {};
  // A prompt that was refused has no candidate at all.
  const block = blockReasonName(asObject(answer.promptFeedback)?.blockReason);
  const refused = parts.length === 0 && block !== undefined && block === finish.rawReason;
  const first: JsonObject = {
    content: { ...(parts.length === 0 ? {} : { parts }), role: 'model' },
    finishReason: writeFinishReason(finish, finishReason),
    ...(finish.detail === undefined ? {} : { finishMessage: finish.detail }),
    index: 0,
    ...encodeGrounding(response.parts.filter((part) => part.type === 'text')),
    ...writeLogprobs(tokensOf(response.parts)),
    ...candidateFields,
  };
  const others = (response.others ?? []).map(encodeOther);
  return {
    ...(refused ? {} : { candidates: [first, ...others] }),
    ...(response.usage === undefined ? {} : { usageMetadata: writeUsage(response.usage, asObject(usageMetadata)) }),
    modelVersion: response.model ?? context.model,
    ...answer,
    responseId: response.id ?? context.createId(),
  };
}

/** A further answer, behind the first. */
function encodeOther(other: OtherAnswer, place: number): JsonObject {
  const { parts, finish, extensions } = restatedAnswer(other, GEMINI);
  const written = parts.map(encodeAnswerPart).filter((part) => part !== undefined);
  const { finishReason, ...candidateFields } = asObject(extensions?.[GEMINI]?.candidate) ?? {};
  return {
    content: { parts: written, role: 'model' },
    finishReason: writeFinishReason(finish, finishReason),
    ...(finish.detail === undefined ? {} : { finishMessage: finish.detail }),
    index: place + 1,
    ...encodeGrounding(parts.filter((part) => part.type === 'text')),
    ...writeLogprobs(tokensOf(parts)),
    ...candidateFields,
  };
}

function tokensOf(parts: ModelResponse['parts']): TokenLogprob[] {
  return parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []));
}
