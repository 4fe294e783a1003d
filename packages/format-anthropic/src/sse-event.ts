import { type JsonObject, jsonInside } from '@signalbox/core';

/** An event as text, its type in both places where clients look for it. */
export function sseEvent(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** Writes a delta of the block at a place. */
export type WriteDelta = (index: number, type: string, field: string, text: string) => string;

/** Deltas are the most frequent events: written without an object in between, and what is the same as last time is not written anew. */
export function createDeltaWriter(): WriteDelta {
  let last = { index: -1, type: '' };
  let head = '';
  return (index, type, field, text) => {
    if (index !== last.index || type !== last.type) {
      last = { index, type };
      head = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${field}":"`;
    }
    return `${head}${jsonInside(text)}"}}\n\n`;
  };
}
