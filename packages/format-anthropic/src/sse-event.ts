import type { JsonObject } from '@signalbox/core';

/** An event as text, its type in both places where clients look for it. */
export function sseEvent(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** A delta of a block, the most frequent event: written without an object in between. */
export function sseDelta(index: number, type: string, field: string, text: string): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${field}":${JSON.stringify(text)}}}\n\n`;
}
