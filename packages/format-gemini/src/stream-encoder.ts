import {
  type Citation,
  createJsonProgress,
  type FinishEvent,
  isJsonObject,
  type JsonObject,
  type JsonProgress,
  jsonInside,
  type OtherAnswerEvent,
  type ReasoningSignature,
  restatedEvent,
  type ServerContext,
  type StreamEncoder,
  type StreamEvent,
  type TokenLogprob,
  type ToolCallDeltaEvent,
  type ToolCallStartEvent,
  type Usage,
} from '@signalbox/core';
import { encodeAnswerPart } from './encode-answer-part.ts';
import { errorBody } from './encode-error.ts';
import { encodeResponse } from './encode-response.ts';
import { GEMINI, GOOGLE } from './gemini-id.ts';
import { encodeGrounding } from './grounding.ts';
import { writeLogprobs } from './logprobs-result.ts';
import { writeUsage } from './usage-metadata.ts';

interface CitedText {
  readonly index: number;
  readonly pieces: string[];
  readonly citations: Citation[];
}

interface PendingCall {
  readonly start: ToolCallStartEvent;
  readonly pieces: string[];
  readonly progress: JsonProgress;
}

/** Writes a stream of whole GenerateContentResponse chunks, as `alt=sse` has them: CRLF, no end marker. */
export function createStreamEncoder(context: ServerContext): StreamEncoder {
  return createCandidateEncoder(context, 0);
}

