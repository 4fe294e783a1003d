import type { JsonObject, JsonValue, Quirks, WireFormat, WireFrame } from '../packages/core/src/index.ts';
import type { Difference } from './difference.ts';
import type { AnswerLimit } from './losses/response-losses.ts';

/** One wire format as the ladder climbs it. */
export interface RecordedFormat {
  /** The name that exchanges of this format have as their endpoint. */
  readonly endpoint: string;
  readonly format: WireFormat;
  /** How a request that was decoded and encoded again may differ from the recorded one. */
  readonly requestDifferences: readonly Difference[];
  /** How an answer may. */
  readonly answerDifferences: readonly Difference[];
  /** How an answer may differ besides where it was or is streamed. */
  readonly streamDifferences?: readonly Difference[] | undefined;
  /** How a whole answer may differ besides that we replay as a stream. */
  readonly replayDifferences?: readonly Difference[] | undefined;
  /** How the fold of a stream may differ from the whole answer, in canonical form. */
  readonly foldDifferences?: readonly Difference[] | undefined;
  /** What callers of this format are not told when another format answers. */
  readonly answerLimits: readonly AnswerLimit[];
  /** Ids of calls that the format's callers can send back; others become such, the same each time. Absent: all. */
  readonly callIds?: RegExp | undefined;
  /** Under which a recorded request comes back as it was: the requests went to many vendors, and each takes something more. */
  readonly quirks: Quirks;
  /** Quirks that depend on what the request holds, where vendors contradict each other. */
  readonly quirksFor?: ((body: JsonObject) => Quirks) | undefined;
  /** The whole answer that the frames of a stream build, put together without the codec. */
  readonly assemble: (frames: readonly WireFrame[]) => JsonObject;
  /** Fields of which a note may say, in the format's own round, that they were dropped, and why that is right. */
  readonly droppedFields?: readonly { readonly field: string; readonly because: string }[] | undefined;
  /** A whole answer that came as the list of its chunks. */
  readonly assembleList?: ((chunks: readonly JsonValue[]) => JsonObject) | undefined;
}
