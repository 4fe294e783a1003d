import {
  type Candidate,
  type FrameVerdict,
  type Inbound,
  type ModelResponse,
  responseEvents,
  responseText,
  type WireFrame,
} from '@signalbox/core';
import { forwardedHeaders } from './forwarded-headers.ts';
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
    candidate.provider.forwards
  );
}

/**
 * The caller's bytes go to the provider and the provider's come back; the stream is observed, not encoded anew. Only the
 * edits of the closed list happen: the model's name, the usage chunk, a malformed event, a missing end mark.
 */
export const byteStreamLane: Lane<Uint8Array> = {
  name: 'bytes',
  async *open(call): AsyncGenerator<LaneBatch<Uint8Array>, void> {
    const { candidate } = call;
    const { format } = candidate.provider;
    const forwarded = forward(call);
    const observer = format.observe({ provider: candidate.provider.id, hideUsage: forwarded.hideUsage });
    let whole: ModelResponse | undefined;
    call.begin({
      notes: [],
      outputText: () => (whole === undefined ? observer.text : responseText(whole)),
      brokenAnswer: () =>
        whole === undefined && observer.textOnly === true ? { text: observer.text, index: 0 } : undefined,
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
    for await (const frames of reply.frames()) {
      call.keeper?.frames(frames);
      const pieces: Uint8Array[] = [];
      let content = false;
      let failure: unknown;
      for (const frame of frames) {
        try {
          content = pass(frame, observer.observe(frame), pieces) || content;
        } catch (error) {
          failure = error;
          break;
        }
      }
      if (pieces.length > 0) yield { value: join(pieces), content };
      if (failure !== undefined) throw failure;
    }
    const rest = observer.end();
    if (rest !== '') yield { value: new TextEncoder().encode(rest), content: false };
  },
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
    text = responseText(response);
    progress.usage = response.usage;
    progress.finish = response.finish;
    progress.id = response.id;
    progress.answeredBy = response.model;
    yield { value: raw, content: true };
  },
};

function forward(call: LaneCall) {
  const { inbound, candidate } = call;
  const { wire, head } = inbound;
  if (wire === undefined) throw new Error('the byte lane needs the bytes of a request');
  const forwarded = wire.format.server.forwardRequest(wire.body, head, candidate.model, wire.path);
  return { ...forwarded, headers: { ...forwarded.headers, ...forwardedHeaders(wire.headers) } };
}

/** Puts what goes on into `pieces`; says whether the frame brought content. */
function pass(frame: WireFrame, verdict: FrameVerdict, pieces: Uint8Array[]): boolean {
  if (verdict.forward === true) pieces.push(frame.raw);
  else if (typeof verdict.forward === 'string') pieces.push(new TextEncoder().encode(verdict.forward));
  return verdict.content;
}

/** One write for what one read brought. */
function join(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}
