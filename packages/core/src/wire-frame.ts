/** One event of a stream on the wire: an SSE event, or a line of NDJSON. */
export interface WireFrame {
  /** The bytes as they came, separator included. */
  readonly raw: Uint8Array;
  /** SSE `event:` field. */
  readonly event?: string | undefined;
  /** SSE `data:` lines joined, or the NDJSON line. `''` for a comment. */
  readonly data: string;
}

/** Case-insensitive response headers, names in lower case. */
export type WireHeaders = Readonly<Record<string, string>>;
