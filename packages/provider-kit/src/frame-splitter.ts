import { ProviderError } from '@signalbox/core';

const NOTHING = new Uint8Array(0);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Bytes of one frame at most: a line without end must not eat the memory. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Cuts a byte stream into frames. Made per stream. */
export interface FrameSplitter {
  /** The frames that this piece completes. Throws ProviderError `invalid-response` when one grows past the limit. */
  push(chunk: Uint8Array): Uint8Array[];
  /** Whether the next byte begins a frame, whatever it is. */
  isBetween(): boolean;
  /** What is left at the end of the body, without its separator; empty when the body ended cleanly. */
  rest(): Uint8Array;
}

/**
 * Splits at the end of each line (`ndjson`) or at each blank line (`sse`; line ends may be LF, CRLF or CR).
 * Every byte is looked at once, whatever the sizes of pieces and frames.
 */
export function createFrameSplitter(framing: 'sse' | 'ndjson', provider: string): FrameSplitter {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  // Whether the current line has a byte yet, and whether the byte before was a CR: state that crosses pieces.
  let lineIsEmpty = true;
  let afterCarriageReturn = false;
  let boundaryAwaitsLineFeed = false;

  function keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    pending.push(piece);
    pendingBytes += piece.length;
    if (pendingBytes > MAX_FRAME_BYTES) {
      throw new ProviderError({
        kind: 'invalid-response',
        provider,
        message: `${provider} sent one stream event of more than ${MAX_FRAME_BYTES / 1024 / 1024} MiB.`,
      });
    }
  }

  function take(piece: Uint8Array): Uint8Array {
    if (pending.length === 0) return piece;
    keep(piece);
    const frame = Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    return frame;
  }

  function pushLines(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      frames.push(take(chunk.subarray(start, end + 1)));
      start = end + 1;
    }
    keep(chunk.subarray(start));
    return frames;
  }

  function pushEvents(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let start = 0;
    // Without a CR in sight the native search for LF does the work.
    if (!afterCarriageReturn && !boundaryAwaitsLineFeed && !chunk.includes(CARRIAGE_RETURN)) {
      let lineStart = 0;
      for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, lineStart)) {
        if (end > lineStart) lineIsEmpty = false;
        if (lineIsEmpty) {
          frames.push(take(chunk.subarray(start, end + 1)));
          start = end + 1;
        }
        lineIsEmpty = true;
        lineStart = end + 1;
      }
      if (lineStart < chunk.length) lineIsEmpty = false;
      keep(chunk.subarray(start));
      return frames;
    }
    for (let position = 0; position < chunk.length; position += 1) {
      const byte = chunk[position];
      if (boundaryAwaitsLineFeed) {
        // A blank line ended in CR; the LF of a CRLF still belongs to the frame.
        boundaryAwaitsLineFeed = false;
        const end = byte === LINE_FEED ? position + 1 : position;
        frames.push(take(chunk.subarray(start, end)));
        start = end;
        afterCarriageReturn = false;
        if (byte === LINE_FEED) continue;
      }
      if (byte === LINE_FEED && afterCarriageReturn) {
        afterCarriageReturn = false;
        continue;
      }
      afterCarriageReturn = byte === CARRIAGE_RETURN;
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        lineIsEmpty = false;
        continue;
      }
      if (lineIsEmpty) {
        if (byte === CARRIAGE_RETURN) boundaryAwaitsLineFeed = true;
        else {
          frames.push(take(chunk.subarray(start, position + 1)));
          start = position + 1;
        }
      }
      lineIsEmpty = true;
    }
    keep(chunk.subarray(start));
    return frames;
  }

  return {
    push: framing === 'sse' ? pushEvents : pushLines,
    isBetween() {
      return pendingBytes === 0 && lineIsEmpty && !afterCarriageReturn && !boundaryAwaitsLineFeed;
    },
    rest: () => (pendingBytes === 0 ? NOTHING : take(NOTHING)),
  };
}
