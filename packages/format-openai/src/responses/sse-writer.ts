import { type JsonObject, jsonInside } from '@signalbox/core';

/** Writes the events of one stream, numbered from 0. */
export interface WriteEvent {
  (type: string, fields: JsonObject): string;
  /** A writer for events that differ in one text alone, `delta`, with other members before and behind it, which are JSON already. */
  deltas(type: string, before: string, behind?: string): DeltaWriter;
  /** An event whose members are JSON already. */
  members(type: string, members: string): string;
  /** An object as JSON, with texts in the places of what stands for them. */
  json(fields: JsonObject): string;
}

/** Writes the pieces of one text. */
export interface DeltaWriter {
  write(delta: string): string;
  /**
   * What stands for all pieces so far in members that are given to `WriteEvent`: a long text, which is said four times, is escaped once, piece by piece,
   * and never written as JSON.
   */
  whole(): string;
  /** All pieces so far as a JSON string. */
  json(): string;
  /** UTF-16 units of all pieces so far. */
  length(): number;
}

/** What stands for a text is this, its number and a full stop. Nobody who writes a text knows it: it is made for each process. */
const STAND_IN = `${crypto.randomUUID()}#`;

/** Units that make V8 keep a whole text at two bytes each, which is then several times dearer to write as UTF-8. */
const WIDE = /[^\0-\u00ff]/g;
/** A text with more of them than one in so many stays as it is: escaped, it would be larger. */
const FEW = 16;
/** What an escape has more characters than what it stands for. */
const ESCAPE_GROWTH = 5;

/** Escapes that were written before: a text has few different wide characters. */
const escapes = new Map<string, string>();
const MOST_ESCAPES = 1_024;

function escapeOf(unit: string): string {
  let written = escapes.get(unit);
  if (written === undefined) {
    written = `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    if (escapes.size < MOST_ESCAPES) escapes.set(unit, written);
  }
  return written;
}

/** The inside of a JSON string with its few wide characters (dashes, quotation marks) as escapes: the same string, written sooner. */
function narrow(inside: string): string {
  const narrowed = inside.replace(WIDE, escapeOf);
  const growth = narrowed.length - inside.length;
  if (growth === 0 || growth > (inside.length * ESCAPE_GROWTH) / FEW) return inside;
  // V8 keeps what was made of a wide text at two bytes a unit, although none is wide any more.
  return Buffer.from(narrowed, 'latin1').toString('latin1');
}

/** Starts the numbering of a stream's events. */
export function createSseWriter(): { readonly write: WriteEvent; readonly goOnAt: (sequence: number) => void } {
  let sequence = 0;
  const wholes: (() => string)[] = [];

  function write(type: string, fields: JsonObject): string {
    return members(type, json(fields).slice(1, -1));
  }

  function members(type: string, written: string): string {
    const text = `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence}${written === '' ? '' : ','}${written}}\n\n`;
    sequence += 1;
    return text;
  }

  function json(fields: JsonObject): string {
    const written = JSON.stringify(fields);
    if (wholes.length === 0) return written;
    const [head = '', ...others] = written.split(STAND_IN);
    let text = head;
    for (const other of others) {
      const end = other.indexOf('.');
      text += (wholes[Number(other.slice(0, end))]?.() ?? '') + other.slice(end + 1);
    }
    return text;
  }

  /** Deltas are the most frequent events: what is the same in all of them is written once. */
  function deltas(type: string, before: string, behind = ''): DeltaWriter {
    const head = `event: ${type}\ndata: {"type":"${type}","sequence_number":`;
    const middle = `,${before},"delta":"`;
    const tail = behind === '' ? '"}\n\n' : `",${behind}}\n\n`;
    const pieces: string[] = [];
    const standIn = `${STAND_IN}${wholes.length}.`;
    let length = 0;
    let whole: string | undefined;
    const inside = () => {
      whole ??= narrow(pieces.join(''));
      return whole;
    };
    wholes.push(inside);
    return {
      write(delta) {
        const piece = jsonInside(delta);
        pieces.push(piece);
        length += delta.length;
        whole = undefined;
        const text = `${head}${sequence}${middle}${piece}${tail}`;
        sequence += 1;
        return text;
      },
      whole: () => standIn,
      json: () => `"${inside()}"`,
      length: () => length,
    };
  }

  return {
    write: Object.assign(write, { deltas, members, json }),
    goOnAt(next) {
      sequence = next;
    },
  };
}
