import type { StreamObserver } from './stream-observer.ts';
import type { StreamPiece } from './stream-piece.ts';

type Told = 'id' | 'issued' | 'place' | 'finish' | 'usage' | 'model';

/** What an observer does with a stream, and what it tells of it when asked. */
export interface ObserverParts extends Pick<StreamObserver, 'observe' | 'skim' | 'end'> {
  readonly soFar: NonNullable<StreamObserver['soFar']>;
  /** Worked out whenever it is asked for. */
  readonly tell: { readonly [Name in Told]?: (() => StreamObserver[Name]) | undefined };
}

/**
 * An observer made of functions. Getters in an object literal would do the same, but V8 makes a shape of its own for each such object: that takes
 * microseconds for each stream, and holds all that the getters close over until the next full collection.
 */
export function observerOf(parts: ObserverParts): StreamObserver {
  return new Observer(parts);
}

class Observer implements StreamObserver {
  readonly observe: StreamObserver['observe'];
  readonly end: StreamObserver['end'];
  readonly soFar: ObserverParts['soFar'];
  readonly #skim: StreamObserver['skim'];
  readonly #tell: ObserverParts['tell'];

  constructor({ observe, skim, end, soFar, tell }: ObserverParts) {
    this.observe = observe;
    this.end = end;
    this.soFar = soFar;
    this.#skim = skim;
    this.#tell = tell;
  }

  skim(piece: StreamPiece, from: number, head: string, event: string | undefined): number {
    return this.#skim === undefined ? from : this.#skim(piece, from, head, event);
  }

  get id(): StreamObserver['id'] {
    return this.#tell.id?.();
  }

  get issued(): StreamObserver['issued'] {
    return this.#tell.issued?.();
  }

  get place(): StreamObserver['place'] {
    return this.#tell.place?.();
  }

  get finish(): StreamObserver['finish'] {
    return this.#tell.finish?.();
  }

  get usage(): StreamObserver['usage'] {
    return this.#tell.usage?.();
  }

  get model(): StreamObserver['model'] {
    return this.#tell.model?.();
  }

  get text(): string {
    return this.soFar.text;
  }
}
