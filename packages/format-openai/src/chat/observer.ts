import {
  type AnswerRecord,
  asArray,
  asNumber,
  asObject,
  asString,
  createAnswerRecord,
  createTextTemplate,
  type Finish,
  type FrameVerdict,
  isJsonObject,
  type JsonObject,
  type ObserveContext,
  outputSoFar,
  type StreamObserver,
  type StreamPiece,
  type TextTemplate,
  type Usage,
  type WireFrame,
} from '@signalbox/core';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { saysSomething } from './answer-fields.ts';
import { decodeFinish, faultOf, stopSequenceOf } from './finish.ts';
import { DONE, isComplete, readFrame, streamCut, VARYING } from './stream-decoder.ts';
import { decodeUsage, encodeUsage, isSoundUsage } from './usage.ts';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
const CALL: FrameVerdict = { content: true, forward: true, call: true };
const LEAVE_OUT: FrameVerdict = { content: false, forward: false };

/** Members of a delta that bring content when they are there and not empty. */
const CONTENT_FIELDS = [
  'content',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'tool_calls',
  'refusal',
  'function_call',
  'audio',
  'images',
] as const;

/** Those that an answer can be gone on from. */
const FOLLOWED_FIELDS: ReadonlySet<string> = new Set(['content', 'reasoning_content', 'reasoning', 'tool_calls']);

/** Follows a stream that goes to the caller byte by byte. Runs for every event: one parse each, text joined on demand. */
export function createObserver(context: ObserveContext): StreamObserver {
  return new ChatObserver(context);
}

/** A class: every open stream has one, and would hold a closure for each of these. */
class ChatObserver implements StreamObserver {
  readonly soFar: AnswerRecord = createAnswerRecord();
  usage: Usage | undefined;
  model: string | undefined;
  readonly #context: ObserveContext;
  readonly #template: TextTemplate = createTextTemplate(VARYING);
  readonly #takeText = (text: string) => this.soFar.addText(text);
  #rawReason: string | undefined;
  #stopSequence: string | undefined;
  #calledTools = false;
  #refused = false;
  #done = false;
  #head: JsonObject = {};
  /** Whether the caller has counts, or wants none. */
  #hasUsage: boolean;
  /** With `n`, an answer is complete when each of its choices is. */
  #highestChoice = 0;
  #endedChoices: Set<number> | undefined;

  constructor(context: ObserveContext) {
    this.#context = context;
    this.#hasUsage = context.hideUsage || context.estimateUsage === undefined;
  }

