import type { AnswerSoFar } from './answer-so-far.ts';
import type { Finish } from './finish.ts';
import type { JsonObject } from './json.ts';
import type { StreamPiece } from './stream-piece.ts';
import type { Usage } from './usage.ts';
import type { WireFrame } from './wire-frame.ts';

/** What the byte lane does with a frame. */
export interface FrameVerdict {
  /** Whether the frame brings content: the point up to which a failure can still be hidden. */
  readonly content: boolean;
  /** The frame goes on as it is, is left out, or is replaced by this text. */
  readonly forward: true | false | string;
  /** The frame brings a piece of a tool call and nothing else: nobody can act on it before the call is whole. */
  readonly call?: boolean | undefined;
}

/** The byte lane's reader: follows a stream that is passed on. Throws ProviderError on an error event. Made per stream. */
export interface StreamObserver {
  observe(frame: WireFrame): FrameVerdict;
  /**
   * Reads events with content that pass as they are straight off a piece (as in `FrameVisitor`), in the place of `observe`: a burst brings hundreds that differ in
   * their text alone. Absent: each is observed.
   */
  skim?(piece: StreamPiece, from: number, head: string, event: string | undefined): number;
  /** At the end of the body: text still due (a missing `[DONE]`). Throws ProviderError `stream-cut` on an incomplete stream. */
  end(): string;
  /** The provider's id of the answer, where the format has use for it. */
  readonly id?: string | undefined;
  readonly finish: Finish | undefined;
  readonly usage: Usage | undefined;
  /** The model that answers, as the provider names it. */
  readonly model: string | undefined;
  /** The text that has passed so far. */
  readonly text: string;
  /** Names of what the provider gave out with the answer (`KeptState.issuedBy`). */
  readonly issued?: readonly string[] | undefined;
  /** What an encoder of the format must know to go on with this stream, beside its content (ids, numbers). */
  readonly place?: JsonObject | undefined;
  /** All that has passed so far. Absent: unknown, and an answer that breaks off is not continued. */
  readonly soFar?: AnswerSoFar | undefined;
}

/** Completes the usage that a provider reported: what is missing of it is estimated, and marked so. */
export type UsageEstimate = (known: Usage | undefined) => Usage;

/** What the byte lane knows beside the frames. */
export interface ObserveContext {
  readonly provider: string;
  readonly hideUsage: boolean;
  /**
   * Counts for a caller who was to get some and would get none, or some that are no counts (null, below zero). `output` is what has been
   * generated. Absent: frames pass with the counts they have.
   */
  readonly estimateUsage?: ((known: Usage | undefined, output: string) => Usage) | undefined;
}
