import type { JsonObject, WireFrame } from '@signalbox/core';

/** An event as a transport delivers it; without `event:` where `named` is false. */
export function event(type: string, fields: JsonObject = {}, named = true): WireFrame {
  const data = JSON.stringify({ type, ...fields });
  const head = named ? `event: ${type}\n` : '';
  return { raw: new TextEncoder().encode(`${head}data: ${data}\n\n`), event: named ? type : undefined, data };
}

/** A frame with this text as its data. */
export function rawFrame(data: string, name?: string): WireFrame {
  return { raw: new TextEncoder().encode(`data: ${data}\n\n`), event: name, data };
}

/** A response object. */
export function response(output: readonly JsonObject[] = [], more: JsonObject = {}): JsonObject {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 7,
    model: 'm',
    status: 'completed',
    output: [...output],
    ...more,
  };
}

export const created: WireFrame = event('response.created', { response: response([], { status: 'in_progress' }) });

/** A message item. */
export function message(text: string, more: JsonObject = {}): JsonObject {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }];
  return { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content, ...more };
}

export const completed = (...output: JsonObject[]): WireFrame =>
  event('response.completed', {
    response: response(output, { usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } }),
  });
