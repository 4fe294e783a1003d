import type { FrameVisitor, WireFrame } from '@signalbox/core';
import type { Framer } from './frames.ts';

/** Where a body comes from, piece by piece. */
export interface BodySource {
  /** What has come since the last look, be it nothing; undefined at the end. */
  take(): readonly Uint8Array[] | undefined;
  /** Waits until there is something to take. */
  more(): Promise<void>;
  /** Gives the rest up. */
  discard(): unknown;
}

/** A body that is read by iterating over it. */
export function piecesOf(body: AsyncIterable<readonly Uint8Array[]>): BodySource {
  const pieces = body[Symbol.asyncIterator]();
  let come: readonly Uint8Array[] | undefined = NOTHING;
  return {
    take() {
      const taken = come;
      if (come !== undefined) come = NOTHING;
      return taken;
    },
    async more() {
      const result = await pieces.next();
      come = result.done === true ? undefined : result.value;
    },
    discard: () => pieces.return?.(),
  };
}

const NOTHING: readonly Uint8Array[] = [];
const SHOWN: IteratorResult<void, undefined> = { done: false, value: undefined };
const DONE: IteratorResult<void, undefined> = { done: true, value: undefined };

/**
 * Shows the frames of a body to a visitor, those of one read with each item. `fail` makes an error of what breaks it off. No generator: each read of a stream passes here, and one takes
 * several turns of the microtasks for each.
 */
export class VisitedBody implements AsyncIterableIterator<void, undefined> {
  readonly #body: BodySource;
  readonly #framer: Framer;
  readonly #visitor: FrameVisitor;
  readonly #fail: (error: unknown) => unknown;
  #broken: { readonly error: unknown } | undefined;
  #over = false;

  constructor(body: BodySource, framer: Framer, visitor: FrameVisitor, fail: (error: unknown) => unknown) {
    this.#body = body;
    this.#framer = framer;
    this.#visitor = visitor;
    this.#fail = fail;
  }

  async next(): Promise<IteratorResult<void, undefined>> {
    if (this.#over) return DONE;
    let pieces: readonly Uint8Array[] | undefined;
    try {
      // What came before a frame that can't be read is an answer all the same.
      if (this.#broken !== undefined) throw this.#broken.error;
      pieces = this.#body.take();
      while (pieces?.length === 0) {
        await this.#body.more();
        pieces = this.#body.take();
      }
    } catch (error) {
      await this.return();
      throw this.#fail(error);
    }
    if (pieces === undefined) return this.#over ? DONE : this.#end();
    try {
      for (const piece of pieces) this.#framer.visit(piece, this.#visitor);
    } catch (error) {
      this.#broken = { error };
    }
    return SHOWN;
  }

  async return(): Promise<IteratorResult<void, undefined>> {
    if (!this.#over) {
      this.#over = true;
      await this.#body.discard();
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): IteratorResult<void, undefined> {
    this.#over = true;
    const last = this.#framer.end();
    for (const frame of last) this.#visitor.frame(frame);
    return last.length === 0 ? DONE : SHOWN;
  }
}

/** The frames of a body, a batch for each read that completes some. */
export async function* framesOf(
  visit: (visitor: FrameVisitor) => AsyncIterable<void>,
): AsyncGenerator<readonly WireFrame[]> {
  let frames: WireFrame[] = [];
  for await (const _ of visit({ frame: (frame) => frames.push(frame) })) {
    if (frames.length === 0) continue;
    yield frames;
    frames = [];
  }
}
