import { ENDED, type FrameVisitor, ValueSource, type WireFrame } from '@signalbox/core';
import type { Framer } from './frames.ts';

/** Where a body comes from, piece by piece. */
export interface BodySource {
  /** What has come since the last look, be it nothing; undefined at the end. Throws what broke it off. */
  take(): readonly Uint8Array[] | undefined;
  /** Waits until there is something to take, or to throw; never rejects. */
  more(): Promise<void>;
  /** Gives the rest up. */
  discard(): void;
}

/** A body that is read by iterating over it. */
export function piecesOf(body: AsyncIterable<readonly Uint8Array[]>): BodySource {
  const pieces = body[Symbol.asyncIterator]();
  let come: readonly Uint8Array[] | undefined = NOTHING;
  let failure: { readonly error: unknown } | undefined;
  return {
    take() {
      if (failure !== undefined) throw failure.error;
      const taken = come;
      if (come !== undefined) come = NOTHING;
      return taken;
    },
    async more() {
      try {
        const result = await pieces.next();
        come = result.done === true ? undefined : result.value;
      } catch (error) {
        failure = { error };
      }
    },
    discard: () => pieces.return?.().then(undefined, () => undefined),
  };
}

const NOTHING: readonly Uint8Array[] = [];

/** Shows the frames of a body to a visitor; each value stands for those of one read. `fail` makes an error of what breaks it off. */
export class VisitedBody extends ValueSource<true> {
  readonly #body: BodySource;
  readonly #framer: Framer;
  readonly #visitor: FrameVisitor;
  readonly #fail: (error: unknown) => unknown;
  #broken: { readonly error: unknown } | undefined;
  #over = false;

  constructor(body: BodySource, framer: Framer, visitor: FrameVisitor, fail: (error: unknown) => unknown) {
    super();
    this.#body = body;
    this.#framer = framer;
    this.#visitor = visitor;
    this.#fail = fail;
  }

  take(): true | undefined | typeof ENDED {
    if (this.#over) return ENDED;
    let pieces: readonly Uint8Array[] | undefined;
    try {
      // What came before a frame that can't be read is an answer all the same.
      if (this.#broken !== undefined) throw this.#broken.error;
      pieces = this.#body.take();
    } catch (error) {
      this.discard();
      throw this.#fail(error);
    }
    if (pieces === undefined) return this.#end();
    if (pieces.length === 0) return undefined;
    try {
      for (const piece of pieces) this.#framer.visit(piece, this.#visitor);
    } catch (error) {
      this.#broken = { error };
    }
    return true;
  }

  more(): Promise<void> {
    return this.#body.more();
  }

  discard(): void {
    if (this.#over) return;
    this.#over = true;
    this.#body.discard();
  }

  #end(): true | typeof ENDED {
    this.#over = true;
    const last = this.#framer.end();
    for (const frame of last) this.#visitor.frame(frame);
    return last.length === 0 ? ENDED : true;
  }
}

/** The frames of a body, a batch for each read that completes some. */
export async function* framesOf(
  visit: (visitor: FrameVisitor) => AsyncIterable<unknown>,
): AsyncGenerator<readonly WireFrame[]> {
  let frames: WireFrame[] = [];
  for await (const _ of visit({ frame: (frame) => frames.push(frame) })) {
    if (frames.length === 0) continue;
    yield frames;
    frames = [];
  }
}
