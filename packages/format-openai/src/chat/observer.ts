import {
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
  streamObserver,
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
  const { provider, hideUsage, estimateUsage } = context;
  const record = createAnswerRecord();
  let model: string | undefined;
  let usage: Usage | undefined;
  let rawReason: string | undefined;
  let stopSequence: string | undefined;
  let calledTools = false;
  let refused = false;
  const template = createTextTemplate(VARYING);
  let done = false;
  let head: JsonObject = {};
  // Whether the caller has counts, or wants none.
  let hasUsage = hideUsage || estimateUsage === undefined;
  // With `n`, an answer is complete when each of its choices is.
  let highestChoice = 0;
  const endedChoices = new Set<number>();

  const takeText = (text: string) => record.addText(text);

  function ended(): boolean {
    return endedChoices.size > highestChoice;
  }

  function observeChoice(choice: JsonObject): FrameVerdict | undefined {
    if (isJsonObject(choice.error)) throw errorInAnswer({ error: choice.error }, provider);
    const index = asNumber(choice.index) ?? 0;
    if (index > highestChoice) highestChoice = index;
    const reason = asString(choice.finish_reason);
    const fault = faultOf(reason, provider);
    if (fault !== undefined) throw fault;
    if (reason !== undefined) endedChoices.add(index);
    const delta = asObject(choice.delta) ?? asObject(choice.message);
    if (index === 0) {
      if (reason !== undefined && (reason !== '' || rawReason === undefined)) rawReason = reason;
      stopSequence = stopSequenceOf(choice) ?? stopSequence;
      if (delta !== undefined) observeDelta(delta);
    }
    if (delta === undefined) return undefined;
    const filled = CONTENT_FIELDS.filter((key) => holdsContent(delta[key]));
    if (filled.length === 0) return undefined;
    if (index > 0 || filled.some((key) => !FOLLOWED_FIELDS.has(key))) record.addOther();
    return filled.every((key) => key === 'tool_calls') ? CALL : CONTENT;
  }

  function observeDelta(delta: JsonObject): void {
    const { content } = delta;
    if (typeof content === 'string') {
      if (content !== '') record.addText(content);
    } else if (Array.isArray(content)) {
      for (const entry of content)
        if (isJsonObject(entry) && typeof entry.text === 'string') record.addText(entry.text);
      if (content.length > 0) record.addOther();
    }
    if (holdsContent(delta.tool_calls) || holdsContent(delta.function_call)) calledTools = true;
    if (holdsContent(delta.refusal)) refused = true;
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string' && thought !== '') record.addReasoning(thought);
    for (const [place, call] of asArray(delta.tool_calls).entries()) if (isJsonObject(call)) observeCall(call, place);
  }

  function observeCall(call: JsonObject, place: number): void {
    const key = asNumber(call.index) ?? place;
    const named = asObject(call.function) ?? asObject(call.custom);
    const kind = isJsonObject(call.custom) ? 'custom' : undefined;
    record.startCall(key, { id: asString(call.id) ?? '', name: asString(named?.name) ?? '', kind });
    record.addArguments(key, asString(named?.arguments) ?? asString(named?.input) ?? '');
  }

  /** The chunk of counts that a caller asked for and the provider did not send. */
  function usageChunk(): string {
    if (hasUsage || estimateUsage === undefined) return '';
    hasUsage = true;
    usage = estimateUsage(usage, outputSoFar(record));
    return `data: ${JSON.stringify({ ...head, choices: [], usage: encodeUsage(usage) })}\n\n`;
  }

  /** A chunk whose counts are none: without them. */
  function withoutCounts(value: JsonObject, verdict: FrameVerdict): FrameVerdict {
    return { ...verdict, forward: `data: ${JSON.stringify({ ...value, usage: null })}\n\n` };
  }

  return streamObserver({
    observe(frame: WireFrame) {
      if (frame.data === '') return PASS;
      if (done) return LEAVE_OUT;
      if (frame.data.trim() === DONE) {
        if (!isComplete(ended(), true, usage !== undefined)) throw streamCut(provider);
        done = true;
        const due = usageChunk();
        return due === '' ? PASS : { content: false, forward: `${due}data: ${DONE}\n\n` };
      }
      // Most events differ from the one before in their text alone: they need no parser.
      const known = frame.event === undefined ? template.match(frame.data) : undefined;
      if (known !== undefined) {
        if (known === '') return PASS;
        record.addText(known);
        return CONTENT;
      }
      const value = readFrame(frame, provider);
      // Clients throw on an event that is not JSON; the stream around it is good.
      if (value === undefined) return LEAVE_OUT;
      const seen = decodeUsage(value);
      if (seen !== undefined) usage = seen;
      if (isErrorBody(value)) throw errorInAnswer(value, provider);
      if (typeof value.model === 'string' && value.model !== '') model = value.model;
      if (head.id === undefined) head = headOf(value);
      const isSound = isSoundUsage(value.usage);
      if (isSound) hasUsage = true;
      const bad = !isSound && isJsonObject(value.usage) && estimateUsage !== undefined;
      const choices = asArray(value.choices);
      if (choices.length === 0 && bad) return LEAVE_OUT;
      if (choices.length === 0) return hideUsage && isJsonObject(value.usage) ? LEAVE_OUT : PASS;
      let verdict = PASS;
      for (const choice of choices) if (isJsonObject(choice)) verdict = observeChoice(choice) ?? verdict;
      const plain = seen === undefined && choices.length === 1 ? plainText(choices[0]) : undefined;
      if (plain !== undefined) template.learn(frame.data, plain);
      return bad ? withoutCounts(value, verdict) : verdict;
    },
    skim(piece, from, head, event) {
      return done || event !== undefined ? from : template.run(piece, from, head, takeText);
    },
    end() {
      if (done) return '';
      if (!ended()) throw streamCut(provider);
      done = true;
      return `${usageChunk()}data: ${DONE}\n\n`;
    },
    id: () => asString(head.id),
    finish(): Finish | undefined {
      if (rawReason === undefined && !done) return undefined;
      return decodeFinish({ rawReason, calledTools, refused, stopSequence });
    },
    usage: () => usage,
    model: () => model,
    soFar: record,
  });
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
