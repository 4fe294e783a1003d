import type {
  AnswerEvent,
  Citation,
  Finish,
  FinishEvent,
  ModelResponse,
  OtherAnswer,
  Part,
  StreamEvent,
  TextDeltaEvent,
  TextExtensionEvent,
  TextPart,
  TokenLogprob,
} from '@signalbox/core';

/** Cuts a stream where a stop sequence comes that its provider was not told of. Made per stream. */
export interface StopCutter {
  /** The events up to the cut. Text that may be the beginning of a stop sequence waits for what follows it. */
  events(events: readonly StreamEvent[]): StreamEvent[];
  /** Whether the answer was cut and has its finish: nothing more of the stream is needed. */
  readonly ended: boolean;
}

/**
 * A cutter for the stop sequences of `EncodedRequest.cutAt`; undefined where there are none. `answers`: how many were asked for; of several each is
 * cut by itself, and the stream is read to its end.
 */
export function createStopCutter(
  cutAt: readonly string[] | undefined,
  answers: number | undefined,
): StopCutter | undefined {
  const stops = stopsOf(cutAt);
  if (stops.length === 0) return undefined;
  const single = (answers ?? 1) === 1;
  const first = createAnswerCutter(stops);
  const others = new Map<number, AnswerCutter>();
  let ended = false;

  function add(event: StreamEvent, to: StreamEvent[]): void {
    if (event.type !== 'other-answer') {
      first.add(event, to);
      return;
    }
    const { type, answer } = event;
    const cutter = others.get(answer) ?? createAnswerCutter(stops);
    others.set(answer, cutter);
    const cut: StreamEvent[] = [];
    cutter.add(event.event, cut);
    for (const one of cut) to.push({ type, answer, event: one as AnswerEvent });
  }

  return {
    events(events) {
      const cut: StreamEvent[] = [];
      for (const event of events) {
        if (ended) break;
        add(event, cut);
        if (single && first.finish !== undefined) {
          if (event.type !== 'finish') cut.push(first.finish);
          ended = true;
        }
      }
      return cut;
    },
    get ended() {
      return ended;
    },
  };
}

interface AnswerCutter {
  add(event: StreamEvent, to: StreamEvent[]): void;
  /** The end of the answer, once it was cut. */
  readonly finish: FinishEvent | undefined;
}

function createAnswerCutter(stops: readonly string[]): AnswerCutter {
  let finish: FinishEvent | undefined;
  // Text that may be the beginning of a stop sequence, and what came with it.
  let held: TextDeltaEvent | undefined;
  let beside: TextExtensionEvent[] = [];

  function release(to: StreamEvent[]): void {
    if (held !== undefined) to.push(held);
    for (const event of beside) to.push(event);
    held = undefined;
    beside = [];
  }

  function addText(event: TextDeltaEvent, to: StreamEvent[]): void {
    if (held !== undefined && held.index !== event.index) release(to);
    const text = (held?.text ?? '') + event.text;
    const found = firstStop(text, stops);
    if (found !== undefined) {
      if (found.at > 0) to.push({ ...event, text: text.slice(0, found.at) });
      held = undefined;
      beside = [];
      finish = { type: 'finish', ...cutFinish(found.stop) };
      return;
    }
    const waiting = beginningOfStop(text, stops);
    if (waiting === 0) {
      held = undefined;
      to.push({ ...event, text });
      release(to);
      return;
    }
    if (waiting < text.length) to.push({ ...event, text: text.slice(0, text.length - waiting) });
    held = { ...event, text: text.slice(text.length - waiting) };
  }

  return {
    get finish() {
      return finish;
    },
    add(event, to) {
      if (finish !== undefined) {
        if (event.type === 'finish') to.push({ ...event, ...finish });
        else if (event.type === 'usage-update') to.push(event);
      } else if (event.type === 'text-delta' && event.refusal !== true) addText(event, to);
      else if (event.type === 'usage-update') to.push(event);
      else if (event.type === 'text-extension' && held?.index === event.index) beside.push(event);
      else {
        release(to);
        to.push(event);
      }
    },
  };
}

/** A whole answer up to the first stop sequence; the very same where none comes. Usage stays what was paid. */
export function cutResponse(response: ModelResponse, cutAt: readonly string[] | undefined): ModelResponse {
  const stops = stopsOf(cutAt);
  if (stops.length === 0) return response;
  const cut = cutAnswer(response, stops);
  return response.others === undefined
    ? cut
    : { ...cut, others: response.others.map((other) => cutAnswer(other, stops)) };
}

function cutAnswer<Answer extends OtherAnswer>(answer: Answer, stops: readonly string[]): Answer {
  const parts: Part[] = [];
  for (const part of answer.parts) {
    const found = part.type === 'text' && part.refusal !== true ? firstStop(part.text, stops) : undefined;
    if (part.type !== 'text' || found === undefined) {
      parts.push(part);
      continue;
    }
    if (found.at > 0) parts.push(cutText(part, found.at));
    return { ...answer, parts, finish: cutFinish(found.stop) };
  }
  return answer;
}

/** The beginning of a text. A format's own words on the text speak of all of it, and do not go along. */
function cutText({ extensions: _extensions, citations, logprobs, ...part }: TextPart, length: number): TextPart {
  const within = citations?.filter(({ start }: Citation) => start === undefined || start < length);
  const tokens = logprobs === undefined ? undefined : tokensWithin(logprobs, length);
  return {
    ...part,
    text: part.text.slice(0, length),
    ...(within === undefined || within.length === 0
      ? {}
      : { citations: within.map((one) => (one.end === undefined ? one : { ...one, end: Math.min(one.end, length) })) }),
    ...(tokens === undefined || tokens.length === 0 ? {} : { logprobs: tokens }),
  };
}

function tokensWithin(tokens: readonly TokenLogprob[], length: number): readonly TokenLogprob[] {
  let before = 0;
  const end = tokens.findIndex(({ token }) => {
    const outside = before >= length;
    before += token.length;
    return outside;
  });
  return end === -1 ? tokens : tokens.slice(0, end);
}

const stopsOf = (cutAt: readonly string[] | undefined): string[] => (cutAt ?? []).filter((stop) => stop !== '');

const cutFinish = (stopSequence: string): Finish => ({ reason: 'stop-sequence', stopSequence });

/** The stop sequence that a model writing the text would have met first: the one that ends first, of several the longest. */
function firstStop(text: string, stops: readonly string[]): { readonly at: number; readonly stop: string } | undefined {
  let found: { readonly at: number; readonly stop: string } | undefined;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at === -1) continue;
    const later = found === undefined ? -1 : at + stop.length - (found.at + found.stop.length);
    if (found === undefined || later < 0 || (later === 0 && at < found.at)) found = { at, stop };
  }
  return found;
}

/** How many characters at the end of a text could be the beginning of a stop sequence. */
function beginningOfStop(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > most; length -= 1) {
      if (text.endsWith(stop.slice(0, length))) most = length;
    }
  }
  return most;
}
