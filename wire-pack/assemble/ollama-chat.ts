import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  parseJson,
  type WireFrame,
} from '../../packages/core/src/index.ts';

/** The answer that the lines of a stream of Ollama's build, put together without our codec. */
export function assembleOllamaAnswer(frames: readonly WireFrame[]): JsonObject {
  let answer: JsonObject = {};
  const message: JsonObject = {};
  let logprobs: JsonObject = {};
  for (const frame of frames) {
    const line = asObject(parseJson(frame.data));
    if (line === undefined) continue;
    // The answer's time is that of its first line.
    answer = { ...answer, ...line, created_at: answer.created_at ?? line.created_at };
    if (Array.isArray(line.logprobs)) logprobs = { logprobs: [...asArray(logprobs.logprobs), ...line.logprobs] };
    for (const [key, value] of Object.entries(asObject(line.message) ?? {})) {
      if (key === 'content' || key === 'thinking')
        message[key] = (asString(message[key]) ?? '') + (asString(value) ?? '');
      else if (Array.isArray(value)) message[key] = [...asArray(message[key]), ...value];
      else if (value !== null) message[key] = value;
    }
  }
  return { ...answer, message, ...logprobs };
}
