import type { Finish } from './finish.ts';
import type { JsonObject } from './json.ts';
import type { Citation, Extensions, OpaquePart, ReasoningSignature } from './part.ts';
import type { TokenLogprob } from './token-logprob.ts';
import type { Usage } from './usage.ts';

/**
 * One event of an answer. Contract: at most one `start`, first; exactly one `finish`, last; errors are thrown, not yielded.
 * `index` numbers the parts of the answer in order of appearance, from 0; parts may interleave and codecs whose
 * format can't do that put them in line.
 */
export type StreamEvent =
  | StartEvent
  | TextDeltaEvent
  | TextExtensionEvent
  | ReasoningDeltaEvent
  | ReasoningSignatureEvent
  | ToolCallStartEvent
  | ToolCallDeltaEvent
  | OpaquePartEvent
  | OtherAnswerEvent
  | UsageUpdateEvent
  | AnswerContinuedEvent
  | FinishEvent;

/** An answer begins. At most one, the first. */
export interface StartEvent {
  readonly type: 'start';
  /** The provider's id of the answer. */
  readonly id?: string | undefined;
  /** The model that really answers, as the provider names it. */
  readonly model?: string | undefined;
  /** Unix seconds. */
  readonly createdAt?: number | undefined;
}

/** A piece of text of the part at `index`. */
export interface TextDeltaEvent {
  readonly type: 'text-delta';
  readonly index: number;
  readonly text: string;
  /** A refusal in the model's words (Chat Completions `refusal`). */
  readonly refusal?: boolean | undefined;
}

/** Something that hangs on a text part: citations, log probabilities, in their own format. */
export interface TextExtensionEvent {
  readonly type: 'text-extension';
  readonly index: number;
  readonly extensions: Extensions;
  readonly citations?: readonly Citation[] | undefined;
  readonly logprobs?: readonly TokenLogprob[] | undefined;
}

/** A piece of readable reasoning of the part at `index`. */
export interface ReasoningDeltaEvent {
  readonly type: 'reasoning-delta';
  readonly index: number;
  readonly text: string;
}

/** The issuer's signature of the reasoning at `index`, or the reasoning itself, encrypted. */
export interface ReasoningSignatureEvent {
  readonly type: 'reasoning-signature';
  readonly index: number;
  readonly signature?: ReasoningSignature | undefined;
  readonly encrypted?: ReasoningSignature | undefined;
  /** Fields that hang on the reasoning (an item's id), in their own format. */
  readonly extensions?: Extensions | undefined;
}

/** The model begins to ask for a tool; the arguments follow as deltas of the same `index`. */
export interface ToolCallStartEvent {
  readonly type: 'tool-call-start';
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly kind?: 'function' | 'custom' | undefined;
  readonly namespace?: string | undefined;
  readonly signature?: ReasoningSignature | undefined;
  readonly extensions?: Extensions | undefined;
}

/** A piece of the arguments of the tool call at `index`. */
export interface ToolCallDeltaEvent {
  readonly type: 'tool-call-delta';
  readonly index: number;
  /** A piece of the arguments' JSON text. */
  readonly arguments: string;
}

/** A part that arrives whole and that the canonical form has no word for (a server tool's result). */
export interface OpaquePartEvent {
  readonly type: 'opaque-part';
  readonly index: number;
  readonly part: OpaquePart;
}

/** What an answer beside the first may bring: its parts and its end. Start and usage are the stream's. */
export type AnswerEvent = Exclude<StreamEvent, StartEvent | OtherAnswerEvent | UsageUpdateEvent | AnswerContinuedEvent>;

/** A piece of one of several answers to a request, beside the first. Each ends with its own finish; the stream's own comes last. */
export interface OtherAnswerEvent {
  readonly type: 'other-answer';
  /** Its place among the answers, from 1. */
  readonly answer: number;
  readonly event: AnswerEvent;
}

/** Usage known so far; a later one replaces it, figures are never added up. */
export interface UsageUpdateEvent {
  readonly type: 'usage-update';
  readonly usage: Usage;
}

/**
 * The seam in an answer that broke off: from here on another call gives it, and perhaps another model. Made by the engine, never by a codec; formats
 * that have no place for it leave it out.
 */
export interface AnswerContinuedEvent {
  readonly type: 'answer-continued';
  /** Who goes on: `provider/model id`. */
  readonly candidate: string;
  /** The model, as its provider names it. */
  readonly model?: string | undefined;
  /** Characters of text (UTF-16 units) before the seam. */
  readonly afterCharacters: number;
}

export interface FinishEvent extends Finish {
  readonly type: 'finish';
  /** Absent where the provider sent none. */
  readonly usage?: Usage | undefined;
  /** Answer-level fields of one format that the canonical form has no word for. */
  readonly extensions?: Readonly<Record<string, JsonObject>> | undefined;
}

/** Whether events bring pieces of tool calls, and no other content. */
export function bringsCallsAlone(events: readonly StreamEvent[]): boolean {
  let calls = false;
  for (const event of events) {
    if (event.type === 'tool-call-start' || event.type === 'tool-call-delta') calls = true;
    else if (isContentEvent(event)) return false;
  }
  return calls;
}

/** Whether an event brings something that a person or a program would call content. */
export function isContentEvent(event: StreamEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text !== '';
    case 'tool-call-start':
    case 'opaque-part':
      return true;
    case 'other-answer':
      return isContentEvent(event.event);
    default:
      return false;
  }
}
