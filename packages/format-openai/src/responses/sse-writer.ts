import { type JsonObject, jsonInside } from '@signalbox/core';

/** Writes the events of one stream, numbered from 0. */
export interface WriteEvent {
  (type: string, fields: JsonObject): string;
  /** A writer for events that differ in one text alone, `delta`, with other members before and behind it. */
  deltas(type: string, before: JsonObject, behind?: JsonObject): DeltaWriter;
}

/** JSON that is there already, as a value of something that is written as JSON: it stands for the string. TypeScript does not know it yet. */
type RawJson = string;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawJson };

/** Units that make V8 keep a whole text at two bytes each, which is then several times dearer to write as UTF-8. */
const WIDE = /[^\0-\u00ff]/g;
/** A text with more of them than one in so many stays as it is: escaped, it would be larger. */
const FEW = 16;

/** The inside of a JSON string with its few wide characters (dashes, quotation marks) as escapes: the same string, written sooner. */
function narrow(inside: string): string {
  const wide = inside.match(WIDE)?.length ?? 0;
  if (wide === 0 || wide > inside.length / FEW) return inside;
  return inside.replace(WIDE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Writes the pieces of one text. */
export interface DeltaWriter {
  write(delta: string): string;
  /**
   * All pieces so far as one string, to stand as a value in what is written as JSON: pieces that were escaped once are not escaped again, and a
   * long text, which is said four times, is looked over once.
   */
  whole(): RawJson;
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
    let whole: RawJson | undefined;
    return {
      write(delta) {
        const piece = jsonInside(delta);
        pieces.push(piece);
        whole = undefined;
        const text = `${head}${sequence}${middle}${piece}${tail}`;
        sequence += 1;
        return text;
      },
      whole() {
        if (whole !== undefined) return whole;
        if (pieces.length > 1) pieces = [pieces.join('')];
        whole = rawJSON(`"${narrow(pieces[0] ?? '')}"`);
        return whole;
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
