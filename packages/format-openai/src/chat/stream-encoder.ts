import {
  type JsonObject,
  jsonInside,
  type OtherAnswerEvent,
  type ProviderError,
  type RouterError,
  restatedEvent,
  type ServerContext,
  type StreamEncoder,
  type StreamEvent,
  type ToolCallStartEvent,
} from '@signalbox/core';
import { encodeError } from '../shared/encode-error.ts';
import { createCitationRanges } from './citation-ranges.ts';
import { answerCall, answerMedia, logprobsField, splitExtensions, tokensOf } from './encode-answer.ts';
import { ownFields } from './extensions.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { DONE } from './stream-decoder.ts';
import { encodeUsage } from './usage.ts';

interface OpenCall {
  /** Place among the tool calls: what clients call `index`. */
  readonly index: number;
  readonly custom: boolean;
  hasArguments: boolean;
}

/** Writes one stream of `chat.completion.chunk` events. */
export function createStreamEncoder(context: ServerContext): StreamEncoder {
  return createChoiceEncoder(context, 0);
}

/** Writes the chunks of one choice, and for the first those of the others too. */
function createChoiceEncoder(context: ServerContext, place: number): StreamEncoder {
  const calls = new Map<number, OpenCall>();
  let members: JsonObject = {};
  let prefix: string | undefined;
  let refused = false;
  let over = false;
  const ranges = createCitationRanges();
  const others = new Map<number, StreamEncoder>();
  const suffix = context.includeUsage === true ? ',"usage":null}\n\n' : '}\n\n';

  /** The members that every chunk has, and the first chunk, which tells the role. */
  function begin(id?: string, model?: string, createdAt?: number): string {
    members = {
      id: id ?? context.createId(),
      object: 'chat.completion.chunk',
      created: createdAt ?? Math.floor(context.now() / 1000),
      model: model ?? context.model,
    };
    prefix = prefixOf(members);
    return chunk({ role: 'assistant', content: '' });
  }

  function chunk(delta: JsonObject, choice?: JsonObject, reason?: string): string {
    const tail = reason === undefined ? 'null' : JSON.stringify(reason);
    const more = choice === undefined ? '"logprobs":null' : JSON.stringify({ logprobs: null, ...choice }).slice(1, -1);
    return `${prefix}[{"index":${place},"delta":${JSON.stringify(delta)},${more},"finish_reason":${tail}}]${suffix}`;
  }

  // What the last piece had around its text: the next one's is the same, as a rule.
  let around = { before: '', prefix, head: '', tail: '' };

  /** The chunks that nearly all of a stream consists of, put together by hand: the same as `chunk` writes for a delta with this text in it. */
  function pieceChunk(before: string, text: string, behind: string): string {
    if (before !== around.before || prefix !== around.prefix) {
      const head = `${prefix}[{"index":${place},"delta":${before}"`;
      around = { before, prefix, head, tail: `"${behind},"logprobs":null,"finish_reason":null}]${suffix}` };
    }
    return `${around.head}${jsonInside(text)}${around.tail}`;
  }

  function annotate(annotations: readonly JsonObject[]): string {
    return annotations.length === 0 ? '' : chunk({ annotations: [...annotations] });
  }

  function callStart(event: ToolCallStartEvent): string {
    const call: OpenCall = { index: calls.size, custom: event.kind === 'custom', hasArguments: false };
    calls.set(event.index, call);
    return chunk({ tool_calls: [{ index: call.index, ...answerCall({ ...event, arguments: '' }) }] });
  }

  function callDelta(index: number, text: string): string {
    const call = calls.get(index);
    if (call === undefined || text === '') return '';
    call.hasArguments = true;
    const member = call.custom ? '"custom":{"input":' : '"function":{"arguments":';
    return pieceChunk(`{"tool_calls":[{"index":${call.index},${member}`, text, '}}]}');
  }

  function finish(event: Extract<StreamEvent, { type: 'finish' }>): string {
    over = true;
    const { top, choice, reason, message, usage } = splitExtensions(event.extensions);
    // Clients parse the arguments: a call without any gets an empty object.
    const empty = [...calls].filter(([, call]) => !call.hasArguments && !call.custom);
    const pieces = [...empty.map(([index]) => callDelta(index, '{}')), annotate(ranges.end())];
    if (Object.keys(message).length > 0) pieces.push(chunk(message));
    const last = chunk({}, choice, encodeFinish(event, refused, reason));
    const topFields = JSON.stringify(top).slice(1, -1);
    pieces.push(topFields === '' ? last : `${last.slice(0, -3)},${topFields}}\n\n`);
    if (place > 0) return pieces.join('');
    if (context.includeUsage === true && event.usage !== undefined) {
      pieces.push(`${prefix}[],"usage":${JSON.stringify(encodeUsage(event.usage, usage))}}\n\n`);
    }
    pieces.push(`data: ${DONE}\n\n`);
    return pieces.join('');
  }

  function otherAnswer({ answer, event }: OtherAnswerEvent): string {
    const known = others.get(answer);
    if (known !== undefined) return known.encode(event);
    const other = createChoiceEncoder(context, answer);
    others.set(answer, other);
    const { id, model, created: createdAt } = members as { id: string; model: string; created: number };
    return other.encode({ type: 'start', id, model, createdAt }) + other.encode(event);
  }

  function encodeEvent(event: Exclude<StreamEvent, { type: 'start' }>): string {
    switch (event.type) {
      case 'text-delta':
        if (event.text === '') return '';
        if (event.refusal !== true) {
          const due = annotate(ranges.grow(event.index, event.text.length));
          const piece = pieceChunk('{"content":', event.text, '}');
          return due === '' ? piece : due + piece;
        }
        refused = true;
        return chunk({ refusal: event.text });
      case 'reasoning-delta':
        return event.text === '' ? '' : pieceChunk('{"reasoning_content":', event.text, '}');
      case 'text-extension': {
        const { annotations, ...fields } = ownFields(event.extensions);
        const isOther = annotations === undefined && event.citations !== undefined;
        const due = isOther ? annotate(ranges.cite(event.index, event.citations)) : '';
        const logprobs = logprobsField(tokensOf(event, fields));
        if (annotations === undefined && logprobs.logprobs === undefined) return due;
        return due + chunk(annotations === undefined ? {} : { annotations }, logprobs);
      }
      case 'tool-call-start':
        return callStart(event);
      case 'tool-call-delta':
        return callDelta(event.index, event.arguments);
      case 'opaque-part': {
        const said = restatedEvent(event, FORMAT_ID);
        if (said.type === 'text-delta') return encodeEvent(said);
        const fields = answerMedia(said.part, false);
        return fields === undefined ? '' : chunk(fields);
      }
      case 'other-answer':
        return otherAnswer(event);
      case 'finish':
        return finish(event);
      default:
        // Signatures stay with us (clients of this format could not send them back), usage waits for the end.
        return '';
    }
  }

  return {
    encode(event) {
      if (over) return '';
      if (event.type === 'start') return prefix === undefined ? begin(event.id, event.model, event.createdAt) : '';
      const first = prefix === undefined ? begin() : '';
      return first + encodeEvent(event);
    },
    answeredBy(model) {
      members = { ...members, model };
      if (prefix !== undefined) prefix = prefixOf(members);
    },
    error(error: ProviderError | RouterError) {
      if (over) return '';
      over = true;
      return `data: ${JSON.stringify(encodeError(FORMAT_ID, error).body)}\n\n`;
    },
  };
}

/** What every chunk begins with. */
function prefixOf(members: JsonObject): string {
  return `data: ${JSON.stringify(members).slice(0, -1)},"choices":`;
}
