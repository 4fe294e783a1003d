import type { JsonObject } from './json.ts';
import type { CacheMark, Extensions, Part, TextPart } from './part.ts';

/**
 * One turn. Tool results are parts of user messages. `system` in the middle of a conversation is a message;
 * what stands before the first turn is `ModelRequest.system`.
 */
export interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly Part[];
  /** A participant's name (Chat Completions). */
  readonly name?: string | undefined;
  readonly extensions?: Extensions | undefined;
}

/** A function that the model may ask for. */
export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of the arguments; absent: takes none. */
  readonly parameters?: JsonObject | undefined;
  readonly strict?: boolean | undefined;
  /** The group that it is offered in (Responses): two tools of different groups may have one name. */
  readonly namespace?: string | undefined;
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** A tool that takes a text as it is, not JSON. */
export interface CustomTool {
  readonly type: 'custom';
  readonly name: string;
  readonly description?: string | undefined;
  /** What the text must follow; absent: nothing. */
  readonly grammar?: { readonly syntax: string; readonly definition: string } | undefined;
  readonly namespace?: string | undefined;
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** A search in the web that the provider runs: the one such tool that several formats have. */
export interface WebSearch {
  readonly allowedDomains?: readonly string[] | undefined;
  readonly blockedDomains?: readonly string[] | undefined;
  /** Where the user is, roughly: city, region, ISO country, IANA time zone. */
  readonly location?:
    | {
        readonly city?: string | undefined;
        readonly region?: string | undefined;
        readonly country?: string | undefined;
        readonly timezone?: string | undefined;
      }
    | undefined;
  /** How much of what is found the model reads: `low`, `medium`, `high`. */
  readonly contextSize?: string | undefined;
  /** Searches at most. */
  readonly maxUses?: number | undefined;
}

/** A tool that the provider runs itself, or of a kind the canonical form doesn't know: kept as it came. */
export interface OpaqueTool {
  readonly type: 'opaque';
  readonly format: string;
  readonly value: JsonObject;
  /** What it means, where that is a search in the web: other formats have such a tool as well. */
  readonly webSearch?: WebSearch | undefined;
  /** It runs code that the model writes, in a sandbox of the provider's: three formats have such a tool. */
  readonly runsCode?: true | undefined;
}

/** A tool that the model may ask for. */
export type Tool = FunctionTool | CustomTool | OpaqueTool;

/** Whether the model may, must or must not ask for a tool, and for which. */
export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string }
  | { readonly type: 'allowed'; readonly mode: 'auto' | 'required'; readonly names: readonly string[] }
  /** A choice the canonical form has no word for. */
  | { readonly type: 'opaque'; readonly format: string; readonly value: JsonObject };

/** What the answer must look like. */
export type OutputFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string | undefined;
      readonly description?: string | undefined;
      readonly strict?: boolean | undefined;
    };

/** How hard the model is asked to think. A target that has fewer steps takes the nearest one, and says so. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How a caller wants the model to think before it answers. */
export interface ReasoningRequest {
  readonly mode?: 'on' | 'off' | 'adaptive' | undefined;
  readonly effort?: ReasoningEffort | undefined;
  /** Thinking tokens at most. */
  readonly budgetTokens?: number | undefined;
  /** Whether and how the caller wants to read the reasoning. */
  readonly display?: 'omitted' | 'summary' | 'full' | undefined;
}

/** State that a provider keeps for a caller, such as a stored answer that the request continues. */
export interface ServerState {
  /** The wire format's id. */
  readonly format: string;
  /** The request field that refers to it, e.g. `previous_response_id`. */
  readonly parameter: string;
  /** The id of what is kept, where there is one. */
  readonly id?: string | undefined;
}

/** How the next token is chosen; an absent field is left to the provider. Ranges are the provider's own: what a model refuses is dropped and reported. */
export interface Sampling {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly minP?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly seed?: number | undefined;
}

/** A kind of content that a model can be asked to answer with. */
export type OutputModality = 'text' | 'image' | 'audio';

/**
 * A request in Signalbox's own words, which every wire format translates from and to.
 *
 * @example
 * ```ts
 * const request: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }] };
 * ```
 */
export interface ModelRequest {
  /** The model as the caller named it: a model id, an alias, `auto`. */
  readonly model?: string | undefined;
  readonly system: readonly TextPart[];
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[] | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  /** `false`: one tool call a turn at most. */
  readonly parallelToolCalls?: boolean | undefined;
  readonly output?: OutputFormat | undefined;
  readonly reasoning?: ReasoningRequest | undefined;
  readonly sampling?: Sampling | undefined;
  /** Tokens of output at most, reasoning included. */
  readonly maxOutputTokens?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  /** Log probabilities of the output tokens, with so many alternatives each. */
  readonly logprobs?: { readonly alternatives: number } | undefined;
  /** Answers wanted; default 1. */
  readonly candidateCount?: number | undefined;
  /** An opaque id of the caller's end user. */
  readonly userId?: string | undefined;
  /** Groups the requests of one conversation (for prompt caches). */
  readonly promptCacheKey?: string | undefined;
  readonly serviceTier?: string | undefined;
  /** The request leans on state that a provider keeps: only a provider of that format can serve it. */
  readonly serverState?: ServerState | undefined;
  /** How many words an answer makes (OpenAI): `low`, `medium`, `high`. */
  readonly verbosity?: string | undefined;
  /** What the answer may consist of; absent: text. */
  readonly outputModalities?: readonly OutputModality[] | undefined;
  readonly stream?: boolean | undefined;
  /** Chat Completions: the caller asked for a usage chunk at the end of the stream. */
  readonly streamUsage?: boolean | undefined;
  /** Fields for one provider, verbatim, under the provider's id. */
  readonly providerOptions?: Readonly<Record<string, JsonObject>> | undefined;
  /** Request fields of one wire format that the canonical form has no word for. */
  readonly extensions?: Extensions | undefined;
}
