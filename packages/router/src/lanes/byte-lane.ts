import {
  type AnswerGlance,
  type AnswerSoFar,
  asObject,
  type Candidate,
  encodeUtf8,
  type FrameVerdict,
  type FrameVisitor,
  type Inbound,
  type ModelResponse,
  outputSoFar,
  responseEvents,
  type WireFrame,
  type WireReply,
} from '@signalbox/core';
import { forwardedHeaders } from '../caller/forwarded-headers.ts';
import { type Affinity, issuedWith } from '../choice/affinity.ts';
import { completeUsage, outputOf } from './complete-usage.ts';
import { createCallHold } from './hold-tool-calls.ts';
import {
  callProvider,
  type Lane,
  type LaneBatch,
  type LaneCall,
  type Progress,
  readAnswer,
  streamReply,
} from './lane.ts';

/** Whether a candidate can be served with the caller's own bytes. */
export function canForward(
  inbound: Inbound,
  candidate: Candidate,
  maxOutputTokens: number | undefined,
  affinity?: Pick<Affinity, 'bringsForeign'>,
): boolean {
  return (
    inbound.wire?.format.id === candidate.provider.format.id &&
    maxOutputTokens === undefined &&
    inbound.mustDecode !== true &&
    candidate.provider.forwards &&
    affinity?.bringsForeign(inbound, candidate.provider.id) !== true
  );
}

/**
 * The caller's bytes go to the provider and the provider's come back; the stream is observed, not encoded anew. Only the
 * edits of the closed list happen: the model's name, the usage chunk, counts that are none, a malformed event, a missing end mark.
 */
export const byteStreamLane: Lane<Uint8Array> = {
  name: 'bytes',
  async *open(call): AsyncGenerator<LaneBatch<Uint8Array>, void> {
    const { candidate } = call;
    const { format } = candidate.provider;
    const forwarded = forward(call);
    const observer = format.observe({
      provider: candidate.provider.id,
      hideUsage: forwarded.hideUsage,
      estimateUsage: (known, output) => completeUsage(known, { ...call, lane: 'bytes' }, () => output),
    });
    const hold = createCallHold(observer.soFar ?? NOTHING_KNOWN, () => observer.finish !== undefined);
    let whole: ModelResponse | undefined;
    call.begin({
      notes: [],
      outputText: () =>
        whole !== undefined
          ? outputOf(whole)
          : observer.soFar === undefined
            ? observer.text
            : outputSoFar(observer.soFar),
      brokenAnswer: () => {
        const had = whole === undefined ? hold.brokenAnswer() : undefined;
        return had && { ...had, id: observer.id, place: observer.place };
      },
      get id() {
        return whole === undefined ? observer.id : whole.id;
      },
      get issued() {
        return whole === undefined ? observer.issued : issuedWith(whole, candidate, call.inbound);
      },
      get usage() {
        return whole === undefined ? observer.usage : whole.usage;
      },
      get finish() {
        return whole === undefined ? observer.finish : whole.finish;
      },
      get answeredBy() {
        return whole === undefined ? observer.model : whole.model;
      },
    });
    const { path, headers, body: bytes } = forwarded;
    const reply = await callProvider(call, { path, headers, body: bytes, stream: true });
    if (streamReply(reply, candidate) === 'whole') {
      const { body } = await readAnswer(reply, candidate);
      const response = format.client.decodeResponse(body, { provider: candidate.provider.id });
      whole = response;
      call.keeper?.response(response);
      const encoder = call.createEncoder();
      const text = [...responseEvents(response)].map((event) => encoder.encode(event)).join('');
      yield { value: encodeUtf8(text), content: true };
      return;
    }
    const held: Uint8Array[] = [];
    let pieces: Uint8Array[] = [];
    let content = false;
    let failure: { readonly error: unknown } | undefined;
    const visitor: FrameVisitor = {
      frame(frame) {
        if (failure !== undefined) return;
        try {
          call.keeper?.frames([frame]);
          const verdict = observer.observe(frame);
          if (hold.holds(verdict.call === true)) pass(frame, verdict, held);
          else {
            content ||= verdict.content || held.length > 0;
            for (const piece of held.splice(0)) pieces.push(piece);
            pass(frame, verdict, pieces);
          }
        } catch (error) {
          failure = { error };
        }
      },
      skim(piece, from, head, event) {
        if (failure !== undefined || hold.active || call.keeper !== undefined) return from;
        const end = observer.skim?.(piece, from, head, event) ?? from;
        if (end === from) return from;
        content = true;
        pieces.push(piece.raw(from, end));
        return end;
      },
    };
    for await (const _ of visitFrames(reply, visitor)) {
      const [passed, brings] = [pieces, content];
      pieces = [];
      content = false;
      if (passed.length > 0) yield { value: join(passed), content: brings };
      else if (hold.active) yield { value: NOTHING, content: false, progress: true };
      if (failure !== undefined) throw failure.error;
    }
    const rest = observer.end();
    if (held.length > 0) yield { value: join(held), content: true };
    if (rest !== '') yield { value: encodeUtf8(rest), content: false };
  },
};

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

