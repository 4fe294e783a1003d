import {
  createAnswerRecord,
  ENDED,
  encodeUtf8,
  ProviderError,
  RouterError,
  type StartEvent,
  type StreamEncoder,
  type StreamEvent,
  sourceOf,
  ValueSource,
  type WireFormat,
} from '@signalbox/core';
import type { BrokenAnswer } from '../lanes/lane.ts';

/** What comes behind an answer that broke off. */
export interface Rest {
  readonly had: BrokenAnswer;
  readonly events: AsyncIterable<readonly StreamEvent[]>;
  /** What wrote the caller's stream so far, where it was written anew. */
  readonly encoder: StreamEncoder | undefined;
}

/** An answer and, where it breaks off and somebody can go on, the rest of it. */
export function continuedAnswer<Value extends object>(
  values: AsyncIterable<Value>,
  resume: (broken: ProviderError) => AsyncIterable<Value> | undefined,
  /** What is said where nobody can go on: perhaps nothing. Undefined: the error is thrown. */
  last: (error: unknown) => readonly Value[] | undefined = () => undefined,
): AsyncIterable<Value> {
  return new ContinuedAnswer(values, resume, last);
}

class ContinuedAnswer<Value extends object> extends ValueSource<Value> {
  readonly #resume: (broken: ProviderError) => AsyncIterable<Value> | undefined;
  readonly #last: (error: unknown) => readonly Value[] | undefined;
  #current: ValueSource<Value>;
  #isRest = false;
  #over = false;

  constructor(
    values: AsyncIterable<Value>,
    resume: (broken: ProviderError) => AsyncIterable<Value> | undefined,
    last: (error: unknown) => readonly Value[] | undefined,
  ) {
    super();
    this.#current = sourceOf(values);
    this.#resume = resume;
    this.#last = last;
  }

  take(): Value | undefined | typeof ENDED {
    if (this.#over) return ENDED;
    try {
      const value = this.#current.take();
      if (value !== ENDED) return value;
    } catch (error) {
      const rest = !this.#isRest && ProviderError.is(error) && error.failsOver ? this.#resume(error) : undefined;
      if (rest !== undefined) {
        this.#isRest = true;
        this.#current = sourceOf(rest);
        return this.take();
      }
      this.#over = true;
      const words = this.#last(error);
      if (words === undefined) throw error;
      return words[0] ?? ENDED;
    }
    this.#over = true;
    return ENDED;
  }

  more(): Promise<void> {
    return this.#current.more();
  }

  discard(): void {
    this.#over = true;
    this.#current.discard();
  }
}

/** The rest for a reader of events, who has had a start. */
export function withoutStart(
  events: AsyncIterable<readonly StreamEvent[]> | undefined,
): AsyncIterable<readonly StreamEvent[]> | undefined {
  return events === undefined ? undefined : dropStarts(events);
}

async function* dropStarts(
  events: AsyncIterable<readonly StreamEvent[]>,
): AsyncGenerator<readonly StreamEvent[], void> {
  for await (const batch of events) yield batch.filter((event) => event.type !== 'start');
}

/**
 * The rest as bytes of the caller's stream. The encoder that wrote the beginning goes on; where the provider's own bytes were passed on, a new one is
 * brought to the place by letting it write what was sent, and throwing that away. It then names the model that answers now, and a comment of the stream
 * marks the seam.
 */
export function encodeRest(
  rest: Rest | undefined,
  framing: WireFormat['streamFraming'],
  createEncoder: () => StreamEncoder,
): AsyncIterable<Uint8Array> | undefined {
  return rest === undefined ? undefined : encode(rest, framing, createEncoder);
}

async function* encode(
  { had, events, encoder: writing }: Rest,
  framing: WireFormat['streamFraming'],
  createEncoder: () => StreamEncoder,
): AsyncGenerator<Uint8Array, void> {
  const bytes = new TextEncoder();
  let encoder = writing;
  const record = createAnswerRecord();
  for (const event of eventsOf(had)) record.add(event);
  for await (const batch of events) {
    let text = '';
    for (const event of batch) {
      if (event.type === 'start') {
        if (writing === undefined) encoder = atPlace(createEncoder(), event, record, had);
        else if (event.model !== undefined) writing.answeredBy?.(event.model);
        continue;
      }
      if (event.type === 'answer-continued') {
        // A comment: whoever looks at the stream sees the seam, and no reader stumbles over it.
        if (framing === 'sse')
          text += `: continued by ${event.candidate} after ${event.afterCharacters} characters\n\n`;
        continue;
      }
      encoder ??= atPlace(createEncoder(), { type: 'start' }, record, had);
      record.add(event);
      text += encoder.encode(event);
    }
    if (text !== '') yield bytes.encode(text);
  }
}

/** An encoder for the error that ends a stream which was passed on as it came. */
export function encoderAt(had: BrokenAnswer | undefined, encoder: StreamEncoder): StreamEncoder {
  return had === undefined ? encoder : atPlace(encoder, { type: 'start' }, had, had);
}

/** A new encoder, where the stream stands. The answer keeps the id that it began with. */
function atPlace(
  encoder: StreamEncoder,
  start: StartEvent,
  had: BrokenAnswer,
  { id, place }: BrokenAnswer,
): StreamEncoder {
  const events = [id === undefined ? start : { ...start, id }, ...eventsOf(had)];
  if (encoder.goOnFrom !== undefined) encoder.goOnFrom(events, place);
  else for (const event of events) encoder.encode(event);
  return encoder;
}

/** What the caller has, as the events that would have told it. */
export function eventsOf({ text, textIndex, reasoning, reasoningIndex, calls }: BrokenAnswer): readonly StreamEvent[] {
  return [
    // Reasoning without a word has its place all the same.
    ...(reasoningIndex === undefined
      ? []
      : [{ type: 'reasoning-delta', index: reasoningIndex, text: reasoning || ' ' } as const]),
    ...(textIndex === undefined ? [] : [{ type: 'text-delta', index: textIndex, text } as const]),
    ...calls.flatMap(({ arguments: written, ...call }) => [
      { type: 'tool-call-start', ...call } as const,
      { type: 'tool-call-delta', index: call.index, arguments: written } as const,
    ]),
  ];
}

/** Batches of events as events. */
export async function* flatten(batches: AsyncIterable<readonly StreamEvent[]>): AsyncGenerator<StreamEvent, void> {
  for await (const events of batches) yield* events;
}

/**
 * What a stream that breaks off ends in: the caller's own protocol's error, never silence, and never an end as if it were complete. Nothing where the caller has gone; undefined
 * for a fault of ours, which is thrown.
 */
export function lastWords(
  error: unknown,
  createEncoder: () => { error(error: ProviderError | RouterError): string },
): readonly Uint8Array[] | undefined {
  if (!ProviderError.is(error) && !(RouterError.is(error) && error.kind === 'budget')) return undefined;
  return error.kind === 'aborted' ? [] : [encodeUtf8(createEncoder().error(error))];
}
