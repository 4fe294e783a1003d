/** Characters that make V8 keep a text at two bytes each. */
const WIDE = /[^\0-\u00ff]/;

/** Where texts are encoded before their bytes are copied out. Nothing stays in it: one for all streams. */
let scratch = Buffer.alloc(0);
const SCRATCH_BYTES = 1024 * 1024;
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
      const isWide = WIDE.test(sample);
      if (isWide !== wide) {
        if (run !== '') runs.push(run);
        run = '';
        wide = isWide;
      }
      run += piece;
      length += piece.length;
    },
    bytes() {
      runs.push(run);
      const most = length * MOST_BYTES;
      if (most > SCRATCH_BYTES) return Buffer.from(runs.join(''), 'utf8');
      if (scratch.length < most) scratch = Buffer.alloc(most);
      let end = 0;
      for (const one of runs) end += scratch.write(one, end, 'utf8');
      return new Uint8Array(scratch.buffer, 0, end).slice();
    },
  };
}
