import type { JsonObject, JsonValue } from '../packages/core/src/index.ts';

/** A recorded exchange with a provider, as far as the ladder reads it. */
export interface Exchange {
  readonly id: string;
  readonly provider: string;
  /** `anthropic.messages`, `openai.chat`, … */
  readonly endpoint: string;
  /** An excerpt: some lines of a stream are missing. */
  readonly partial: boolean;
  /** The server itself sent lines that are not valid in its framing. */
  readonly malformed: boolean;
  readonly request: { readonly path: string; readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** A whole answer, or the text that came instead of JSON. */
    readonly body?: JsonValue | undefined;
    /** The text of a stream, as it was recorded. */
    readonly stream?: string | undefined;
  };
}
