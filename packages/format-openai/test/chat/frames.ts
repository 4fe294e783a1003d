import type { JsonObject, WireFrame } from '@signalbox/core';

/** A frame as a transport delivers it. */
export function frame(data: JsonObject | string, event?: string): WireFrame {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const head = event === undefined ? '' : `event: ${event}\n`;
  return { raw: new TextEncoder().encode(`${head}data: ${text}\n\n`), event, data: text };
}

export const done: WireFrame = frame('[DONE]');

/** A chunk with one choice. */
export function chunk(delta: JsonObject, finishReason: string | null = null, more: JsonObject = {}): WireFrame {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return frame({ id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'm', choices, ...more });
}

/** The chunk that only tells the usage. */
export function usageChunk(usage: JsonObject = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }): WireFrame {
  return frame({ id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'm', choices: [], usage });
}
