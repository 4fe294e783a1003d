/** Characters that make V8 keep a text at two bytes each. */
const WIDE = /[^\0-\u00ff]/;

/** A piece of more characters is a run by itself: to look through it would take as long as it can save. */
const ALONE = 2_048;

/** Where texts are encoded before their bytes are copied out, which is quicker than to count them first. Nothing stays in it: one for all streams. */
let scratch = Buffer.alloc(0);
const SCRATCH_BYTES = 1024 * 1024;
/**
 * The bytes of short ones are handed out as parts of a slab, one behind the other, as Node's own pool does: memory of its own for each read of
 * a stream keeps the garbage collector busy. No part is handed out twice.
 */
const SLAB_BYTES = 64 * 1024;
let slab = Buffer.alloc(0);
let used = 0;
/** UTF-8 needs at most three bytes for a unit of UTF-16. */
const MOST_BYTES = 3;

/** Gathers pieces of text and gives them as UTF-8. */
export interface Utf8Runs {
  /** `sample` stands for the piece: the part of it that may hold anything; the rest is expected to be Latin. */
  add(piece: string, sample: string): void;
  /** The bytes of all pieces. */
  bytes(): Uint8Array;
}

/**
 * Many short pieces are joined and encoded at once. A single character beyond Latin-1 makes the whole of a joined text several times dearer to
 * encode, so pieces with such characters are joined apart from the others. A wrong `sample` costs time and nothing else.
 */
export function createUtf8Runs(): Utf8Runs {
  const runs: string[] = [];
  let run = '';
  let length = 0;
  let wide = false;
  return {
    add(piece, sample) {
      length += piece.length;
      if (piece.length > ALONE) {
        if (run !== '') runs.push(run);
        runs.push(piece);
        run = '';
        return;
      }
      const isWide = WIDE.test(sample);
      if (isWide !== wide) {
        if (run !== '') runs.push(run);
        run = '';
        wide = isWide;
      }
      run += piece;
    },
    bytes() {
      runs.push(run);
      const most = length * MOST_BYTES;
      if (most > SCRATCH_BYTES) return Buffer.from(runs.join(''), 'utf8');
      if (scratch.length < most) scratch = Buffer.alloc(Math.max(most, SLAB_BYTES));
      const written = scratch.subarray(0, write(runs, scratch));
      return written.length > SLAB_BYTES / 2 ? Uint8Array.prototype.slice.call(written) : partOfSlab(written);
    },
  };
}

/** Bytes copied into memory that others share. */
function partOfSlab(bytes: Uint8Array): Uint8Array {
  if (slab.length - used < bytes.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  const start = used;
  slab.set(bytes, start);
  used += bytes.length;
  return slab.subarray(start, used);
}

/** Writes texts one behind the other, and gives the place behind them. */
function write(texts: readonly string[], target: Buffer): number {
  let end = 0;
  for (const text of texts) end += target.write(text, end, 'utf8');
  return end;
}
