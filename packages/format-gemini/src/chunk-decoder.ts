import {
  type AnswerEvent,
  asNumber,
  asObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Part,
  type PieceEvent,
  ProviderError,
  type StreamEvent,
} from '@signalbox/core';
import { answerError, callScope, invalidAnswer } from './answer-fault.ts';
import { answerExtensions, answerFinish, answerUsage, createAnswerState, readAnswer } from './answer-state.ts';
import { createCallLedger } from './call-id.ts';
import { decodePart } from './decode-part.ts';
import { decodeGrounding } from './grounding.ts';
import { readLogprobsResult } from './logprobs-result.ts';
import { createPartialArguments, type PartialArguments } from './partial-arguments.ts';

/** Turns the chunks of one answer, parsed, into events. */
export interface ChunkDecoder {
  /** Throws ProviderError where the chunk is an error. */
  decode(chunk: JsonValue): readonly StreamEvent[];
  /** Another piece of a part, from a chunk that was not parsed. */
  grow(piece: PieceEvent): void;
  /** Throws ProviderError `stream-cut` where no finish reason came. */
  end(): readonly StreamEvent[];
}

/** What only an answer has: a chunk without any of them doesn't start one. */
const ANSWER_FIELDS = ['candidates', 'usageMetadata', 'promptFeedback', 'responseId', 'modelVersion'];

/** The kind of part that goes on with the next chunk. */
type Open = 'text' | 'reasoning' | undefined;

