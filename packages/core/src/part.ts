import type { JsonObject } from './json.ts';
import type { TokenLogprob } from './token-logprob.ts';

/**
 * Fields that one wire format has and the canonical form has not, verbatim, under the format's id
 * (`{ 'anthropic-messages': { citations: … } }`). They go back out to the same format only; translation reports them, but for those that
 * stand under `formKey(format)`.
 */
export type Extensions = Readonly<Record<string, JsonObject>>;

/** A mark that the prompt up to and including this part should be cached by the provider. */
export interface CacheMark {
  /** Time to live that was asked for; absent: the provider's default. */
  readonly ttl?: '5m' | '30m' | '1h' | '12h' | undefined;
}

interface PartBase {
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** Where the bytes of an image, document, audio or video are. */
export type MediaSource =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'url'; readonly url: string; readonly mediaType?: string | undefined }
  /**
   * A file that was uploaded to one provider; the id means nothing to another and is sent to no other. `owner` is the wire format of the
   * caller who named it; absent: the id's own spelling has to tell.
   */
  | {
      readonly kind: 'file';
      readonly fileId: string;
      readonly owner?: string | undefined;
      readonly mediaType?: string | undefined;
    }
  | { readonly kind: 'text'; readonly text: string; readonly mediaType?: string | undefined };

/** A page that a model found and that bears out what it says. */
export interface Citation {
  readonly url: string;
  readonly title?: string | undefined;
  /** The words of the page. */
  readonly citedText?: string | undefined;
  /** What is borne out, as a range of the part's text in UTF-16 code units; absent: all of the part, or nobody says. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Text of a turn. */
export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
  /** The model's own words of refusal (Chat Completions keeps them apart from content). */
  readonly refusal?: boolean | undefined;
  /** Pages that a search found for it; the format's own form of them is among the extensions. */
  readonly citations?: readonly Citation[] | undefined;
  /** How likely each token of it was, where that was asked for; the format's own form of it is among the extensions. */
  readonly logprobs?: readonly TokenLogprob[] | undefined;
}

/** An image to look at. */
export interface ImagePart extends PartBase {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: 'auto' | 'low' | 'high' | 'original' | undefined;
}

/** A document to read: a PDF or text. */
export interface DocumentPart extends PartBase {
  readonly type: 'document';
  readonly source: MediaSource;
  readonly title?: string | undefined;
  readonly context?: string | undefined;
}

/** Sound to listen to. */
export interface AudioPart extends PartBase {
  readonly type: 'audio';
  readonly source: MediaSource;
}

/** A video to watch. */
export interface VideoPart extends PartBase {
  readonly type: 'video';
  readonly source: MediaSource;
}

/** The model asks for a tool. `arguments` is the JSON text exactly as the model wrote it (`''` means no arguments). */
export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** `custom`: a free-text tool, whose input is not JSON. Default `function`. */
  readonly kind?: 'function' | 'custom' | undefined;
  /** The group of tools that the name belongs to. */
  readonly namespace?: string | undefined;
  /** A thought signature that rides on the call (Gemini). */
  readonly signature?: ReasoningSignature | undefined;
}

/** A tool's answer. Stands in a user message, as Anthropic and Gemini have it. */
export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name?: string | undefined;
  readonly content: readonly (TextPart | ImagePart | DocumentPart | OpaquePart)[];
  readonly isError?: boolean | undefined;
  readonly kind?: 'function' | 'custom' | undefined;
}

/** Proof of a model's own reasoning. Only the issuer can read it, so it goes back to the issuer alone. */
export interface ReasoningSignature {
  /** The id of the wire format or provider that issued it, e.g. `anthropic`. */
  readonly issuer: string;
  readonly value: string;
}

/** What a model thought before it answered. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  /** Readable reasoning; `''` where the provider shows none. */
  readonly text: string;
  readonly signature?: ReasoningSignature | undefined;
  /** Reasoning that only its issuer can read (redacted thinking, encrypted content). */
  readonly encrypted?: ReasoningSignature | undefined;
}

/** A block that the canonical form has no word for. Goes back out to the format it came from, and is reported elsewhere. */
export interface OpaquePart {
  readonly type: 'opaque';
  /** The wire format's id. */
  readonly format: string;
  readonly value: JsonObject;
  /** What it says stands elsewhere in the request as well: other formats pass over it without a loss. */
  readonly restated?: true | undefined;
  /** What stands for it in other formats: its words, its picture. Absent: nothing. */
  readonly otherwise?: TextPart | ImagePart | DocumentPart | undefined;
}

/** One piece of a message. */
export type Part =
  | TextPart
  | ImagePart
  | DocumentPart
  | AudioPart
  | VideoPart
  | ToolCallPart
  | ToolResultPart
  | ReasoningPart
  | OpaquePart;
