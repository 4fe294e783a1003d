import type { JsonObject } from '@signalbox/core';

/** Writes the events of one stream, numbered from 0. */
export type WriteEvent = (type: string, fields: JsonObject) => string;

/** Starts the numbering of a stream's events. */
export function createSseWriter(): { readonly write: WriteEvent; readonly goOnAt: (sequence: number) => void } {
  let sequence = 0;
  return {
    write(type, fields) {
      const data = JSON.stringify({ type, sequence_number: sequence, ...fields });
      sequence += 1;
      return `event: ${type}\ndata: ${data}\n\n`;
    },
    goOnAt(next) {
      sequence = next;
    },
  };
}
