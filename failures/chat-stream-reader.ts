import { asArray, asNumber, asObject, asString, type JsonObject, parseJson } from '../packages/core/src/index.ts';
import type { ClientError } from './client-view.ts';

/** What has been read of a Chat Completions answer. Written for the failures alone: it shares nothing with the codecs it judges. */
export interface ChatReading {
  text: string;
  readonly toolArguments: string[];
  model?: string | undefined;
  finishReason?: string | undefined;
  usage?: JsonObject | undefined;
  error?: ClientError | undefined;
  malformedEvents: number;
  /** `[DONE]` came: nothing after it is read. */
  done: boolean;
}

export const createChatReading = (): ChatReading => ({ text: '', toolArguments: [], malformedEvents: 0, done: false });

/** Reads server-sent events out of the pieces of a body. */
export function createStreamReader(reading: ChatReading): (piece: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  return (piece) => {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (reading.done) return;
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        readEvent(data.join('\n'), reading);
        data = [];
      }
    }
  };
}

function readEvent(data: string, reading: ChatReading): void {
  if (data === '[DONE]') {
    reading.done = true;
    return;
  }
  const chunk = asObject(parseJson(data));
  if (chunk === undefined) reading.malformedEvents += 1;
  else readChatObject(chunk, reading);
}

/** Reads a chunk of a stream, a whole answer, or an error. */
export function readChatObject(body: JsonObject, reading: ChatReading): void {
  const error = asObject(body.error);
  if (error !== undefined) {
    const code = error.code === null || error.code === undefined ? undefined : String(error.code);
    reading.error = { message: asString(error.message) ?? '', type: asString(error.type), code };
  }
  reading.model = asString(body.model) ?? reading.model;
  reading.usage = asObject(body.usage) ?? reading.usage;
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
