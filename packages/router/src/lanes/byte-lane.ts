import { type AnswerGlance, asObject, type Candidate, encodeUtf8, type Inbound } from '@signalbox/core';
import { forwardedHeaders } from '../caller/forwarded-headers.ts';
import { type Affinity, issuedWith } from '../choice/affinity.ts';
import { completeUsage, outputOf } from './complete-usage.ts';
import { type ForwardedCall, ForwardedStream } from './forwarded-stream.ts';
import { callProvider, type Lane, type LaneBatch, type LaneCall, type Progress, readAnswer } from './lane.ts';

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
  open: (call) => new ForwardedStream(call, forward(call)),
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

function forward(call: LaneCall): ForwardedCall {
  const { inbound, candidate } = call;
  const { wire, head } = inbound;
  if (wire === undefined) throw new Error('the byte lane needs the bytes of a request');
  const { path, body, headers, hideUsage } = wire.format.server.forwardRequest(
    wire.body,
    head,
    candidate.model,
    wire.path,
  );
  // A large request that lives until the answer comes survives the collections that it would have died in.
  inbound.forget?.();
  return { path, body, hideUsage, headers: forwardedHeaders(wire.headers, headers) };
}
