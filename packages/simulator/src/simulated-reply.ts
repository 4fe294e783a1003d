import type { JsonObject } from '@signalbox/core';
import type { SimulatedFinish } from './behaviour.ts';
import type { SeededRandom } from './random.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** Tokens of one exchange. */
export interface SimulatedUsage {
  /** In total, cached ones included. */
  readonly inputTokens: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** In total, reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export interface SimulatedToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** What is answered, before a format puts it into its own words. */
export interface SimulatedReply {
  readonly model: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly text: string;
  /** Absent: the model did not reason. */
  readonly reasoning?: string | undefined;
  readonly toolCalls: readonly SimulatedToolCall[];
  /** Absent: the fault `noFinish`. */
  readonly finish?: SimulatedFinish | undefined;
  readonly stopSequence?: string | undefined;
  /** Absent: the fault `noUsage`. */
  readonly usage?: SimulatedUsage | undefined;
  /** For Chat Completions: the field for the reasoning's text, where a vendor has one. */
  readonly reasoningField?: string | undefined;
  /** Ids and signatures. A fresh one for each writing, so that the same reply always gets the same ids. */
  readonly createRandom: () => SeededRandom;
}

/**
 * One event of a stream, not yet framed. `open`: structure around content; `content`: text, reasoning, tool arguments;
 * `finish`: tells why it ended; `usage`: only counts; `done`: a marker that nothing follows.
 */
export interface Frame {
  readonly kind: 'open' | 'content' | 'finish' | 'usage' | 'done';
  /** SSE `event:` field. */
  readonly event?: string | undefined;
  readonly data: JsonObject | string;
  /** Tokens of content in it, for the rate. */
  readonly tokens?: number | undefined;
}

/** One wire format as the provider speaks it. Pure. */
export interface SimulatedFormat {
  writeJson(reply: SimulatedReply, request: SimulatedRequest): JsonObject;
  writeStream(reply: SimulatedReply, request: SimulatedRequest): Iterable<Frame>;
  /** The error inside a stream that has begun, from its error body. `sent`: frames so far. */
  writeStreamError(error: JsonObject, reply: SimulatedReply, request: SimulatedRequest, sent: number): Iterable<Frame>;
}
