import { asArray, asNumber, asObject, asString, type JsonObject } from '../../packages/core/src/index.ts';
import type { Protocol, Reading } from './reading.ts';

/** Chat Completions. */
export const chat: Protocol = {
  path: () => '/v1/chat/completions',
  headers: { authorization: 'Bearer caller' },
  body: (model, prompt, stream) => ({
    model,
    stream,
    stream_options: stream ? { include_usage: true } : undefined,
    messages: [{ role: 'user', content: prompt }],
  }),
  endsInFinish: false,
  endMark: '[DONE]',
  createEventReader: (reading) => (event) => readObject(event, reading),
  readWhole: readObject,
};

/** Reads a chunk of a stream, a whole answer, or an error. */
function readObject(body: JsonObject, reading: Reading): void {
  const error = asObject(body.error);
  if (error !== undefined) {
    const code = error.code === null || error.code === undefined ? undefined : String(error.code);
    reading.error = { message: asString(error.message) ?? '', type: asString(error.type), code };
  }
  reading.model = asString(body.model) ?? reading.model;
  const usage = asObject(body.usage);
  if (usage !== undefined) {
    reading.usage = { input: usage.prompt_tokens, output: usage.completion_tokens, total: usage.total_tokens };
  }
  const choice = asObject(asArray(body.choices)[0]);
  const message = asObject(choice?.delta) ?? asObject(choice?.message);
  reading.text += asString(message?.content) ?? '';
  reading.finishReason = asString(choice?.finish_reason) ?? reading.finishReason;
  for (const [position, call] of asArray(message?.tool_calls).entries()) {
    const index = asNumber(asObject(call)?.index) ?? position;
    const piece = asString(asObject(asObject(call)?.function)?.arguments) ?? '';
    reading.toolArguments[index] = (reading.toolArguments[index] ?? '') + piece;
  }
}
