import {
  type AnswerEvent,
  asArray,
  asNumber,
  asObject,
  asString,
  type FinishEvent,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type OpaquePart,
  readTokenLogprobs,
  type StreamEvent,
  type Usage,
} from '@signalbox/core';
import { decodeCitations, pagesOf } from '../shared/citations.ts';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import {
  ANSWER_FIELDS,
  CHOICE_FIELDS,
  logprobFields,
  MESSAGE_FIELDS,
  otherLogprobs,
  reasoningInDetails,
  reasoningText,
  saysSomething,
} from './answer-fields.ts';
import { thinkingText } from './decode-content.ts';
import { decodeFinish, faultOf, ownReason, stopSequenceOf } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { createMessageFields } from './message-fields.ts';
import { createToolDeltas } from './tool-deltas.ts';
import { decodeUsage, usageLeftovers } from './usage.ts';

/** Reads one answer, whole or in chunks: a whole answer is read as a stream of one chunk, so that both give the same. */
export interface AnswerReader {
  /** A chunk, or a whole answer. Throws ProviderError where it holds an error. */
  read(answer: JsonObject): StreamEvent[];
  /** What is still due, the finish event last. Throws ProviderError `invalid-response` on a tool call without a name. */
  finish(): StreamEvent[];
  /** Whether a `finish_reason` came. */
  ended(): boolean;
  readonly usage: Usage | undefined;
}

