import type {
  Admission,
  Analyser,
  Attempt,
  CacheUse,
  Caller,
  Candidate,
  Clock,
  Decision,
  EmbeddingRequest,
  EmbeddingResponse,
  EndpointState,
  Health,
  Inbound,
  KeptQuestion,
  Ledger,
  Measured,
  Measurements,
  ModelRequest,
  ModelResponse,
  Pricing,
  Provider,
  QualityEstimate,
  Removal,
  ResponseCache,
  RouterError,
  RuleUses,
  ServerContext,
  Strategy,
  StreamEvent,
  TranslationNote,
  Vault,
  WireFormat,
} from '@signalbox/core';
import type { CacheOutcome } from './answers/cached-answer.ts';
import type { Timeouts } from './attempts/deadline.ts';
import type { HedgePolicy } from './attempts/hedge.ts';
import type { RetryPolicy } from './attempts/retry-policy.ts';
import type { Route } from './choice/candidates.ts';
import type { TokenCount } from './count-tokens.ts';
import type { Hooks } from './hooks/hooks.ts';
import type { Holders } from './kept/holders.ts';
import type { AnswerBody } from './lanes/whole-body.ts';
import type { PromptCaches } from './sessions/session-costs.ts';
import type { Sessions } from './sessions/sessions.ts';

/** What an engine is made of: only `providers` is required, and a port that is absent does nothing. */
export interface RouterOptions {
  /** Closed with the router. All their models can be called by name unless `candidates` says otherwise. */
  readonly providers: readonly Provider[];
  /**
   * Who may be called. Default: all models of all providers by their names; without a name, those that their provider has a short name for (its default first), or all where it
   * has none.
   */
  readonly candidates?: readonly Candidate[] | undefined;
  /** What could not become a candidate, for the record of each decision. */
  readonly unavailable?: readonly Removal[] | undefined;
  /** For requests that name no model. Default: the candidates in the order given. */
  readonly strategy?: Strategy | undefined;
  /** Reads a model name. Throws RouterError `unknown-model`. Default: a model's id, alias or short name. */
  readonly resolve?: ((name: string | undefined) => Route) | undefined;
  /** Instead of the default bounds, per candidate; milliseconds. */
  readonly timeouts?: ((candidate: Candidate, stream: boolean) => Partial<Timeouts>) | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Asks a second candidate where the first is slow. Default: never. */
  readonly hedge?: HedgePolicy | undefined;
  /** 0 (inclusive) to 1 (exclusive), for jitter. Default Math.random. */
  readonly random?: (() => number) | undefined;
  /** Local providers only. */
  readonly localOnly?: boolean | undefined;
  /** Refuse a request rather than lose a part of it in translation; a call may say otherwise. Default `false`. */
  readonly strict?: boolean | undefined;
  /** Keeps reasoning state for callers whose format can't carry it. Default: a vault in memory. */
  readonly vault?: Vault | undefined;
  /** Gives answers to identical requests again. Closed with the router. Default: none. */
  readonly cache?: ResponseCache | undefined;
  readonly analyser?: Analyser | undefined;
  readonly pricing?: Pricing | undefined;
  /** How good models are expected to be; absent: nothing is expected of anybody. */
  readonly quality?: QualityEstimate | undefined;
  /** Counts the uses of routing rules; absent: nobody counts. */
  readonly ruleUses?: RuleUses | undefined;
  readonly ledger?: Ledger | undefined;
  /** Default: a circuit breaker for each candidate. */
  readonly health?: Health | undefined;
  readonly admission?: Admission | undefined;
  /** Who asks where a call does not say. Default: nobody in particular, of the tenant `local`. */
  readonly caller?: Caller | undefined;
  /** Default: of this process, in memory. */
  readonly measurements?: Measurements | undefined;
  /** How vendors keep the beginnings of prompts; with it a session keeps its model while that saves more than a switch gains. Default: nothing is known. */
  readonly promptCaches?: PromptCaches | undefined;
  /** Which session's prompt cache is where. Default: of this router, in memory; only with `promptCaches`. */
  readonly sessions?: Sessions | undefined;
  /** Which provider keeps what it gave out. Default: of this router, in memory. */
  readonly holders?: Holders | undefined;
  /** Milliseconds that a request may wait for its turn at a rate limit where nobody else could answer. Default 30,000. */
  readonly queueMs?: number | undefined;
  /** With which turn strategies that take turns begin, asked once, before the first choice: programs that decide one request each go on from each other. Default: 0. */
  readonly firstTurn?: (() => number) | undefined;
  /** See requests and answers, and may change or refuse them. Default: none. */
  readonly hooks?: Hooks | undefined;
  readonly clock?: Clock | undefined;
  readonly createId?: (() => string) | undefined;
}

