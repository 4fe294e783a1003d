import type { EncodeContext, EncodedRequest } from './encoded-request.ts';
import type { ProviderError, ProviderErrorInit, RouterError } from './errors.ts';
import type { Finish } from './finish.ts';
import type { JsonObject } from './json.ts';
import type { ModelRequest, ReasoningEffort, ServerState } from './model-request.ts';
import type { ModelResponse } from './model-response.ts';
import type { Part } from './part.ts';
import type { RequestBytes } from './request-bytes.ts';
import type { EmbeddingCodec, TokenCounting } from './side-operations.ts';
import type { StreamEvent } from './stream-event.ts';
import type { ObserveContext, StreamObserver, UsageEstimate } from './stream-observer.ts';
import type { Usage } from './usage.ts';
import type { WireFrame, WireHeaders } from './wire-frame.ts';

/** What some frames that follow one another bring together. */
export interface JoinedFrames {
  readonly event: StreamEvent;
  /** How many frames they are: one or more. */
  readonly count: number;
}

/** Turns the frames of one stream into events. Made per stream: it holds state. */
export interface StreamDecoder {
  /** Throws ProviderError on an error event. Bad JSON in one frame yields nothing. */
  decode(frame: WireFrame): readonly StreamEvent[];
  /**
   * The frames of a read from a place on that bring nothing but more of the part before them: their text, `most` frames of it at most, as one event. Undefined where the frame
   * there is no such, or where a format has no quicker way than `decode`.
   */
  joined?(frames: readonly WireFrame[], from: number, most: number): JoinedFrames | undefined;
  /** At the end of the body: the finish event if it is still due. Throws ProviderError `stream-cut` when the stream was incomplete. */
  end(): readonly StreamEvent[];
}

/** Towards a provider. Pure. */
export interface ClientCodec {
  encodeRequest(request: ModelRequest, context: EncodeContext): EncodedRequest;
  /** Throws ProviderError `invalid-response` where the body is not an answer of this format. */
  decodeResponse(body: unknown, context: { readonly provider: string }): ModelResponse;
  /** `answers`: how many were asked for, where that is more than one and the format can't tell when the last of them has come. */
  createStreamDecoder(context: { readonly provider: string; readonly answers?: number | undefined }): StreamDecoder;
  /** Classifies an error answer. `body` is parsed JSON, or the text where it is not JSON. */
  decodeError(status: number, headers: WireHeaders, body: unknown): ProviderErrorInit;
}

/** What can be read from a request's bytes without parsing all of it. */
export interface RequestHead {
  readonly model?: string | undefined;
  readonly stream: boolean;
  /** Byte range of the model's JSON value (quotes included), for replacing it in place. */
  readonly modelRange?: readonly [start: number, end: number] | undefined;
  /** The caller's own id of the conversation, where the request has one. */
  readonly session?: string | undefined;
  /** The end user, as the caller calls them: a claim, not an identity. */
  readonly user?: string | undefined;
  /** What the request is to be booked under beside its key. */
  readonly tags?: readonly string[] | undefined;
  /** How hard the caller asks the model to think; `none`: not at all. Absent: nothing is said. */
  readonly effort?: ReasoningEffort | undefined;
  /** What the request goes on from at the provider that keeps it. */
  readonly serverState?: ServerState | undefined;
  /** Whether the answer is to be made where it is kept, whoever listens. */
  readonly background?: boolean | undefined;
  /** `false`: the provider is not to keep the answer. */
  readonly store?: boolean | undefined;
  /** Models that the provider may take in the place of the one that is named. */
  readonly otherModels?: readonly string[] | undefined;
}

/** A request that is to be forwarded as it came, but for the model's name and what the format permits. */
export interface ForwardedRequest {
  readonly path: string;
  readonly body: RequestBytes;
  /** Headers that the format needs where the caller sent none, e.g. a version. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether usage was requested on the caller's behalf, so that its chunk must not reach the caller. */
  readonly hideUsage: boolean;
}

/** Writes one stream for a caller. Made per stream. */
export interface StreamEncoder {
  /** Text to send, framing included; `''` where an event has nothing to show. */
  encode(event: StreamEvent): string;
  /**
   * Brings a new encoder to where a stream stands that was not written by one: `events` are what the caller has, `place` is what the stream's
   * observer says of it. Writes nothing. Absent: the events are encoded and the text is thrown away.
   */
  goOnFrom?(events: readonly StreamEvent[], place: JsonObject | undefined): void;
  /** From here on another model answers: for formats that name the model in every event. Absent: it is named once. */
  answeredBy?(model: string): void;
  /** The protocol's own error, after which nothing more is sent. */
  error(error: ProviderError | RouterError): string;
}

/** What a server codec knows beside the answer: what the caller asked for, and where ids and times come from. */
export interface ServerContext {
  /** The model to name where the answer does not. */
  readonly model: string;
  /** Makes ids for answers that come without; deterministic in tests. */
  readonly createId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Chat Completions: whether the caller asked for a usage chunk. */
  readonly includeUsage?: boolean | undefined;
  /** Tokens of the input, estimated: for a format that says them before its provider does. */
  readonly inputTokens?: number | undefined;
  /** Gets the items of an answer that is over, as JSON by their ids, where the caller may name them later and no provider has them. */
  readonly keepItem?: ((id: string, item: string) => void) | undefined;
}