/** Writes the chunks of one candidate, and for the first those of the others too. */
function createCandidateEncoder(context: ServerContext, place: number): StreamEncoder {
  let id: string | undefined;
  let model = context.model;
  let usage: Usage | undefined;
  // Nothing follows a finish or an error.
  let over = false;
  // Google names the pages of a search at the end, and the words that they bear out.
  const texts = new Map<number, CitedText>();
  let open: CitedText | undefined;
  const tokens: TokenLogprob[] = [];
  const others = new Map<number, StreamEncoder>();
  // Gemini sends a call in one piece: calls wait until they are whole.
  const pending = new Map<number, PendingCall>();

  function chunk(parts: readonly JsonObject[]): string {
    if (parts.length === 0) return '';
    id ??= context.createId();
    return frame({
      candidates: [{ content: { parts: [...parts], role: 'model' }, index: place }],
      ...(usage === undefined ? {} : { usageMetadata: writeUsage(usage) }),
      modelVersion: model,
      responseId: id,
    });
  }

  /** What stands behind the parts in every chunk, until the usage or the model changes. */
  let tail: { readonly text: string; readonly thought: string } | undefined;

  /** The chunks that nearly all of a stream consists of, put together by hand: the same as `chunk` writes. */
  function textChunk(text: string, kind: 'text' | 'thought'): string {
    if (text === '') return '';
    if (pending.size > 0) return behindCalls({ text, ...(kind === 'text' ? {} : { thought: true }) });
    tail ??= textTail();
    return `data: {"candidates":[{"content":{"parts":[{"text":"${jsonInside(text)}${tail[kind]}`;
  }

  function textTail() {
    id ??= context.createId();
    const metadata = usage === undefined ? '' : `"usageMetadata":${JSON.stringify(writeUsage(usage))},`;
    const names = `"modelVersion":${JSON.stringify(model)},"responseId":${JSON.stringify(id)}`;
    const end = `}],"role":"model"},"index":${place}}],${metadata}${names}}\r\n\r\n`;
    return { text: `"${end}`, thought: `","thought":true${end}` };
  }

  /** Takes the calls out whose arguments are complete (all of them at the end). */
  function takeCalls(atEnd: boolean): JsonObject[] {
    const parts: JsonObject[] = [];
    for (const [index, { start, pieces, progress }] of pending) {
      if (!atEnd && !progress.complete) continue;
      pending.delete(index);
      const text = pieces.join('');
      const { type: _type, index: _index, ...head } = start;
      const part = encodeAnswerPart({ ...head, type: 'tool-call', arguments: text });
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  function textOf(index: number): CitedText {
    if (open?.index === index) return open;
    open = texts.get(index) ?? { index, pieces: [], citations: [] };
    texts.set(index, open);
    return open;
  }

  function otherAnswer({ answer, event }: OtherAnswerEvent): string {
    const known = others.get(answer);
    if (known !== undefined) return known.encode(event);
    const other = createCandidateEncoder(context, answer);
    others.set(answer, other);
    id ??= context.createId();
    other.encode({ type: 'start', id, model });
    return other.encode(event);
  }

  function addArguments(event: ToolCallDeltaEvent): void {
    const call = pending.get(event.index);
    call?.pieces.push(event.arguments);
    call?.progress.add(event.arguments);
  }

  /** A part behind calls: the calls that are whole go first, so that the order stays. */
  function behindCalls(part: JsonObject | undefined): string {
    const calls = pending.size === 0 ? [] : takeCalls(false);
    return chunk(part === undefined ? calls : [...calls, part]);
  }

  function finish(event: FinishEvent): string {
    id ??= context.createId();
    const { type: _type, usage: total, extensions, ...reason } = event;
    const calls = takeCalls(true);
    const last = encodeResponse({ id, model, parts: [], finish: reason, usage: total ?? usage, extensions }, context);
    const [candidate] = Array.isArray(last.candidates) ? last.candidates : [];
    if (isJsonObject(candidate)) {
      const cited = [...texts.values()].map(({ pieces, citations }) => ({ text: pieces.join(''), citations }));
      Object.assign(candidate, { ...encodeGrounding(cited), ...writeLogprobs(tokens), ...candidate, index: place });
      candidate.content = { parts: calls.length === 0 ? [{ text: '' }] : calls, role: 'model' };
    }
    return frame(last);
  }

  const encoder: StreamEncoder = {
    encode(event: StreamEvent) {
      if (over) return '';
      switch (event.type) {
        case 'start':
          id = event.id ?? id;
          model = event.model ?? model;
          tail = undefined;
          return '';
        case 'text-delta':
          textOf(event.index).pieces.push(event.text);
          return textChunk(event.text, 'text');
        case 'text-extension': {
          if (event.logprobs !== undefined) for (const token of event.logprobs) tokens.push(token);
          if (event.citations !== undefined) textOf(event.index).citations.push(...event.citations);
          const signature = event.extensions[GEMINI]?.thoughtSignature;
          return typeof signature === 'string' ? behindCalls({ text: '', thoughtSignature: signature }) : '';
        }
        case 'reasoning-delta':
          return textChunk(event.text, 'thought');
        case 'reasoning-signature':
          return behindCalls(signaturePart(event.signature));
        case 'tool-call-start':
          pending.set(event.index, { start: event, pieces: [], progress: createJsonProgress() });
          return '';
        case 'tool-call-delta':
          addArguments(event);
          return '';
        case 'opaque-part': {
          const said = restatedEvent(event, GEMINI);
          return said.type === 'opaque-part' ? behindCalls(encodeAnswerPart(said.part)) : encoder.encode(said);
        }
        case 'usage-update':
          usage = event.usage;
          tail = undefined;
          return '';
        case 'answer-continued':
          return '';
        case 'other-answer':
          return otherAnswer(event);
        case 'finish':
          over = true;
          return finish(event);
      }
    },
    goOnFrom(events) {
      for (const event of events) encoder.encode(event);
      // Whoever has a call has all of it.
      pending.clear();
    },
    answeredBy(name) {
      model = name;
      tail = undefined;
    },
    error(error) {
      over = true;
      return frame(errorBody(error));
    },
  };
  return encoder;
}

function signaturePart(signature: ReasoningSignature | undefined): JsonObject | undefined {
  if (signature?.issuer !== GOOGLE) return undefined;
  return { thought: true, thoughtSignature: signature.value };
}

function frame(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`;
}