  get id(): string | undefined {
    return asString(this.#head.id);
  }

  get text(): string {
    return this.soFar.text;
  }

  get finish(): Finish | undefined {
    if (this.#rawReason === undefined && !this.#done) return undefined;
    return decodeFinish({
      rawReason: this.#rawReason,
      calledTools: this.#calledTools,
      refused: this.#refused,
      stopSequence: this.#stopSequence,
    });
  }

  observe(frame: WireFrame): FrameVerdict {
    if (frame.data === '') return PASS;
    if (this.#done) return LEAVE_OUT;
    const { provider, hideUsage, estimateUsage } = this.#context;
    if (frame.data.trim() === DONE) {
      if (!isComplete(this.#ended(), true, this.usage !== undefined)) throw streamCut(provider);
      this.#done = true;
      const due = this.#usageChunk();
      return due === '' ? PASS : { content: false, forward: `${due}data: ${DONE}\n\n` };
    }
    // Most events differ from the one before in their text alone: they need no parser.
    const known = frame.event === undefined ? this.#template.match(frame.data) : undefined;
    if (known !== undefined) {
      if (known === '') return PASS;
      this.soFar.addText(known);
      return CONTENT;
    }
    const value = readFrame(frame, provider);
    // Clients throw on an event that is not JSON; the stream around it is good.
    if (value === undefined) return LEAVE_OUT;
    const seen = decodeUsage(value);
    if (seen !== undefined) this.usage = seen;
    if (isErrorBody(value)) throw errorInAnswer(value, provider);
    if (typeof value.model === 'string' && value.model !== '') this.model = value.model;
    if (this.#head.id === undefined) this.#head = headOf(value);
    const isSound = isSoundUsage(value.usage);
    if (isSound) this.#hasUsage = true;
    const bad = !isSound && isJsonObject(value.usage) && estimateUsage !== undefined;
    const choices = asArray(value.choices);
    if (choices.length === 0 && bad) return LEAVE_OUT;
    if (choices.length === 0) return hideUsage && isJsonObject(value.usage) ? LEAVE_OUT : PASS;
    let verdict = PASS;
    for (const choice of choices) if (isJsonObject(choice)) verdict = this.#observeChoice(choice) ?? verdict;
    const plain = seen === undefined && choices.length === 1 ? plainText(choices[0]) : undefined;
    if (plain !== undefined) this.#template.learn(frame.data, plain);
    return bad ? withoutCounts(value, verdict) : verdict;
  }

  skim(piece: StreamPiece, from: number, head: string, event: string | undefined): number {
    return this.#done || event !== undefined ? from : this.#template.run(piece, from, head, this.#takeText);
  }

  end(): string {
    if (this.#done) return '';
    if (!this.#ended()) throw streamCut(this.#context.provider);
    this.#done = true;
    return `${this.#usageChunk()}data: ${DONE}\n\n`;
  }

  #ended(): boolean {
    return (this.#endedChoices?.size ?? 0) > this.#highestChoice;
  }

  #observeChoice(choice: JsonObject): FrameVerdict | undefined {
    const { provider } = this.#context;
    if (isJsonObject(choice.error)) throw errorInAnswer({ error: choice.error }, provider);
    const index = asNumber(choice.index) ?? 0;
    if (index > this.#highestChoice) this.#highestChoice = index;
    const reason = asString(choice.finish_reason);
    const fault = faultOf(reason, provider);
    if (fault !== undefined) throw fault;
    if (reason !== undefined) {
      this.#endedChoices ??= new Set();
      this.#endedChoices.add(index);
    }
    const delta = asObject(choice.delta) ?? asObject(choice.message);
    if (index === 0) {
      if (reason !== undefined && (reason !== '' || this.#rawReason === undefined)) this.#rawReason = reason;
      this.#stopSequence = stopSequenceOf(choice) ?? this.#stopSequence;
      if (delta !== undefined) this.#observeDelta(delta);
    }
    if (delta === undefined) return undefined;
    const filled = CONTENT_FIELDS.filter((key) => holdsContent(delta[key]));
    if (filled.length === 0) return undefined;
    if (index > 0 || filled.some((key) => !FOLLOWED_FIELDS.has(key))) this.soFar.addOther();
    return filled.every((key) => key === 'tool_calls') ? CALL : CONTENT;
  }

  #observeDelta(delta: JsonObject): void {
    const { content } = delta;
    const record = this.soFar;
    if (typeof content === 'string') {
      if (content !== '') record.addText(content);
    } else if (Array.isArray(content)) {
      for (const entry of content)
        if (isJsonObject(entry) && typeof entry.text === 'string') record.addText(entry.text);
      if (content.length > 0) record.addOther();
    }
    if (holdsContent(delta.tool_calls) || holdsContent(delta.function_call)) this.#calledTools = true;
    if (holdsContent(delta.refusal)) this.#refused = true;
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string' && thought !== '') record.addReasoning(thought);
    for (const [place, call] of asArray(delta.tool_calls).entries())
      if (isJsonObject(call)) observeCall(record, call, place);
  }

  /** The chunk of counts that a caller asked for and the provider did not send. */
  #usageChunk(): string {
    const { estimateUsage } = this.#context;
    if (this.#hasUsage || estimateUsage === undefined) return '';
    this.#hasUsage = true;
    this.usage = estimateUsage(this.usage, outputSoFar(this.soFar));
    return `data: ${JSON.stringify({ ...this.#head, choices: [], usage: encodeUsage(this.usage) })}\n\n`;
  }
}

function observeCall(record: AnswerRecord, call: JsonObject, place: number): void {
  const key = asNumber(call.index) ?? place;
  const named = asObject(call.function) ?? asObject(call.custom);
  const kind = isJsonObject(call.custom) ? 'custom' : undefined;
  record.startCall(key, { id: asString(call.id) ?? '', name: asString(named?.name) ?? '', kind });
  record.addArguments(key, asString(named?.arguments) ?? asString(named?.input) ?? '');
}

/** A chunk whose counts are none: without them. */
function withoutCounts(value: JsonObject, verdict: FrameVerdict): FrameVerdict {
  return { ...verdict, forward: `data: ${JSON.stringify({ ...value, usage: null })}\n\n` };
}

function holdsContent(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || saysSomething(value);
}

/** The text of a choice that brings text and nothing else. */
function plainText(choice: unknown): string | undefined {
  const fields = asObject(choice);
  const delta = asObject(fields?.delta);
  if (delta === undefined || (asNumber(fields?.index) ?? 0) !== 0 || asString(fields?.finish_reason) !== undefined)
    return undefined;
  if (isJsonObject(fields?.error) || CONTENT_FIELDS.some((key) => key !== 'content' && holdsContent(delta[key])))
    return undefined;
  return asString(delta.content);
}

/** The members of a chunk that all of a stream's have alike. */
function headOf({ id, object, created, model }: JsonObject): JsonObject {
  return { id, object, created, model };
}
