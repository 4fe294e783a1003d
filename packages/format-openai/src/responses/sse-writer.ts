import { type JsonObject, jsonInside } from '@signalbox/core';
import { narrow } from './narrow-text.ts';

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
