import type { JsonObject } from '@signalbox/core';
import type { ErrorName } from './error-answer.ts';

/** Why a simulated answer ends; each format writes it in its own word. */
export type SimulatedFinish =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'context-window'
  | 'tool-calls'
  | 'refusal'
  | 'content-filter'
  | 'pause';

/** Ways to write server-sent events that the standard allows and some servers use. */
export type EventLayout = 'crlf' | 'cr' | 'bom' | 'no-space' | 'multi-line';

/** Counts that no provider should send: numbers below zero, or nothing where a number belongs. */
export type BadUsage = 'negative' | 'null';

/** A tool call that is wanted; absent arguments are made from the tool's schema. */
export interface WantedToolCall {
  readonly name: string;
  readonly arguments?: JsonObject | undefined;
}

/**
 * How one answer deviates from the plain one. Comes from the server's defaults, a script rule, the prompt's
 * `[[simulate: ...]]` or the header `x-simulate`; a later one overrides single keys of an earlier one.
 *
 * N in `cut`, `stall`, `errorEvent` and `malformed` counts events that bring content (text, reasoning, tool arguments), so
 * that a number means the same in every format.
 */
export interface Behaviour {
  /** The exact reply. */
  readonly text?: string | undefined;
  /** A reply of so many words, the same for every model: what a failover can be compared by. */
  readonly words?: number | undefined;
  /** Tokens of input in total, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Tokens of output in total, reasoning included. */
  readonly outputTokens?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  /** Chat Completions has no official field for reasoning; compatible vendors use `reasoning_content` or `reasoning`. */
  readonly reasoningField?: string | undefined;
  /** Milliseconds before the headers. */
  readonly latency?: number | undefined;
  /** Milliseconds from the headers to the first event; without streaming, added to the latency. */
  readonly firstToken?: number | undefined;
  /** Tokens per second; absent: as fast as possible. */
  readonly rate?: number | undefined;
  /** Milliseconds between two content events; takes the place of `rate`. */
  readonly interval?: number | undefined;
  /** `3/2s`: so many requests of one key for one model in so long; more are answered with 429. The vendor's headers say how it stands. */
  readonly rateLimit?: string | undefined;
  readonly finish?: SimulatedFinish | undefined;
  readonly toolCall?: readonly WantedToolCall[] | undefined;
  /** The first so many requests of one key for one model meet the faults below; absent: all of them. */
  readonly times?: number | undefined;

