/**
 * How a request ended for the client. `complete`: the whole answer and a clean end; `wrong`: a clean end after anything else;
 * `error`: a status or an event that says so; `torn`: the connection broke; `hang`: nothing ended it in time.
 */
export type Outcome = 'complete' | 'wrong' | 'error' | 'torn' | 'hang';

export interface ClientError {
  readonly message: string;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
}

/** Counts as they stood in the answer, whatever they were. `total` where the protocol has one. */
export interface ClientUsage {
  readonly input: unknown;
  readonly output: unknown;
  readonly total?: unknown;
}

/** What a client saw of one request. Times are seconds of the case's clock. */
export interface ClientView {
  readonly outcome: Outcome;
  /** Since the case began. */
  readonly sentAt: number;
  readonly seconds: number;
  /** From sending to the first text of a stream; absent where none came. */
  readonly firstTextSeconds?: number | undefined;
  /** HTTP status; absent where none came. */
  readonly status?: number | undefined;
  readonly text: string;
  /** Arguments of tool calls, joined per call. */
  readonly toolArguments: readonly string[];
  /** The last model that a chunk named. */
  readonly model?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly done: boolean;
  readonly usage?: ClientUsage | undefined;
  readonly error?: ClientError | undefined;
  /** Events whose data was no JSON. */
  readonly malformedEvents: number;
  /** Events that break the protocol's own rules: a clean end after any of them is `wrong`. */
  readonly violations: readonly string[];
}
