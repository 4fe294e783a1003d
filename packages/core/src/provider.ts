import type { BatchCodec } from './batch-codec.ts';
import type { Cancellation } from './cancellation.ts';
import type { Quirks } from './encoded-request.ts';
import type { CatalogSlice, ModelFacts } from './model-facts.ts';
import type { RequestBytes } from './request-bytes.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { FrameVisitor } from './stream-piece.ts';
import type { WireFormat } from './wire-format.ts';
import type { WireFrame, WireHeaders } from './wire-frame.ts';

/** A call in the provider's own format. */
export interface WireCall {
  /** Default `POST`; the others have no body, nor has a `POST` whose body is empty. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** How the answer's body is framed, where that is not as in the provider's format: `ndjson` for files of JSON lines. */
  readonly framing?: 'ndjson' | undefined;
  /** Path below the endpoint's base; absolute paths never leave the endpoint. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBytes | string;
  readonly stream: boolean;
  /** The name of the key to use, one of the provider's `keys`; absent: the first. */
  readonly key?: string | undefined;
  /** The caller's own credential, for a provider that takes it instead of a key of ours: headers by name in lower case. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes the connection to the provider. */
  readonly signal: AbortSignal;
  /** The same, where the caller has it; whoever goes by this need not look at the signal, which is made when it is asked for. */
  readonly cancellation?: Cancellation | undefined;
}

/** An answer's head; its body is read by exactly one of `frames`, `bytes` and `text`. */
export interface WireReply {
  readonly status: number;
  readonly headers: WireHeaders;
  /** The stream's frames, in batches: what one read of the socket brought. Throws ProviderError `connection-lost`. */
  frames(): AsyncIterable<readonly WireFrame[]>;
  /**
   * The same, shown to a visitor frame by frame; ends a batch with each item. For whoever reads along and forwards: a frame that the visitor skims is never cut. Absent:
   * `frames` is read instead.
   */
  visit?(visitor: FrameVisitor): AsyncIterable<unknown>;
  /** The whole body. Throws ProviderError. */
  bytes(): Promise<Uint8Array>;
  /** Gives the rest of the body up. */
  discard(): void;
}

/** An endpoint that speaks a wire format: made by a definition's `create`. */
export interface Provider {
  readonly contract: 1;
  /** The name under which it is configured: `anthropic`, `openai`, `local`. */
  readonly id: string;
  /** The format it is spoken to in. */
  readonly format: WireFormat;
  /** Other formats of the same framing that the endpoint takes as well: used for callers who speak them. */
  readonly alsoSpeaks?: readonly WireFormat[] | undefined;
  readonly quirks: Quirks;
  /** Takes a request of its format as a caller wrote it; `false`: only what the codec makes of it. */
  readonly forwards: boolean;
  readonly models: readonly ModelFacts[];
  /** Short names of some of them, by which they may be called as well: `opus` -> a model id; `default` -> the one for whoever names none. Absent: there are none. */
  readonly shortNames?: Readonly<Record<string, string>> | undefined;
  /** Its batch API, where it has one that we speak. */
  readonly batches?: BatchCodec | undefined;
  /** Is called with the credential that the caller shows, and with no key of ours. */
  readonly callerCredentials?: boolean | undefined;
  /** Names of its keys, in order, where it has more than one; the keys themselves are its secret. */
  readonly keys?: readonly string[] | undefined;
  /** Sixteen hexadecimal digits that tell a key from others and say nothing of it, by its name; absent name: the first. Undefined where there is no such key, or nobody says. */
  keyDigest?(name: string | undefined): string | undefined;
  /** Runs on the user's own machine or network: allowed under `data_policy: local_only`. */
  readonly local: boolean;
  /** The answers come from the simulator: they are marked and cost nothing. */
  readonly simulated: boolean;
  /** Sends one call, once: no retry, no redirect. Throws ProviderError `connect`, `connection-lost` or `aborted`. */
  send(call: WireCall): Promise<WireReply>;
  /** Closes the pool. */
  close(): Promise<void>;
}

/** What a provider is made with: keys, endpoint, connections and models. Every definition takes the same. */
export interface ProviderSettings {
  /** The id to run under; default: the definition's. */
  readonly id?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Several keys of the same rights, to be used in turns; each may be refused or used up by itself. Takes the place of `apiKey`. */
  readonly apiKeys?: readonly string[] | undefined;
  /** Call with the credential that the caller shows, instead of a key. */
  readonly callerCredentials?: boolean | undefined;
  /** Base URL, with or without the version path (`/v1`). A function is asked once, at the first call. */
  readonly endpoint?: string | (() => Promise<string>) | undefined;
  /** Headers for every call, e.g. an organisation. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Connections to the endpoint at most; each carries one call at a time. Calls beyond it wait for one, and an attempt's timers run meanwhile: who sets it should
   * admit no more calls than that at once. Default: as many as are needed.
   */
  readonly connections?: number | undefined;
  /** Whether a connection is used again. Default `true`. */
  readonly keepAlive?: boolean | undefined;
  readonly simulated?: boolean | undefined;
  /** The models to offer; default: the definition's catalogue slice. */
  readonly models?: readonly ModelFacts[] | undefined;
  /** Options of this one provider, checked against its `optionsSchema`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** A provider before it is configured: data and a factory. */
export interface ProviderDefinition {
  readonly contract: 1;
  readonly id: string;
  /** As people call it: `Anthropic (Claude)`. */
  readonly displayName: string;
  readonly format: WireFormat;
  /** Variables that may hold the key, the usual one first. Empty: needs no key. */
  readonly keyVariables: readonly string[];
  /** Base URL; `''`: it has none, and the settings must say it. */
  readonly defaultEndpoint: string;
  readonly local: boolean;
  readonly catalog: CatalogSlice;
  /** Short names: `opus` -> a model id, `default` -> the model when only the provider is named. */
  readonly shortNames: Readonly<Record<string, string>>;
  /** Schema of `ProviderSettings.options`; absent: takes none. */
  readonly optionsSchema?: StandardSchema | undefined;
  /** Throws RouterError `configuration` on a bad endpoint and `missing-key` when a key is needed and absent. */
  create(settings?: ProviderSettings): Provider;
}
