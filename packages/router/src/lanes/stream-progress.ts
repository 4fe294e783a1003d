import { estimateTokens, type ModelResponse, outputSoFar, type StreamObserver } from '@signalbox/core';
import { issuedWith } from '../choice/affinity.ts';
import { outputOf } from './complete-usage.ts';
import type { CallHold } from './hold-tool-calls.ts';
import type { BrokenAnswer, LaneCall, Progress } from './lane.ts';

/**
 * What is known of a stream that is passed on: asked of its observer, or of the answer where it came whole. A class: the engine keeps whatever a getter of an object
 * literal can reach, the stream and its request, until it looks through all of its memory.
 */
export class StreamProgress implements Progress {
  readonly notes = [];
  /** The answer, where it came whole although a stream was asked for. */
  whole: ModelResponse | undefined;
  readonly #observer: StreamObserver;
  readonly #hold: CallHold;
  readonly #call: LaneCall;

  constructor(observer: StreamObserver, hold: CallHold, call: LaneCall) {
    this.#observer = observer;
    this.#hold = hold;
    this.#call = call;
  }

  outputText(): string {
    if (this.whole !== undefined) return outputOf(this.whole);
    const { soFar, text } = this.#observer;
    return soFar === undefined ? text : outputSoFar(soFar);
  }

  outputTokens(): number {
    return (
      (this.whole === undefined ? this.#observer.soFar?.outputTokens?.() : undefined) ??
      estimateTokens(this.outputText())
    );
  }

  brokenAnswer(): BrokenAnswer | undefined {
    const had = this.whole === undefined ? this.#hold.brokenAnswer() : undefined;
    return had && { ...had, id: this.#observer.id, place: this.#observer.place };
  }

  get id() {
    return (this.whole ?? this.#observer).id;
  }

  get issued() {
    return this.whole === undefined
      ? this.#observer.issued
      : issuedWith(this.whole, this.#call.candidate, this.#call.inbound);
  }

  get usage() {
    return (this.whole ?? this.#observer).usage;
  }

  get finish() {
    return (this.whole ?? this.#observer).finish;
  }

  get answeredBy() {
    return (this.whole ?? this.#observer).model;
  }
}
