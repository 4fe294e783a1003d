import type { EncodedRequest } from './encoded-request.ts';
import type { ProviderErrorInit } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { ModelResponse } from './model-response.ts';

/** One request of a batch, in the provider's own words. */
export interface BatchItem {
  /** Comes back with the result: 1 to 64 letters, digits, `_` and `-` (Anthropic's rule; OpenAI asks for no more than that it is unique). */
  readonly id: string;
  readonly request: Pick<EncodedRequest, 'path' | 'headers' | 'body'>;
}

/** A call of a batch API. */
export interface BatchCall {
  readonly method: 'GET' | 'POST';
  /** Path below the endpoint's base. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a batch stands, as its provider says. */
export interface BatchState {
  readonly id: string;
  /** `ended`: results are there, of those requests that have one. `failed`: the batch as a whole was refused. */
  readonly status: 'running' | 'ended' | 'failed';
  /** The provider's own word: `in_progress`, `finalizing`, `expired`. */
  readonly reported: string;
  readonly counts: { readonly total: number; readonly succeeded: number; readonly failed: number };
  /** Unix milliseconds. */
  readonly createdAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  /** Why it failed. */
  readonly problem?: string | undefined;
  /** Where results are, while the provider keeps them: the paths of files of JSON lines. */
  readonly resultPaths: readonly string[];
}

/** What one request of a batch came to. */
export interface BatchResult {
  readonly id: string;
  readonly outcome: { readonly response: ModelResponse } | { readonly error: ProviderErrorInit };
}

/** A provider's batch API: requests that are answered within a day, at a lower price. Pure. */
export interface BatchCodec {
  /** Requests and bytes of one batch at most. */
  readonly mostRequests: number;
  readonly mostBytes: number;
  /** All requests of a batch must be for the same model. */
  readonly oneModel: boolean;
  /** Sends the requests as a file, where that has to come first. */
  encodeUpload?(items: readonly BatchItem[]): BatchCall;
  /** The id of that file. Throws ProviderError `invalid-response`. */
  decodeUpload?(body: unknown, provider: string): string;
  /** `fileId`: of the upload, where there was one. */
  encodeCreate(items: readonly BatchItem[], fileId: string | undefined): BatchCall;
  encodeStatus(id: string): BatchCall;
  /** The answer to both of these. Throws ProviderError `invalid-response`. */
  decodeState(body: unknown, provider: string): BatchState;
  /** Reads one of the state's `resultPaths`: its answer is a JSON object a line. */
  encodeResults(path: string): BatchCall;
  /** Undefined where a line is no result. */
  decodeResult(line: JsonObject, provider: string): BatchResult | undefined;
}
