import { asArray, asObject, asString, type JsonObject } from '../../packages/core/src/index.ts';
import type { Protocol, Reading } from './reading.ts';

/** Gemini generateContent. It has no end mark: the finish reason and a clean end of the body are all there is. */
export const gemini: Protocol = {
  path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  headers: { 'x-goog-api-key': 'caller' },
  body: (_model, prompt) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
  endsInFinish: true,
  createEventReader: (reading) => (event) => readChunk(event, reading),
  readWhole: readChunk,
};

function readChunk(chunk: JsonObject, reading: Reading): void {
  const error = asObject(chunk.error);
  if (error !== undefined) {
    reading.error = { message: asString(error.message) ?? '', type: asString(error.status), code: String(error.code) };
  }
  if (reading.finishReason !== undefined && asArray(chunk.candidates).length > 0 && error === undefined) {
    reading.violations.push('a candidate after the finish reason');
  }
  reading.model = asString(chunk.modelVersion) ?? reading.model;
  const usage = asObject(chunk.usageMetadata);
  if (usage !== undefined) {
    reading.usage = {
      input: usage.promptTokenCount,
      output: usage.candidatesTokenCount ?? 0,
      total: usage.totalTokenCount,
    };
  }
  const candidate = asObject(asArray(chunk.candidates)[0]);
  for (const value of asArray(asObject(candidate?.content)?.parts)) {
    const part = asObject(value);
    if (part?.thought !== true) reading.text += asString(part?.text) ?? '';
    const call = asObject(part?.functionCall);
    if (call !== undefined) reading.toolArguments.push(JSON.stringify(call.args));
  }
  reading.finishReason = asString(candidate?.finishReason) ?? reading.finishReason;
}