  /** Answers with this HTTP status: from 400 an error in the vendor's shape, else an empty body. */
  readonly status?: number | undefined;
  /** Which error: sets the status too, unless `status`, `errorEvent` or `errorBody200` stands beside it. */
  readonly error?: ErrorName | undefined;
  /** The error's message. */
  readonly message?: string | undefined;
  /** `2` (seconds), `1500ms` (the header `retry-after-ms`) or `date:2` (an HTTP date so many seconds ahead). */
  readonly retryAfter?: string | undefined;
  /** The target of a redirect, with a `status` from 301 to 308. */
  readonly location?: string | undefined;
  /** Answers 400 to a request whose last message is the assistant's. */
  readonly noPrefill?: boolean | undefined;
  /** TCP reset before the headers. */
  readonly reset?: boolean | undefined;
  /** TCP reset before the headers, where the request came over a connection that had carried one before. */
  readonly resetReused?: boolean | undefined;
  /** Never answers. */
  readonly silent?: boolean | undefined;
  /** Headers that never end: a byte every so many milliseconds. */
  readonly slowHeaders?: number | undefined;
  /** Milliseconds after which `silent`, `slowHeaders`, `stall` and `drip` close the connection; absent: never. */
  readonly hold?: number | undefined;
  /** Milliseconds between headers and the first event, as a fault. */
  readonly slowFirstToken?: number | undefined;
  /** Closes after N content events, without a terminator; without streaming, in the middle of the body. */
  readonly cut?: number | undefined;
  /** Falls silent after N content events; without streaming, in the middle of the body. */
  readonly stall?: number | undefined;
  /** After N content events, an event that never ends: a byte a second. */
  readonly drip?: number | undefined;
  /** After N content events, a chunk whose size is no number: broken HTTP. */
  readonly badChunk?: number | undefined;
  /** Compresses, and after N content events sends bytes that can't be decompressed; without streaming, in the middle of the body. */
  readonly corruptGzip?: number | undefined;
  /** An event of so many MiB on one line before the content. */
  readonly hugeEvent?: number | undefined;
  /** Content event N has bytes that are not UTF-8 in a field that nobody reads. */
  readonly invalidUtf8?: number | undefined;
  /** Sends an extra event of broken JSON before content event N; without streaming, a broken body. */
  readonly malformed?: number | undefined;
  /** Content event N is lost on the way; what counts the events counts it. */
  readonly lostEvent?: number | undefined;
  /** Sends the format's own error after N content events, then ends. */
  readonly errorEvent?: number | undefined;
  /** Leaves out `[DONE]` (Chat Completions) or `message_stop` (Anthropic). */
  readonly noDone?: boolean | undefined;
  readonly noFinish?: boolean | undefined;
  readonly noUsage?: boolean | undefined;
  readonly badUsage?: BadUsage | undefined;
  /** The chunk of counts comes twice, where the format has one. */
  readonly duplicateUsage?: boolean | undefined;
  /** What opens the answer (the role) comes twice. */
  readonly duplicateOpening?: boolean | undefined;
  readonly duplicateFinish?: boolean | undefined;
  /** A 200 with an HTML page. */
  readonly html?: boolean | undefined;
  /** A 200 without a body. */
  readonly emptyBody?: boolean | undefined;
  /** A 200 with an error's body. */
  readonly errorBody200?: boolean | undefined;
  /** Overrides the answer's content type. */
  readonly contentType?: string | undefined;
  /** The header `content-encoding`, whatever the body's bytes are. */
  readonly contentEncoding?: string | undefined;
  /** The header `content-length`, whatever the body's length is; the connection closes after the body. */
  readonly contentLength?: number | undefined;
  /** No length and no chunks: the body ends with the connection. */
  readonly closeDelimited?: boolean | undefined;
  /** How server-sent events are written. */
  readonly layout?: EventLayout | undefined;
  /** Keep-alive comments (Anthropic: `ping` events) between the events, and once a second while silent inside a stream. */
  readonly comments?: boolean | undefined;
  readonly gzip?: boolean | undefined;
  /** Writes the body in pieces of so many bytes. */
  readonly splitBytes?: number | undefined;
  /** Milliseconds between those pieces. */
  readonly splitDelay?: number | undefined;
}

/** The keys that are faults: what `times` limits. */
const FAULTS: readonly (keyof Behaviour)[] = [
  'status',
  'error',
  'message',
  'retryAfter',
  'location',
  'reset',
  'resetReused',
  'silent',
  'slowHeaders',
  'hold',
  'slowFirstToken',
  'cut',
  'stall',
  'drip',
  'badChunk',
  'corruptGzip',
  'hugeEvent',
  'invalidUtf8',
  'malformed',
  'lostEvent',
  'errorEvent',
  'noDone',
  'noFinish',
  'noUsage',
  'badUsage',
  'duplicateUsage',
  'duplicateOpening',
  'duplicateFinish',
  'html',
  'emptyBody',
  'errorBody200',
  'contentType',
  'contentEncoding',
  'contentLength',
];

/** The behaviour without its faults: what a request meets once `times` is used up. */
export function withoutFaults(behaviour: Behaviour): Behaviour {
  return Object.fromEntries(
    Object.entries(behaviour).filter(([key]) => !(FAULTS as readonly string[]).includes(key)),
  ) as Behaviour;
}
