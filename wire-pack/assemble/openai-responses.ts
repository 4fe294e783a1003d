import { asObject, type JsonObject, parseJson, type WireFrame } from '../../packages/core/src/index.ts';

/** Events that end a stream; what follows them is another one. */
const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** The response that a stream of the Responses API ends with: the last event holds all of it. */
export function assembleResponse(frames: readonly WireFrame[]): JsonObject {
  let response: JsonObject = {};
  for (const frame of frames) {
    const event = asObject(parseJson(frame.data));
    response = asObject(event?.response) ?? response;
    if (ENDS.has(String(event?.type))) break;
  }
  return response;
}
