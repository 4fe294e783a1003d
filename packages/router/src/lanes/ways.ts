import type { Candidate, ModelResponse, ServerContext } from '@signalbox/core';
import type { Lane } from './lane.ts';

/** How an answer is carried to one kind of caller. */
export interface Ways<Value> {
  readonly stream: boolean;
  /** Present where the request came over the wire. */
  readonly server?: ServerContext | undefined;
  readonly chooseLane: (candidate: Candidate, maxOutputTokens: number | undefined) => Lane<Value>;
  /** A kept answer in the form of a new one. */
  readonly replay: (kept: ModelResponse) => Iterable<Value>;
}
