import type { JsonObject, JsonValue, Quirks, WireFormat, WireFrame } from '../packages/core/src/index.ts';
import type { AnswerLimit } from '../translation/response-losses.ts';
import type { Difference } from './difference.ts';

/** One wire format as the ladder climbs it. */
export interface RecordedFormat {
  /** The name that exchanges of this format have as their endpoint. */
  readonly endpoint: string;
  readonly format: WireFormat;
  /** How a request that was decoded and encoded again may differ from the recorded one. */
  readonly requestDifferences: readonly Difference[];
  /** How an answer may. */
  readonly answerDifferences: readonly Difference[];
  /** What callers of this format are not told when another format answers. */
  readonly answerLimits: readonly AnswerLimit[];
  /** Under which a recorded request comes back as it was: the requests went to many vendors, and each takes something more. */
  readonly quirks: Quirks;
  /** Quirks that depend on what the request holds, where vendors contradict each other. */
  readonly quirksFor?: ((body: JsonObject) => Quirks) | undefined;
  /** The whole answer that the frames of a stream build, put together without the codec. */
  readonly assemble: (frames: readonly WireFrame[]) => JsonObject;
  /** A whole answer that came as the list of its chunks. */
  readonly assembleList?: ((chunks: readonly JsonValue[]) => JsonObject) | undefined;
}