/** A request in its caller's wire format, and what holds for this call alone. */
export interface RouteCall {
  readonly inbound: Inbound;
  /** Instead of what the inbound's model name would choose. */
  readonly route?: Route | undefined;
  readonly caller?: Caller | undefined;
  /** Overrides the router's `strict` for this call. */
  readonly strict?: boolean | undefined;
  /** How this call uses the router's cache. */
  readonly cache?: CacheUse | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the caller gives up, where it said so: nothing is waited for beyond that. */
  readonly patienceMs?: number | undefined;
  /** What `forward` says of an error that ends a stream which has begun: an error as this caller may hear of it. Default: as it is. */
  readonly shownError?: ((error: unknown, caller: Caller | undefined) => unknown) | undefined;
  /** Gets what `forward` wrote for this caller and no provider has, by the ids under which it may be named later (`WireFormat.namedItems`). Default: nobody keeps it. */
  readonly keepItem?: ServerContext['keepItem'];
}

/** What is known of a request at any time. */
export interface RouteRecord {
  readonly decision: Decision;
  /** What could not be carried over into the provider's format as it was. Empty on the byte lane. */
  readonly notes: readonly TranslationNote[];
  /** The candidate that answers. */
  readonly candidate: Candidate;
  /** Attempts that are over; the answering one joins when its answer has been read to the end. */
  readonly attempts: readonly Attempt[];
  /** Absent where the router has no cache. */
  readonly cache?: CacheOutcome | undefined;
}

export interface StreamResult extends RouteRecord {
  /** To be read once. Throws ProviderError where the answer breaks off. */
  readonly events: AsyncIterable<StreamEvent>;
}

export interface GenerateResult extends RouteRecord {
  readonly response: ModelResponse;
}

export interface ForwardResult extends RouteRecord {
  readonly contentType: string;
  /** Whether the body comes as it is made, or at once. */
  readonly streamed: boolean;
  /**
   * The answer in the caller's own format; to be read once. Does not throw for an upstream that breaks off: the stream then
   * ends in the protocol's own error.
   */
  readonly body: AnswerBody;
  /** Which way the answer takes. */
  readonly lane: 'bytes' | 'canonical' | 'cache';
  /** Why hooks ended the stream before its end; known once the body is read. */
  readonly stopped?: (() => RouterError | undefined) | undefined;
}

/** Vectors, who made them, and what the call took. */
export interface EmbedResult {
  readonly response: EmbeddingResponse;
  readonly candidate: Candidate;
  /** The one that succeeded. */
  readonly attempt: Attempt;
  /** All of them, and the decision under whose id they are in the ledger. */
  readonly attempts: readonly Attempt[];
  readonly decision: Decision;
}

/** What a caller asks about an answer that a provider keeps. */
export interface KeptCall {
  readonly format: WireFormat;
  readonly question: KeptQuestion;
  /** The caller's, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's own credential, as in `Inbound.wire`. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  readonly caller?: Caller | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the provider says, in its own words: it is of the caller's format. */
export interface KeptResult {
  readonly provider: string;
  readonly status: number;
  readonly contentType: string;
  /** As a whole, or a stream, to be read once: one that breaks off ends in the format's own error. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** The engine. */
export interface Router {
  /** The same as `decide`, with all that can be known of the request and its candidates, asked for or not. */
  explain(call: RouteCall): Promise<Decision>;
  /** What would be done, without doing it. Throws RouterError. */
  decide(call: RouteCall): Decision;
  /** Routes a request and resolves at the first content. Throws RouterError, AllCandidatesFailed among them. */
  stream(request: ModelRequest, options?: Omit<RouteCall, 'inbound'>): Promise<StreamResult>;
  /** Routes a request and resolves with the whole answer. */
  generate(request: ModelRequest, options?: Omit<RouteCall, 'inbound'>): Promise<GenerateResult>;
  /** Routes a request that came over the wire, and answers in its format; resolves at the first content. */
  forward(call: RouteCall): Promise<ForwardResult>;
  /** The tokens of a request: counted by the provider it would go to, or estimated. Throws RouterError. */
  countTokens(call: RouteCall): Promise<TokenCount>;
  /** Vectors for texts, from the model named. Never fails over. Throws RouterError, AllCandidatesFailed among them. */
  embed(request: EmbeddingRequest, options?: Omit<RouteCall, 'inbound'>): Promise<EmbedResult>;
  /** Asks a provider about an answer that it keeps. Books nothing but the rest of one that was made in the background, once. Throws RouterError and ProviderError. */
  kept(call: KeptCall): Promise<KeptResult>;
  readonly candidates: readonly Candidate[];
  /** The state of each endpoint that was called and failed so far: breakers, parked keys. */
  endpoints(): readonly EndpointState[];
  /** What was measured of a candidate, by its id. */
  measured(candidate: string): Measured | undefined;
  close(): Promise<void>;
}