/** `answers`: how many were asked for; where there are several, the first one's end is not the stream's. */
export function createChunkDecoder(provider: string, answers = 1): ChunkDecoder {
  const state = createAnswerState();
  const fault = invalidAnswer(provider);
  let raw: readonly JsonValue[] = [];
  const calls = createCallLedger(() => callScope(state, raw));
  let started = false;
  let finished = false;
  let next = 0;
  // The texts: what a page bears out is counted in them.
  const texts = new Map<number, string[]>();
  const others = new Map<number, ChunkDecoder>();
  let open: Open;
  // A call whose arguments arrive in pieces, until its last one.
  let partial: { readonly index: number; readonly name: string; readonly input: PartialArguments } | undefined;

  /** The index of a part: the open one's where the piece belongs to it. */
  function place(kind: Open, whole: boolean): number {
    if (whole || kind !== open) next += 1;
    open = whole ? undefined : kind;
    return next - 1;
  }

  // None of these is a generator: V8 makes a shape of its own for each closure that is one, which holds the stream until the next full collection.
  function addPart(part: Part, to: StreamEvent[]): void {
    switch (part.type) {
      case 'text': {
        // A signed text is a part of its own: merged with its neighbours the signature would stand on another text.
        const whole = part.extensions !== undefined;
        if (part.text === '' && !whole) return;
        const index = place('text', whole);
        if (part.text !== '') to.push({ type: 'text-delta', index, text: part.text });
        growText(index, part.text);
        if (part.extensions !== undefined) to.push({ type: 'text-extension', index, extensions: part.extensions });
        return;
      }
      case 'reasoning': {
        const whole = part.signature !== undefined;
        if (part.text === '' && !whole) return;
        const index = place('reasoning', whole);
        if (part.text !== '') to.push({ type: 'reasoning-delta', index, text: part.text });
        if (whole) to.push({ type: 'reasoning-signature', index, signature: part.signature });
        return;
      }
      case 'tool-call': {
        state.hasCalls = true;
        const index = place(undefined, true);
        const { type: _type, arguments: text, ...call } = part;
        to.push({ type: 'tool-call-start', index, ...call }, { type: 'tool-call-delta', index, arguments: text });
        return;
      }
      case 'opaque':
        to.push({ type: 'opaque-part', index: place(undefined, true), part });
        return;
      default:
        to.push({
          type: 'opaque-part',
          index: place(undefined, true),
          part: { type: 'opaque', format: 'canonical', value: { ...part } as never },
        });
    }
  }

  function addPiece(value: JsonValue, call: JsonObject, path: string, to: StreamEvent[]): void {
    if (partial === undefined) {
      const { partialArgs: _pieces, willContinue: _more, ...head } = call;
      const part = decodePart({ ...asObject(value), functionCall: head }, path, { fault, calls });
      if (part.type !== 'tool-call') return;
      state.hasCalls = true;
      partial = { index: place(undefined, true), name: part.name, input: createPartialArguments(fault) };
      const { type: _type, arguments: _text, ...start } = part;
      to.push({ type: 'tool-call-start', index: partial.index, ...start });
    }
    partial.input.add(call.partialArgs);
    if (call.willContinue !== true) endPartial(to);
  }

  /** The arguments of the call that came in pieces, all at once: pieces of values are no pieces of JSON text. */
  function endPartial(to: StreamEvent[]): void {
    if (partial === undefined) return;
    to.push({ type: 'tool-call-delta', index: partial.index, arguments: partial.input.text() });
    partial = undefined;
  }

  function addValue(value: JsonValue, path: string, to: StreamEvent[]): void {
    const call = asObject(asObject(value)?.functionCall);
    if (call === undefined) {
      addPart(decodePart(value, path, { fault, calls }), to);
      return;
    }
    // The end mark of a call in pieces, when the call is over already.
    if (partial === undefined && Object.keys(call).length === 0) return;
    // Only the first piece has to have a name: another name is another call.
    const goesOn = partial !== undefined && call.args === undefined && (call.name ?? partial.name) === partial.name;
    if (!goesOn) endPartial(to);
    if (goesOn || call.willContinue === true || call.partialArgs !== undefined) addPiece(value, call, path, to);
    else addPart(decodePart(value, path, { fault, calls }), to);
  }

  function growText(index: number, piece: string): void {
    const pieces = texts.get(index);
    if (pieces === undefined) texts.set(index, [piece]);
    else pieces.push(piece);
  }

  /** The pages of a search hang on the texts that they bear out: Google tells of them at the end. */
  function groundingEvents(): StreamEvent[] {
    const metadata = state.candidate.groundingMetadata;
    if (metadata === undefined) return [];
    const whole = [...texts].map(([index, pieces]) => ({ index, text: pieces.join('') }));
    return [...decodeGrounding(metadata, whole)].map(([index, citations]) => {
      return { type: 'text-extension', index, extensions: {}, citations };
    });
  }

  /** Google tells of the tokens by the candidate, not by its parts: they hang on the first text. */
  function logprobEvents(): StreamEvent[] {
    const logprobs = readLogprobsResult(state.candidate.logprobsResult);
    const [index] = texts.keys();
    return logprobs === undefined || index === undefined
      ? []
      : [{ type: 'text-extension', index, extensions: {}, logprobs }];
  }

  function otherEvents(candidate: JsonObject): StreamEvent[] {
    const answer = asNumber(candidate.index) ?? 1;
    const other = others.get(answer) ?? createChunkDecoder(provider);
    others.set(answer, other);
    return tellOther(answer, other.decode({ candidates: [{ ...candidate, index: 0 }] }));
  }

  function finishEvents(): StreamEvent[] {
    const finish = answerFinish(state);
    if (finish === undefined) return [];
    finished = true;
    const events: StreamEvent[] = [];
    endPartial(events);
    const end: StreamEvent = {
      type: 'finish',
      ...finish,
      usage: answerUsage(state),
      extensions: answerExtensions(state),
    };
    events.push(...groundingEvents(), ...logprobEvents(), end);
    return events;
  }

  function decodeOne(chunk: JsonValue): readonly StreamEvent[] {
    if (finished || !isJsonObject(chunk)) return [];
    if (isJsonObject(chunk.error)) throw answerError(chunk, provider);
    raw = readAnswer(state, chunk);
    const events: StreamEvent[] = [];
    if (!started && ANSWER_FIELDS.some((field) => chunk[field] !== undefined)) {
      started = true;
      events.push({ type: 'start', id: state.id, model: state.model, createdAt: state.createdAt });
    }
    for (const [index, value] of raw.entries()) {
      addValue(value, `candidates[0].content.parts[${index}]`, events);
    }
    for (const candidate of state.others) events.push(...otherEvents(candidate));
    if (chunk.usageMetadata === undefined) return events;
    // Without figures, or with several candidates, more may follow the first finish reason: wait for the end.
    const done = answers > 1 || others.size > 0 ? [] : finishEvents();
    if (done.length > 0) events.push(...done);
    else {
      const usage = answerUsage(state);
      if (usage !== undefined) events.push({ type: 'usage-update', usage });
    }
    return events;
  }

  return {
    decode(chunk) {
      return Array.isArray(chunk) ? chunk.flatMap((one) => [...decodeOne(one)]) : decodeOne(chunk);
    },
    grow(piece) {
      if (piece.type === 'text-delta') growText(piece.index, piece.text);
    },
    end() {
      if (finished) return [];
      const ends = [...others].flatMap(([answer, other]) => tellOther(answer, other.end()));
      const events = finishEvents();
      if (events.length > 0) return [...ends, ...events];
      throw new ProviderError({
        kind: 'stream-cut',
        message: `${provider} ended the stream without a finish reason.`,
        provider,
      });
    },
  };
}

/** What a further candidate brings, as events of its answer. */
function tellOther(answer: number, brought: readonly StreamEvent[]): StreamEvent[] {
  return brought
    .filter((event) => event.type !== 'start' && event.type !== 'usage-update')
    .map((event) => ({ type: 'other-answer', answer, event: event as AnswerEvent }));
}
