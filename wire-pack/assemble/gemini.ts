import {
  asArray,
  asObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  type WireFrame,
} from '../../packages/core/src/index.ts';
import { addToPartialCall } from './gemini-partial-call.ts';

/** The GenerateContentResponse that a stream builds, put together without our codec. */
export function assembleGeminiAnswer(frames: readonly WireFrame[]): JsonObject {
  return assembleGeminiChunks(frames.map((frame) => parseJson(frame.data)).filter((chunk) => chunk !== undefined));
}

/** The same from the chunks, which come as one list without `alt=sse`. */
export function assembleGeminiChunks(chunks: readonly JsonValue[]): JsonObject {
  const answer: JsonObject = {};
  const candidates: JsonObject[] = [];
  for (const chunk of chunks.filter(isJsonObject)) {
    for (const [key, value] of Object.entries(chunk)) if (key !== 'candidates') answer[key] = value;
    for (const [place, value] of asArray(chunk.candidates).entries()) {
      const piece = asObject(value) ?? {};
      const index = typeof piece.index === 'number' ? piece.index : place;
      const candidate: JsonObject = candidates[index] ?? { content: { parts: [] } };
      candidates[index] = candidate;
      const { content, finishReason, ...fields } = piece;
      Object.assign(candidate, fields);
      if (finishReason !== undefined && finishReason !== 0) candidate.finishReason = finishReason;
      const before = asObject(candidate.content) ?? {};
      candidate.content = { ...before, ...asObject(content), parts: joinParts(before.parts, asObject(content)?.parts) };
    }
  }
  return candidates.length === 0 ? answer : { ...answer, candidates };
}

/** Neighbouring texts of one kind are one text, unless one is signed. */
export function joinParts(before: JsonValue | undefined, more: JsonValue | undefined): JsonValue[] {
  const parts = [...asArray(before)];
  for (const value of asArray(more)) {
    const last = asObject(parts.at(-1));
    const part = asObject(value) ?? {};
    // A text that says nothing keeps a stream alive.
    if (JSON.stringify(part) === '{"text":""}') continue;
    if (addToPartialCall(last, part)) continue;
    if (isPlainText(last) && isPlainText(part) && last.thought === part.thought) {
      parts[parts.length - 1] = { ...last, text: `${last.text}${part.text}` };
    } else parts.push(value);
  }
  return parts;
}

function isPlainText(part: JsonObject | undefined): part is JsonObject & { text: string } {
  return typeof part?.text === 'string' && Object.keys(part).every((key) => key === 'text' || key === 'thought');
}
