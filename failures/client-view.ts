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

/** What a client saw of one request. Times are seconds of the case's clock. */
export interface ClientView {
  readonly outcome: Outcome;
  /** Since the case began. */
  readonly sentAt: number;
  readonly seconds: number;
  /** HTTP status; absent where none came. */
  readonly status?: number | undefined;
  readonly text: string;
  /** Arguments of tool calls, joined per call. */
  readonly toolArguments: readonly string[];
  /** The last model that a chunk named. */
  readonly model?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly done: boolean;
  readonly usage?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: ClientError | undefined;
  /** Events whose data was no JSON. */
  readonly malformedEvents: number;
}
