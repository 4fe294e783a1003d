import {
  type AnswerSoFar,
  ENDED,
  encodeUtf8,
  type FrameVerdict,
  type FrameVisitor,
  responseEvents,
  type StreamObserver,
  type StreamPiece,
  sourceOf,
  ValueSource,
  type WireCall,
  type WireFrame,
  type WireReply,
} from '@signalbox/core';
import { completeUsage } from './complete-usage.ts';
import { type CallHold, createCallHold } from './hold-tool-calls.ts';
import { callProvider, type LaneBatch, type LaneCall, readAnswer, streamReply } from './lane.ts';
import { StreamProgress } from './stream-progress.ts';

/** A caller's request as it goes to the provider. */
export interface ForwardedCall extends Pick<WireCall, 'path' | 'headers' | 'body'> {
  /** The caller did not ask for the counts that the provider was asked for. */
  readonly hideUsage: boolean;
}

/** Makes a streaming call and passes its answer on as it comes, a batch for each read of the socket. */
export class ForwardedStream extends ValueSource<LaneBatch<Uint8Array>> implements FrameVisitor {
  readonly #call: LaneCall;
  readonly #forwarded: ForwardedCall;
  readonly #observer: StreamObserver;
  readonly #hold: CallHold;
  readonly #progress: StreamProgress;
  #reading: ValueSource<object | true> | undefined;
  #held: Uint8Array[] = [];
  #pieces: Uint8Array[] = [];
  #content = false;
  #failure: { readonly error: unknown } | undefined;
  /** What is left to be given when the body has ended; undefined before the call. */
  #ending: LaneBatch<Uint8Array>[] | undefined;

  constructor(call: LaneCall, forwarded: ForwardedCall) {
    super();
    const { id: provider, format } = call.candidate.provider;
    this.#call = call;
    this.#forwarded = forwarded;
    this.#observer = format.observe({
      provider,
      hideUsage: forwarded.hideUsage,
      estimateUsage: (known, output) => completeUsage(known, { ...call, lane: 'bytes' }, () => output),
    });
    this.#hold = createCallHold(this.#observer.soFar ?? NOTHING_KNOWN, () => this.#observer.finish !== undefined);
    this.#progress = new StreamProgress(this.#observer, this.#hold, call);
  }

  take(): LaneBatch<Uint8Array> | undefined | typeof ENDED {
    while (this.#reading !== undefined || this.#failure !== undefined) {
      // What came before it has been handed on.
      const failure = this.#failure;
      if (failure !== undefined) {
        this.discard();
        throw failure.error;
      }
      const read = this.#reading?.take();
      if (read === undefined) return undefined;
      if (read === ENDED) {
        this.#end();
        break;
      }
      const batch = this.#batch();
      if (batch !== undefined) return batch;
    }
    return this.#ending === undefined ? undefined : (this.#ending.shift() ?? ENDED);
  }

  more(): Promise<void> {
    return this.#reading?.more() ?? this.#begin();
  }

  discard(): void {
    const reading = this.#reading;
    this.#reading = undefined;
    this.#failure = undefined;
    this.#ending = [];
    reading?.discard();
  }

  frame(frame: WireFrame): void {
    if (this.#failure !== undefined) return;
    try {
      this.#call.keeper?.frames([frame]);
      const verdict = this.#observer.observe(frame);
      if (this.#hold.holds(verdict.call === true)) pass(frame, verdict, this.#held);
      else {
        this.#content ||= verdict.content || this.#held.length > 0;
        if (this.#held.length > 0) this.#pieces.push(...this.#held.splice(0));
        pass(frame, verdict, this.#pieces);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  skim(piece: StreamPiece, from: number, head: string, event: string | undefined): number {
    if (this.#failure !== undefined || this.#hold.active() || this.#call.keeper !== undefined) return from;
    const end = this.#observer.skim?.(piece, from, head, event) ?? from;
    if (end === from) return from;
    this.#content = true;
    this.#pieces.push(piece.raw(from, end));
    return end;
  }

  async #begin(): Promise<void> {
    try {
      this.#ending = [];
      await this.#open();
    } catch (error) {
      this.#failure = { error };
    }
  }

  async #open(): Promise<void> {
    const call = this.#call;
    const { candidate } = call;
    call.begin(this.#progress);
    const { path, headers, body } = this.#forwarded;
    const reply = await callProvider(call, { path, headers, body, stream: true });
    if (streamReply(reply, candidate) === 'stream') {
      this.#reading = framesShown(reply, this);
      return;
    }
    const answer = await readAnswer(reply, candidate);
    const response = candidate.provider.format.client.decodeResponse(answer.body, { provider: candidate.provider.id });
    this.#progress.whole = response;
    call.keeper?.response(response);
    const encoder = call.createEncoder();
    const text = [...responseEvents(response)].map((event) => encoder.encode(event)).join('');
    this.#ending?.push({ value: encodeUtf8(text), content: true });
  }

  /** What the read brought; undefined where there is nothing to hand on, and nothing to say of it. */
  #batch(): LaneBatch<Uint8Array> | undefined {
    if (this.#pieces.length === 0)
      return this.#hold.active() ? { value: NOTHING, content: false, progress: true } : undefined;
    const batch = { value: join(this.#pieces), content: this.#content };
    this.#pieces = [];
    this.#content = false;
    return batch;
  }

  #end(): void {
    this.#reading = undefined;
    const rest = this.#observer.end();
    const ending: LaneBatch<Uint8Array>[] = [];
    if (this.#held.length > 0) ending.push({ value: join(this.#held), content: true });
    if (rest !== '') ending.push({ value: encodeUtf8(rest), content: false });
    this.#ending = ending;
  }
}

const NOTHING = new Uint8Array();

/** Of an observer that keeps no record: such an answer can't be gone on from. */
const NOTHING_KNOWN: AnswerSoFar = {
  text: '',
  textIndex: undefined,
  reasoning: '',
  reasoningIndex: undefined,
  calls: [],
  others: '',
  argumentsLength: 0,
  plain: false,
};

/** Puts what goes on into `pieces`. */
function pass(frame: WireFrame, verdict: FrameVerdict, pieces: Uint8Array[]): void {
  if (verdict.forward === true) pieces.push(frame.raw);
  else if (typeof verdict.forward === 'string') pieces.push(encodeUtf8(verdict.forward));
}

/** The frames of a reply, shown to a visitor, read by read. */
function framesShown(reply: WireReply, visitor: FrameVisitor): ValueSource<object | true> {
  const shown = reply.visit?.(visitor);
  return shown instanceof ValueSource ? shown : sourceOf(readsOf(reply, shown, visitor));
}

/** The same of a provider with a transport of its own. */
async function* readsOf(
  reply: WireReply,
  shown: AsyncIterable<unknown> | undefined,
  visitor: FrameVisitor,
): AsyncGenerator<object> {
  if (shown !== undefined) {
    for await (const _ of shown) yield READ;
    return;
  }
  for await (const frames of reply.frames()) {
    for (const frame of frames) visitor.frame(frame);
    yield READ;
  }
}

const READ = {};

/** One write for what one read brought: no copy where the pieces lie side by side, which they do as a rule. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first === undefined) return NOTHING;
  let end = first.byteOffset + first.length;
  for (let index = 1; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece?.buffer !== first.buffer || piece.byteOffset !== end) return Buffer.concat(pieces);
    end += piece.length;
  }
  return pieces.length === 1 ? first : Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset);
}
