/** An answer's bytes; to be read once. */
export interface AnswerBody extends AsyncIterable<Uint8Array> {
  /** All of them, where they are there already: whoever asks need not wait for an iterator. */
  readonly whole?: Uint8Array | undefined;
}

/** Bytes that are there already, as a body. */
export class WholeBody implements AnswerBody {
  readonly whole: Uint8Array;

  constructor(whole: Uint8Array) {
    this.whole = whole;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    yield this.whole;
  }
}
