import { type JsonObject, jsonInside } from '@signalbox/core';

/** Writes the events of one stream, numbered from 0. */
export interface WriteEvent {
  (type: string, fields: JsonObject): string;
  /** A writer for events that differ in one text alone, `delta`, with other members before and behind it. */
  deltas(type: string, before: JsonObject, behind?: JsonObject): DeltaWriter;
}

/** Writes the pieces of one text. */
export interface DeltaWriter {
  write(delta: string): string;
  /** All pieces so far as one JSON string, quotes included: pieces that were escaped once are not escaped again. */
  whole(): string;
}

/** Starts the numbering of a stream's events. */
export function createSseWriter(): { readonly write: WriteEvent; readonly goOnAt: (sequence: number) => void } {
  let sequence = 0;

  function write(type: string, fields: JsonObject): string {
    const data = JSON.stringify({ type, sequence_number: sequence, ...fields });
    sequence += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  /** Deltas are the most frequent events: what is the same in all of them is written once. */
  function deltas(type: string, before: JsonObject, behind: JsonObject = {}): DeltaWriter {
    const head = `event: ${type}\ndata: {"type":"${type}","sequence_number":`;
    const middle = `,${members(before)}"delta":"`;
    const rest = members(behind);
    const tail = rest === '' ? '"}\n\n' : `",${rest.slice(0, -1)}}\n\n`;
    let pieces: string[] = [];
    return {
      write(delta) {
        const piece = jsonInside(delta);
        pieces.push(piece);
        const text = `${head}${sequence}${middle}${piece}${tail}`;
        sequence += 1;
        return text;
      },
      whole() {
        if (pieces.length > 1) pieces = [pieces.join('')];
        return `"${pieces[0] ?? ''}"`;
      },
    };
  }

  return {
    write: Object.assign(write, { deltas }),
    goOnAt(next) {
      sequence = next;
    },
  };
}

/** Members as they stand in an object, each with a comma behind it. */
function members(fields: JsonObject): string {
  const inside = JSON.stringify(fields).slice(1, -1);
  return inside === '' ? '' : `${inside},`;
}