/** An error as an HTTP answer of this format. */
export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** Towards a caller. Pure. */
export interface ServerCodec {
  readonly streamContentType: string;
  /** What may stand between two pieces of a stream that says nothing else: it keeps clients and proxies from giving the connection up. Absent: the format has nothing of the kind. */
  readonly keepAlive?: string | undefined;
  scanHead(body: RequestBytes, path: string): RequestHead;
  /**
   * `headers`: the caller's, names in lower case, for formats whose version stands there. Throws RouterError `invalid-request` with the
   * field's name on bad input.
   */
  decodeRequest(body: unknown, path: string, headers?: WireHeaders): ModelRequest;
  /** The byte lane's request: the caller's bytes with the closed list of edits. */
  forwardRequest(body: RequestBytes, head: RequestHead, model: string, path: string): ForwardedRequest;
  encodeResponse(response: ModelResponse, context: ServerContext): JsonObject;
  createStreamEncoder(context: ServerContext): StreamEncoder;
  encodeError(error: ProviderError | RouterError): EncodedError;
}

/** How a format names what its providers keep (answers, items, files) or alone can read (encrypted reasoning), so that it comes back to who has it. */
export interface KeptState {
  /** The names of what an event of an answer gives out; the answer's own id is known without it. */
  issuedBy(event: StreamEvent): readonly string[];
  /** Whether a request may bring any of it back: a look at its bytes, no parsing. */
  mayBring(body: Uint8Array): boolean;
  /**
   * The name of what a part of a caller's request brings back. With `parameter`, the request field by which it is named: nobody else can serve the request; without: it
   * is reasoning, and others do without.
   */
  nameOf(part: Part): { readonly name: string; readonly parameter?: string | undefined } | undefined;
}

/** How callers of a format name items of earlier answers instead of sending them: for answers that no provider keeps, since they were written for the caller. */
export interface NamedItems {
  /** Whether a request may name any: a look at its bytes, no parsing. */
  mayName(body: Uint8Array): boolean;
  /** The request with the items that `find` has (JSON, as they were kept) in the places where they are named; undefined where it has none of them. */
  insert(body: JsonObject, find: (id: string) => string | undefined): JsonObject | undefined;
}

/** What a caller asks about an answer that a provider keeps, and how that provider is asked. */
export interface KeptQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the endpoint's base, with the query. */
  readonly path: string;
  readonly stream: boolean;
  /** The answer's id. */
  readonly id: string;
  /** Whether what comes back is the answer itself, in part or as a whole. */
  readonly readsAnswer: boolean;
}

/** Answers that providers of a format keep under their ids, where callers may ask for them again. */
export interface KeptAnswers {
  /** What a call asks about one; undefined where it asks something else. Path and query as the caller wrote them. */
  question(method: string, path: string): KeptQuestion | undefined;
  /** How an answer has ended and what it took, from its body or an event of its stream; undefined while it is still being made, and where it is no answer. */
  ending(body: unknown): { readonly finish: Finish; readonly usage?: Usage | undefined } | undefined;
}

/** What the books want to know of a whole answer. */
export interface AnswerGlance {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly finish: Finish;
  /** All that has been generated. */
  readonly output: string;
}

/** One wire format, both directions. */
export interface WireFormat {
  /** `anthropic-messages`, `openai-chat`, `openai-responses`, `gemini`, `ollama-chat`. */
  readonly id: string;
  readonly streamFraming: 'sse' | 'ndjson';
  /**
   * Who signs or encrypts reasoning in this format (`anthropic`, `google`), by the provider's id where each endpoint does so for itself; absent:
   * nobody.
   */
  readonly reasoningIssuer?: string | ((provider: string) => string) | undefined;
  /** Whether models that can think do so when nobody asked them to. Default `true`. */
  readonly thinksUnasked?: boolean | undefined;
  /** What providers of this format keep for later requests, or alone can read. Absent: nothing. */
  readonly keptState?: KeptState | undefined;
  /** Absent: callers send all that they mean. */
  readonly namedItems?: NamedItems | undefined;
  /** Absent: no answer can be asked for again. */
  readonly keptAnswers?: KeptAnswers | undefined;
  readonly client: ClientCodec;
  readonly server: ServerCodec;
  /** Absent where the format can't ask for a count. */
  readonly tokenCounting?: TokenCounting | undefined;
  /** Absent where the format has no embeddings. */
  readonly embedding?: EmbeddingCodec | undefined;
  observe(context: ObserveContext): StreamObserver;
  /**
   * What `client.decodeResponse` would say of a parsed answer that is passed on as it is, in so far as the books want to know it; undefined where that takes the decoder,
   * which also says what is wrong with an answer. Absent: all are decoded.
   */
  glance?(body: unknown): AnswerGlance | undefined;
  /** A whole answer with the counts that it lacks; undefined where it lacks none. Absent: answers pass as they are. */
  completeUsage?(answer: JsonObject, estimate: UsageEstimate): JsonObject | undefined;
}
