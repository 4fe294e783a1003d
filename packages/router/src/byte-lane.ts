import {
  type AnswerSoFar,
  asObject,
  type Candidate,
  type FrameVerdict,
  type Inbound,
  type ModelResponse,
  outputSoFar,
  responseEvents,
  type WireFrame,
} from '@signalbox/core';
import { completeUsage, outputOf } from './complete-usage.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
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
export function canForward(inbound: Inbound, candidate: Candidate, maxOutputTokens: number | undefined): boolean {
  return (
    inbound.wire?.format.id === candidate.provider.format.id &&
    maxOutputTokens === undefined &&
    inbound.mustDecode !== true &&
    candidate.provider.forwards
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
      estimateUsage: (known, output) => completeUsage(known, { ...call, lane: 'bytes' }, output),
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
      yield { value: new TextEncoder().encode(text), content: true };
      return;
    }
    const held: Uint8Array[] = [];
    for await (const frames of reply.frames()) {
      call.keeper?.frames(frames);
      const pieces: Uint8Array[] = [];
      let content = false;
      let failure: unknown;
      for (const frame of frames) {
        try {
          const verdict = observer.observe(frame);
          if (hold.holds(verdict.call === true)) pass(frame, verdict, held);
          else {
            content ||= verdict.content || held.length > 0;
            pieces.push(...held.splice(0));
            pass(frame, verdict, pieces);
          }
        } catch (error) {
          failure = error;
          break;
        }
      }
      if (pieces.length > 0) yield { value: join(pieces), content };
      else if (hold.active) yield { value: NOTHING, content: false, progress: true };
      if (failure !== undefined) throw failure;
    }
    const rest = observer.end();
    if (held.length > 0) yield { value: join(held), content: true };
    if (rest !== '') yield { value: new TextEncoder().encode(rest), content: false };
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
  argumentsLength: 0,
  plain: false,
};

/** The same for an answer that is wanted whole: it is read for its usage and passed on as it came. */
export const byteWholeLane: Lane<Uint8Array> = {
  name: 'bytes',
  async *open(call): AsyncGenerator<LaneBatch<Uint8Array>, void> {
    const { candidate } = call;
    const forwarded = forward(call);
    let text = '';
    const progress: Progress = { notes: [], outputText: () => text };
    call.begin(progress);
    const { path, headers, body: bytes } = forwarded;
    const reply = await callProvider(call, { path, headers, body: bytes, stream: false });
    const { raw, body } = await readAnswer(reply, candidate);
    const response = candidate.provider.format.client.decodeResponse(body, { provider: candidate.provider.id });
    call.keeper?.response(response);
    text = outputOf(response);
    progress.usage = response.usage;
    progress.finish = response.finish;
    progress.id = response.id;
    progress.answeredBy = response.model;
    const whole = candidate.provider.format.completeUsage?.(asObject(body) ?? {}, (known) =>
      completeUsage(known, { ...call, lane: 'bytes' }, text),
    );
    yield { value: whole === undefined ? raw : new TextEncoder().encode(JSON.stringify(whole)), content: true };
  },
};

function forward(call: LaneCall) {
  const { inbound, candidate } = call;
  const { wire, head } = inbound;
  if (wire === undefined) throw new Error('the byte lane needs the bytes of a request');
  const forwarded = wire.format.server.forwardRequest(wire.body, head, candidate.model, wire.path);
  return { ...forwarded, headers: { ...forwarded.headers, ...forwardedHeaders(wire.headers) } };
}

/** Puts what goes on into `pieces`. */
function pass(frame: WireFrame, verdict: FrameVerdict, pieces: Uint8Array[]): void {
  if (verdict.forward === true) pieces.push(frame.raw);
  else if (typeof verdict.forward === 'string') pieces.push(new TextEncoder().encode(verdict.forward));
}

/** One write for what one read brought. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}
