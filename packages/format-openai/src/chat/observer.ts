import {
  asArray,
  asNumber,
  asObject,
  asString,
  createTextTemplate,
  type Finish,
  type FrameVerdict,
  isJsonObject,
  type JsonObject,
  type StreamObserver,
  type Usage,
  type WireFrame,
} from '@signalbox/core';
import { endedWithError, errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { saysSomething } from './answer-fields.ts';
import { decodeFinish, stopSequenceOf } from './finish.ts';
import { DONE, isComplete, readFrame, streamCut, VARYING } from './stream-decoder.ts';
import { decodeUsage } from './usage.ts';

const PASS: FrameVerdict = { content: false, forward: true };
const CONTENT: FrameVerdict = { content: true, forward: true };
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

/** Follows a stream that goes to the caller byte by byte. Runs for every event: one parse each, text joined on demand. */
export function createObserver(context: { readonly provider: string; readonly hideUsage: boolean }): StreamObserver {
  const { provider, hideUsage } = context;
  let pieces: string[] = [];
  let model: string | undefined;
  let usage: Usage | undefined;
  let rawReason: string | undefined;
  let stopSequence: string | undefined;
  let calledTools = false;
  let refused = false;
  const template = createTextTemplate(VARYING);
  let textOnly = true;
  let done = false;
  // With `n`, an answer is complete when each of its choices is.
  let highestChoice = 0;
  const endedChoices = new Set<number>();

  function ended(): boolean {
    return endedChoices.size > highestChoice;
  }

  function observeChoice(choice: JsonObject): boolean {
    if (isJsonObject(choice.error)) throw errorInAnswer({ error: choice.error }, provider);
    const index = asNumber(choice.index) ?? 0;
    if (index > highestChoice) highestChoice = index;
    const reason = asString(choice.finish_reason);
    if (reason === 'error') throw endedWithError(provider);
    if (reason !== undefined) endedChoices.add(index);
    const delta = asObject(choice.delta) ?? asObject(choice.message);
    if (index === 0) {
      if (reason !== undefined && (reason !== '' || rawReason === undefined)) rawReason = reason;
      stopSequence = stopSequenceOf(choice) ?? stopSequence;
      if (delta !== undefined) observeDelta(delta);
    }
    if (delta === undefined) return false;
    const filled = CONTENT_FIELDS.filter((key) => holdsContent(delta[key]));
    if (filled.length > 0 && (index > 0 || filled.length > 1 || typeof delta.content !== 'string')) textOnly = false;
    return filled.length > 0;
  }

  function observeDelta(delta: JsonObject): void {
    const { content } = delta;
    if (typeof content === 'string') {
      if (content !== '') pieces.push(content);
    } else if (Array.isArray(content)) {
      for (const entry of content) if (isJsonObject(entry) && typeof entry.text === 'string') pieces.push(entry.text);
    }
    if (holdsContent(delta.tool_calls) || holdsContent(delta.function_call)) calledTools = true;
    if (holdsContent(delta.refusal)) refused = true;
  }

  return {
    observe(frame: WireFrame) {
      if (frame.data === '') return PASS;
      if (done) return LEAVE_OUT;
      if (frame.data.trim() === DONE) {
        if (!isComplete(ended(), true, usage !== undefined)) throw streamCut(provider);
        done = true;
        return PASS;
      }
      // Most events differ from the one before in their text alone: they need no parser.
      const known = frame.event === undefined ? template.match(frame.data) : undefined;
      if (known !== undefined) {
        if (known === '') return PASS;
        pieces.push(known);
        return CONTENT;
      }
      const value = readFrame(frame, provider);
      // Clients throw on an event that is not JSON; the stream around it is good.
      if (value === undefined) return LEAVE_OUT;
      const seen = decodeUsage(value);
      if (seen !== undefined) usage = seen;
      if (isErrorBody(value)) throw errorInAnswer(value, provider);
      if (typeof value.model === 'string' && value.model !== '') model = value.model;
      const choices = asArray(value.choices);
      if (choices.length === 0) return hideUsage && isJsonObject(value.usage) ? LEAVE_OUT : PASS;
      let content = false;
      for (const choice of choices) if (isJsonObject(choice) && observeChoice(choice)) content = true;
      const plain = seen === undefined && choices.length === 1 ? plainText(choices[0]) : undefined;
      if (plain !== undefined) template.learn(frame.data, plain);
      return content ? CONTENT : PASS;
    },
    end() {
      if (done) return '';
      if (!ended()) throw streamCut(provider);
      done = true;
      return `data: ${DONE}\n\n`;
    },
    get finish(): Finish | undefined {
      if (rawReason === undefined && !done) return undefined;
      return decodeFinish({ rawReason, calledTools, refused, stopSequence });
    },
    get usage() {
      return usage;
    },
    get model() {
      return model;
    },
    get textOnly() {
      return textOnly;
    },
    get text() {
      if (pieces.length > 1) pieces = [pieces.join('')];
      return pieces[0] ?? '';
    },
  };
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
