import {
  type Finish,
  type ModelResponse,
  outputSoFar,
  type StreamEncoder,
  type StreamObserver,
  type Usage,
} from '@signalbox/core';
import { issuedWith } from '../choice/affinity.ts';
import { outputOf } from './complete-usage.ts';
import type { CallHold } from './hold-tool-calls.ts';
import type { LaneCall, Progress } from './lane.ts';

/**
 * What an observer knows of a stream that goes on as it came, or of the answer that came whole in its place. A class: getters in an object literal are
 * dear where one is made for each stream.
 */
export class ObservedProgress implements Progress {
  readonly notes = [];
  readonly outputText: () => string;
  readonly brokenAnswer: Progress['brokenAnswer'];
  encoder: StreamEncoder | undefined = undefined;
  /** The answer, where it came whole. */
  whole: ModelResponse | undefined = undefined;
  readonly #observer: StreamObserver;
  readonly #call: Pick<LaneCall, 'candidate' | 'inbound'>;

  constructor(observer: StreamObserver, hold: CallHold, call: Pick<LaneCall, 'candidate' | 'inbound'>) {
    this.#observer = observer;
    this.#call = call;
    this.outputText = () => {
      if (this.whole !== undefined) return outputOf(this.whole);
      return observer.soFar === undefined ? observer.text : outputSoFar(observer.soFar);
    };
    this.brokenAnswer = () => {
      const had = this.whole === undefined ? hold.brokenAnswer() : undefined;
      return had && { ...had, id: observer.id, place: observer.place };
    };
  }

  get id(): string | undefined {
    return this.whole === undefined ? this.#observer.id : this.whole.id;
  }

  get issued(): readonly string[] | undefined {
    const { candidate, inbound } = this.#call;
    return this.whole === undefined ? this.#observer.issued : issuedWith(this.whole, candidate, inbound);
  }

  get usage(): Usage | undefined {
    return this.whole === undefined ? this.#observer.usage : this.whole.usage;
  }

  get finish(): Finish | undefined {
    return this.whole === undefined ? this.#observer.finish : this.whole.finish;
  }

  get answeredBy(): string | undefined {
    return this.whole === undefined ? this.#observer.model : this.whole.model;
  }
}
