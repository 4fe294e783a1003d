import {
  asObject,
  type FinishEvent,
  type JsonObject,
  jsonInside,
  type ProviderError,
  type RouterError,
  restatedEvent,
  type ServerContext,
  type StreamEncoder,
  type StreamEvent,
  type ToolCallStartEvent,
  writeTokenLogprobs,
} from '@signalbox/core';
import { writeCounts } from './counts.ts';
import { writeDoneReason } from './done-reason.ts';
import { encodeAnswerMessage } from './encode-answer-message.ts';
import { errorText } from './encode-error.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

const NANOSECONDS = 1_000_000;

/** Writes a stream of lines, one JSON object each. */
export function createStreamEncoder(context: ServerContext): StreamEncoder {
  const startedAt = context.now();
  let firstContentAt: number | undefined;
  let model = context.model;
  let usage: FinishEvent['usage'];
  let closed = false;
  let toldTokens = false;
  // Ollama sends a call in one piece: calls wait for the end of the answer, which is when all of them are whole.
  const pending = new Map<number, { readonly start: ToolCallStartEvent; readonly pieces: string[] }>();

  // Many lines fall into one millisecond, and a date is dear to write.
  let written = { at: Number.NaN, text: '' };
  function moment(): string {
    const now = context.now();
    if (now !== written.at) written = { at: now, text: new Date(now).toISOString() };
    return written.text;
  }

  /** What text lines begin with, until the time or the model changes. */
  let head = { time: '', model: '', text: '' };

  function line(message: JsonObject, more: JsonObject): string {
    const created_at = moment();
    return `${JSON.stringify({ model, created_at, message, ...more })}\n`;
  }

  function content(parts: Parameters<typeof encodeAnswerMessage>[0]): string {
    firstContentAt ??= context.now();
    return line(encodeAnswerMessage(parts), { done: false });
  }

  /** The lines that nearly all of a stream consists of: the same as `content` writes, put together by hand. */
  function textLine(before: string, text: string): string {
    firstContentAt ??= context.now();
    const time = moment();
    if (time !== head.time || model !== head.model) {
      const names = `{"model":${JSON.stringify(model)},"created_at":"${time}"`;
      head = { time, model, text: `${names},"message":{"role":"assistant","content":"` };
    }
    return `${head.text}${before}${jsonInside(text)}"},"done":false}\n`;
  }

  function takeCalls(): string {
    if (pending.size === 0) return '';
    const calls = [...pending.values()].map(({ start, pieces }) => {
      const { type: _type, index: _index, ...call } = start;
      return { ...call, type: 'tool-call' as const, arguments: pieces.join('') };
    });
    pending.clear();
    return content(calls);
  }

  function finish(event: FinishEvent): string {
    const calls = takeCalls();
    const endedAt = context.now();
    const promptUntil = firstContentAt ?? endedAt;
    closed = true;
    const { message, ...own } = event.extensions?.[OLLAMA_CHAT] ?? {};
    const last = line(
      { ...encodeAnswerMessage([]), ...asObject(message) },
      {
        done: true,
        done_reason: writeDoneReason(event),
        // Ours, by the clock, where no Ollama server measured them.
        total_duration: (endedAt - startedAt) * NANOSECONDS,
        load_duration: 0,
        prompt_eval_duration: (promptUntil - startedAt) * NANOSECONDS,
        eval_duration: (endedAt - promptUntil) * NANOSECONDS,
        ...writeCounts(event.usage ?? usage),
        ...own,
        ...(toldTokens ? { logprobs: undefined } : {}),
      },
    );
    return calls + last;
  }

  function encodeEvent(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        model = event.model ?? model;
        return '';
      case 'text-delta':
        return event.text === '' ? '' : textLine('', event.text);
      case 'reasoning-delta':
        return event.text === '' ? '' : textLine('","thinking":"', event.text);
      case 'tool-call-start':
        pending.set(event.index, { start: event, pieces: [] });
        return '';
      case 'tool-call-delta':
        pending.get(event.index)?.pieces.push(event.arguments);
        return '';
      case 'opaque-part': {
        const said = restatedEvent(event, OLLAMA_CHAT);
        if (said.type !== 'opaque-part') return encodeEvent(said);
        const message = encodeAnswerMessage([said.part]);
        return message.images === undefined ? '' : content([said.part]);
      }
      case 'text-extension':
        // A line of its own: the text that the tokens make up is on its way already.
        if (event.logprobs === undefined) return '';
        toldTokens = true;
        return line(encodeAnswerMessage([]), { logprobs: writeTokenLogprobs(event.logprobs), done: false });
      case 'usage-update':
        usage = event.usage;
        return '';
      case 'finish':
        return finish(event);
      // Signatures, and citations of other formats, have no place here.
      default:
        return '';
    }
  }

  return {
    encode: (event) => (closed ? '' : encodeEvent(event)),
    goOnFrom(events) {
      for (const event of events) encodeEvent(event);
      // Whoever has a call has all of it.
      pending.clear();
    },
    answeredBy(name) {
      model = name;
    },
    error(error: ProviderError | RouterError) {
      if (closed) return '';
      closed = true;
      return `${JSON.stringify({ error: errorText(error) })}\n`;
    },
  };
}