/** Starts to read an answer of a provider (the issuer of its signatures), with all of its choices. */
export function createAnswerReader(provider: string): AnswerReader {
  let parts = 0;
  const nextIndex = () => {
    parts += 1;
    return parts - 1;
  };
  let answerId: string | undefined;
  const calls = createToolDeltas(provider, nextIndex, () => answerId);
  const topFields: JsonObject = {};
  const choiceFields: JsonObject = {};
  const messageFields = createMessageFields();
  let started = false;
  let text: number | undefined;
  let reasoning: number | undefined;
  // Whether reasoning came under its own name: what the details say then is the same once more.
  let toldReasoning = false;
  let refusal: number | undefined;
  let lastKind: string | undefined;
  let rawReason: string | undefined;
  let stopSequence: string | undefined;
  let usageFields: JsonObject | undefined;
  // Choices beside the first, by their `index`; nearly always none.
  let others: Map<number, AnswerReader> | undefined;

  function start(answer: JsonObject): StreamEvent[] {
    const id = asString(answer.id) || undefined;
    answerId ??= id;
    // Azure's first chunk has neither an id nor choices: it only tells what its filter thought of the prompt.
    if (started || (id === undefined && asArray(answer.choices).length === 0)) return [];
    started = true;
    return [
      {
        type: 'start',
        id,
        model: asString(answer.model) || undefined,
        createdAt: asNumber(answer.created) || undefined,
      },
    ];
  }

  function addText(piece: string, events: StreamEvent[]): void {
    if (piece === '') return;
    text ??= nextIndex();
    lastKind = 'text';
    events.push({ type: 'text-delta', index: text, text: piece });
  }

  function addReasoning(piece: string, events: StreamEvent[]): void {
    if (piece === '') return;
    reasoning ??= nextIndex();
    lastKind = 'thinking';
    events.push({ type: 'reasoning-delta', index: reasoning, text: piece });
  }

  /** Mistral's content: parts of different kinds, in order. */
  function addParts(content: readonly JsonValue[], events: StreamEvent[]): void {
    for (const entry of content) {
      const part = asObject(entry);
      const kind = typeof entry === 'string' ? 'text' : part?.type;
      if (kind === 'text') {
        if (lastKind !== undefined && lastKind !== 'text') text = undefined;
        addText(typeof entry === 'string' ? entry : (asString(part?.text) ?? ''), events);
      } else if (part !== undefined && kind === 'thinking') {
        if (lastKind !== undefined && lastKind !== 'thinking') reasoning = undefined;
        addReasoning(thinkingText(part), events);
      } else if (part !== undefined) {
        lastKind = 'opaque';
        events.push({
          type: 'opaque-part',
          index: nextIndex(),
          part: { type: 'opaque', format: FORMAT_ID, value: part },
        });
      }
    }
  }

  function addMessage(message: JsonObject, events: StreamEvent[]): void {
    const thought = reasoningText(message);
    if (thought !== '') toldReasoning = true;
    addReasoning(toldReasoning ? thought : reasoningInDetails(message), events);
    // Text behind a part of another kind is a text of its own.
    if (lastKind === 'opaque' && typeof message.content === 'string' && message.content !== '') text = undefined;
    if (typeof message.content === 'string') addText(message.content, events);
    else addParts(asArray(message.content), events);
    if (typeof message.refusal === 'string' && message.refusal !== '') {
      refusal ??= nextIndex();
      events.push({ type: 'text-delta', index: refusal, text: message.refusal, refusal: true });
    }
    for (const call of asArray(message.tool_calls)) if (isJsonObject(call)) events.push(...calls.add(call));
    const legacy = asObject(message.function_call);
    if (saysSomething(legacy)) events.push(...calls.addLegacy(legacy));
    const annotations = asArray(message.annotations);
    if (annotations.length > 0) addExtension({ annotations: [...annotations] }, events);
    messageFields.add(message, unknownFields(message, MESSAGE_FIELDS));
  }

  /** Hangs fields on the text they belong to; where there is none they stay with the message. */
  function addExtension(fields: JsonObject, events: StreamEvent[]): void {
    const citations = decodeCitations(fields.annotations);
    if (citations.citations !== undefined && text === undefined && refusal === undefined) {
      // Pages that are named before the text: it begins with nothing in it.
      text = nextIndex();
      lastKind = 'text';
    }
    const index = text ?? refusal;
    if (index === undefined) messageFields.merge(fields);
    else {
      const logprobs = readTokenLogprobs(fields.logprobs);
      const more = logprobs === undefined ? citations : { ...citations, logprobs };
      events.push({ type: 'text-extension', index, extensions: { [FORMAT_ID]: fields }, ...more });
    }
  }

  function addChoice(choice: JsonObject, events: StreamEvent[]): void {
    // OpenRouter puts an error into the choice of an answer whose status is 200.
    if (isJsonObject(choice.error)) throw errorInAnswer({ error: choice.error }, provider);
    addMessage(asObject(choice.delta) ?? asObject(choice.message) ?? {}, events);
    const logprobs = logprobFields(choice);
    if (logprobs !== undefined) addExtension(logprobs, events);
    const reason = asString(choice.finish_reason);
    const fault = faultOf(reason, provider);
    if (fault !== undefined) throw fault;
    // An empty reason (Snowflake) is a reason all the same: the answer is over.
    if (reason !== undefined) rawReason = reason === '' ? (rawReason ?? '') : reason;
    stopSequence = stopSequenceOf(choice) ?? stopSequence;
    Object.assign(choiceFields, unknownFields(choice, CHOICE_FIELDS), otherLogprobs(choice));
  }

  function addOther(answer: number, choice: JsonObject, events: StreamEvent[]): void {
    others ??= new Map();
    const other = others.get(answer) ?? createAnswerReader(provider);
    others.set(answer, other);
    tellOther(answer, other.read({ choices: [{ ...choice, index: 0 }] }), events);
  }

  const reader: AnswerReader & { usage: Usage | undefined } = {
    usage: undefined,
    ended: () =>
      rawReason !== undefined && (others === undefined || [...others.values()].every((other) => other.ended())),
    read(answer) {
      const seen = decodeUsage(answer);
      // An error may bring the usage of what it ended.
      if (seen !== undefined) {
        reader.usage = seen;
        usageFields = usageLeftovers(answer);
      }
      if (isErrorBody(answer)) throw errorInAnswer(answer, provider);
      const events = start(answer);
      for (const choice of asArray(answer.choices)) {
        if (!isJsonObject(choice)) continue;
        const place = asNumber(choice.index) ?? 0;
        if (place > 0) addOther(place, choice, events);
        else addChoice(choice, events);
      }
      if (seen !== undefined) events.push({ type: 'usage-update', usage: seen });
      Object.assign(topFields, unknownFields(answer, ANSWER_FIELDS));
      return events;
    },
    finish() {
      const events = calls.flush();
      const pages = text === undefined ? [] : pagesOf(topFields);
      if (text !== undefined && pages.length > 0) {
        // Their own form stays where it was; there are no annotations of this format.
        const own = { [FORMAT_ID]: { annotations: [] } };
        events.push({ type: 'text-extension', index: text, extensions: own, citations: pages });
      }
      const audio = messageFields.audio();
      if (audio !== undefined) {
        const transcript = asString(audio.transcript);
        const part: OpaquePart = {
          type: 'opaque',
          format: FORMAT_ID,
          value: { type: 'audio', audio },
          ...(transcript ? { otherwise: { type: 'text', text: transcript } } : {}),
        };
        events.push({ type: 'opaque-part', index: nextIndex(), part });
      }
      const fields: JsonObject = { ...topFields };
      Object.assign(choiceFields, ownReason(rawReason));
      if (Object.keys(choiceFields).length > 0) fields.choice = choiceFields;
      if (usageFields !== undefined) fields.usage = usageFields;
      const message = messageFields.fields();
      if (message !== undefined) fields.message = message;
      const ending = { rawReason, calledTools: calls.any, refused: refusal !== undefined, stopSequence };
      const finish: FinishEvent = {
        type: 'finish',
        ...decodeFinish(ending),
        ...(reader.usage === undefined ? {} : { usage: reader.usage }),
        ...(Object.keys(fields).length === 0 ? {} : { extensions: { [FORMAT_ID]: fields } }),
      };
      for (const [answer, other] of others ?? []) tellOther(answer, other.finish(), events);
      return [...events, finish];
    },
  };
  return reader;
}

/** What a further choice brings, as events of its answer. */
function tellOther(answer: number, brought: readonly StreamEvent[], events: StreamEvent[]): void {
  for (const event of brought) {
    if (event.type !== 'start' && event.type !== 'usage-update') {
      events.push({ type: 'other-answer', answer, event: event as AnswerEvent });
    }
  }
}
