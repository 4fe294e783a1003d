/** Why an answer ended, in one vocabulary. */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'context-window'
  | 'tool-calls'
  | 'refusal'
  | 'content-filter'
  | 'pause'
  | 'error'
  | 'other';

/** The normalised reason beside what the provider wrote. */
export interface Finish {
  readonly reason: FinishReason;
  /** The provider's own word; absent where it gave none. */
  readonly rawReason?: string | undefined;
  /** The stop sequence that was met. */
  readonly stopSequence?: string | undefined;
  /** A refusal's explanation or category, as the provider gave it. */
  readonly detail?: string | undefined;
}