/** The same for an answer that is wanted whole: it is read for its usage and passed on as it came. */
export const byteWholeLane: Lane<Uint8Array> = {
  name: 'bytes',
  async *open(call): AsyncGenerator<LaneBatch<Uint8Array>, void> {
    yield { value: await wholeAnswer(call), content: true };
  },
  whole: wholeAnswer,
};

async function wholeAnswer(call: LaneCall): Promise<Uint8Array> {
  const { format, id: provider } = call.candidate.provider;
  const { path, headers, body: bytes } = forward(call);
  let output = () => '';
  const progress: Progress = { notes: [], outputText: () => output() };
  call.begin(progress);
  const reply = await callProvider(call, { path, headers, body: bytes, stream: false });
  const { raw, body } = await readAnswer(reply, call.candidate);
  const glance = call.keeper === undefined ? format.glance?.(body) : undefined;
  if (glance !== undefined) {
    output = () => glance.output;
    note(progress, glance);
  } else {
    const response = format.client.decodeResponse(body, { provider });
    call.keeper?.response(response);
    output = () => outputOf(response);
    note(progress, response);
    progress.issued = issuedWith(response, call.candidate, call.inbound);
  }
  const whole = format.completeUsage?.(asObject(body) ?? {}, (known) =>
    completeUsage(known, { ...call, lane: 'bytes' }, output),
  );
  return whole === undefined ? raw : encodeUtf8(JSON.stringify(whole));
}

function note(progress: Progress, { usage, finish, id, model }: Omit<AnswerGlance, 'output'>): void {
  progress.usage = usage;
  progress.finish = finish;
  progress.id = id;
  progress.answeredBy = model;
}

function forward(call: LaneCall) {
  const { inbound, candidate } = call;
  const { wire, head } = inbound;
  if (wire === undefined) throw new Error('the byte lane needs the bytes of a request');
  const { path, body, headers, hideUsage } = wire.format.server.forwardRequest(
    wire.body,
    head,
    candidate.model,
    wire.path,
  );
  return { path, body, hideUsage, headers: forwardedHeaders(wire.headers, headers) };
}

/** Puts what goes on into `pieces`. */
function pass(frame: WireFrame, verdict: FrameVerdict, pieces: Uint8Array[]): void {
  if (verdict.forward === true) pieces.push(frame.raw);
  else if (typeof verdict.forward === 'string') pieces.push(encodeUtf8(verdict.forward));
}

/** Frames of a provider that shows none by itself. */
async function* framesShown(reply: WireReply, visitor: FrameVisitor): AsyncGenerator<void> {
  for await (const frames of reply.frames()) {
    for (const frame of frames) visitor.frame(frame);
    yield;
  }
}

const visitFrames = (reply: WireReply, visitor: FrameVisitor): AsyncIterable<void> =>
  reply.visit?.(visitor) ?? framesShown(reply, visitor);

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
  return pieces.length === 1 ? first : new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}
