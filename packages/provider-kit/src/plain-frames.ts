import { isAscii } from 'node:buffer';
import type { FrameVisitor, StreamPiece, WireFrame } from '@signalbox/core';

const CARRIAGE_RETURN = 0x0d;
const EVENT = 'event: ';
const DATA = 'data: ';
const NOT_ASCII = /[\u0080-\u00ff]/g;
/** Pieces beyond this size are no read of a socket. */
const MOST_BYTES = 1024 * 1024;

/** A frame whose own bytes are cut out when somebody asks for them: a translated stream never does. */
class PlainFrame implements WireFrame {
  readonly event: string | undefined;
  readonly data: string;
  readonly #piece: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(event: string | undefined, data: string, piece: Uint8Array, start: number, end: number) {
    this.event = event;
    this.data = data;
    this.#piece = piece;
    this.#start = start;
    this.#end = end;
  }

  get raw(): Uint8Array {
    return this.#piece.subarray(this.#start, this.#end);
  }
}

/** What a read of a stream brought. A class: a closure for each of these would be made for every read. */
class PieceText implements StreamPiece {
  readonly bytes: string;
  readonly #piece: Uint8Array;
  readonly #buffer: Buffer;
  /** Up to here there is nothing but ASCII from where somebody last looked. */
  #plainUntil = 0;
  /** Where the next byte stands that is not ASCII, once it was seen. */
  #nextWide = Number.POSITIVE_INFINITY;

  constructor(piece: Uint8Array) {
    this.#piece = piece;
    this.#buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    this.bytes = this.#buffer.toString('latin1');
  }

  slice(start: number, end: number): string {
    return this.#isPlain(start, end) ? this.bytes.slice(start, end) : this.#buffer.toString('utf8', start, end);
  }

  raw(start: number, end: number): Uint8Array {
    return start === 0 && end === this.#piece.length ? this.#piece : this.#piece.subarray(start, end);
  }

  /** Native code looks at a block ahead; what nobody asks for, since it was skimmed, is not looked at. */
  #isPlain(start: number, end: number): boolean {
    if (this.#nextWide < start) {
      this.#nextWide = Number.POSITIVE_INFINITY;
      this.#plainUntil = start;
    }
    if (this.#nextWide !== Number.POSITIVE_INFINITY) return end <= this.#nextWide;
    if (end <= this.#plainUntil) return true;
    const from = Math.max(start, this.#plainUntil);
    const until = Math.max(end, from + BLOCK);
    if (isAscii(this.#buffer.subarray(from, until))) {
      this.#plainUntil = until;
      return true;
    }
    NOT_ASCII.lastIndex = from;
    this.#nextWide = NOT_ASCII.exec(this.bytes)?.index ?? Number.POSITIVE_INFINITY;
    return end <= this.#nextWide;
  }
}

/** Bytes that are looked at together. */
const BLOCK = 2048;

/**
 * The events at the beginning of a piece that are of the form that nearly all streams consist of: one `data` line, at most one `event` line before
 * it, LF or CRLF for a line end. A piece is turned into text once, not once for each event. Begins between two events; gives the place where the bytes begin that
 * are left to the slower reader.
 */
export function readPlainEvents(piece: Uint8Array, visitor: FrameVisitor): number {
  if (piece.length > MOST_BYTES) return 0;
  const text = new PieceText(piece);
  const { bytes } = text;
  // As a rule the next event has the name of the one before.
  let event: string | undefined;
  let head = DATA;
  let start = 0;
  let nextReturn = -1;
  for (;;) {
    if (bytes.slice(start, start + head.length) !== head) {
      const found = headAt(text, start);
      if (found === undefined) return start;
      event = found.event;
      head = found.head;
    }
    if (visitor.skim !== undefined) {
      const skimmed = visitor.skim(text, start, head, event);
      if (skimmed > start) {
        start = skimmed;
        continue;
      }
    }
    const dataStart = start + head.length;
    const lineFeed = bytes.indexOf('\n', dataStart);
    if (nextReturn < dataStart) nextReturn = placeOf(bytes, '\r', dataStart);
    // A CR that stands alone ends a line too: such an event is left to the slower reader.
    const dataEnd = nextReturn === lineFeed - 1 ? nextReturn : lineFeed;
    const blank = dataEnd === lineFeed ? '\n' : '\r\n';
    const end = lineFeed + 1 + blank.length;
    // The blank line must follow at once.
    if (lineFeed === -1 || nextReturn < dataEnd || bytes.slice(lineFeed + 1, end) !== blank) return start;
    visitor.frame(new PlainFrame(event, text.slice(dataStart, dataEnd), piece, start, end));
    start = end;
  }
}

function placeOf(text: string, character: string, from: number): number {
  const place = text.indexOf(character, from);
  return place === -1 ? Number.POSITIVE_INFINITY : place;
}

/** What stands before an event's data. */
function headAt(
  text: StreamPiece,
  start: number,
): { readonly event: string | undefined; readonly head: string } | undefined {
  const { bytes } = text;
  if (bytes.startsWith(DATA, start)) return { event: undefined, head: DATA };
  if (!bytes.startsWith(EVENT, start)) return undefined;
  const lineFeed = bytes.indexOf('\n', start);
  if (lineFeed === -1 || !bytes.startsWith(DATA, lineFeed + 1)) return undefined;
  const end = bytes.charCodeAt(lineFeed - 1) === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
  const name = text.slice(start + EVENT.length, end);
  if (name === '' || name.includes('\r')) return undefined;
  return { event: name, head: bytes.slice(start, lineFeed + 1 + DATA.length) };
}

/** The whole lines at the beginning of a piece of newline-delimited JSON. Begins between two lines; gives the place behind the last. */
export function readPlainLines(piece: Uint8Array, visitor: FrameVisitor): number {
  if (piece.length > MOST_BYTES) return 0;
  const text = new PieceText(piece);
  let start = 0;
  for (;;) {
    const end = text.bytes.indexOf('\n', start);
    if (end === -1) return start;
    visitor.frame(new PlainFrame(undefined, text.slice(start, end).trim(), piece, start, end + 1));
    start = end + 1;
  }
}
