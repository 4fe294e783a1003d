import {
  type Candidate,
  createAnswerRecord,
  type EncodedRequest,
  isContentEvent,
  type ModelRequest,
  type ModelResponse,
  outputSoFar,
  responseEvents,
  type StreamEvent,
  type Usage,
  type Vault,
  type WireFrame,
} from '@signalbox/core';
import { issuedIds, issuedWith } from '../choice/affinity.ts';
import { completeUsage, outputOf } from './complete-usage.ts';
import { createStopCutter, cutResponse } from './cut-at-stops.ts';
import { createCallHold } from './hold-tool-calls.ts';
import { joinDeltas, MOST_JOINED } from './join-deltas.ts';
import {
  callProvider,
  type Lane,
  type LaneBatch,
  type LaneCall,
  type Progress,
  readAnswer,
  streamReply,
} from './lane.ts';
import { createReasoningWatch, keepReasoning, restoreReasoning } from './reasoning-state.ts';
import { deepRequest, requestJson } from './request-json.ts';
import { createToolRestorer, type ToolRestorer } from './restore-tools.ts';

/** Decodes the caller's request, encodes it for the provider, and hands the answer on as stream events. */
export const canonicalStreamLane: Lane<readonly StreamEvent[]> = {
  name: 'canonical',
  async *open(call) {
    const { provider } = call.candidate;
    const request = await requestOf(call);
    const encoded = encodeFor(call.candidate, request, true);
    const restorer = createToolRestorer(request);
    const cutter = createStopCutter(encoded.cutAt, request.candidateCount);
    const watch = watchReasoning(call);
    const record = createAnswerRecord();
    const hold = createCallHold(record, () => progress.finish !== undefined);
    const issued: string[] = [];
    const progress: Progress = {
      notes: encoded.notes,
      outputText: () => outputSoFar(record),
      outputTokens: () => record.outputTokens(),
      issued,
      brokenAnswer: () => hold.brokenAnswer(),
    };
    const issuedBy = issuedIds(call.candidate, call.inbound);
    // What was counted before the cut of an answer whose end nobody waits for is no whole count.
    const usageSoFar = () => (cutter?.ended === true ? asEstimate(progress.usage) : progress.usage);
    const follow = (event: StreamEvent): StreamEvent => {
      record.add(event);
      if (issuedBy !== undefined) issued.push(...issuedBy(event));
      const whole = event.type === 'finish' ? withUsage(event, () => outputSoFar(record), usageSoFar(), call) : event;
      note(whole, progress);
      watch?.add(whole);
      return whole;
    };
    const reply = await send(call, encoded, true, progress);
    if (streamReply(reply, call.candidate) === 'whole') {
      const { body } = await readAnswer(reply, call.candidate);
      const decoded = provider.format.client.decodeResponse(body, { provider: provider.id });
      const response = cutResponse(restorer?.response(decoded) ?? decoded, encoded.cutAt);
      const events = [...responseEvents(response)].map(follow);
      await watch?.end();
      call.keeper?.response(response);
      yield { value: events, content: true };
      return;
    }
    const decoder = provider.format.client.createStreamDecoder({
      provider: provider.id,
      answers: request.candidateCount,
    });
    const held: StreamEvent[] = [];
    // A program that asks for events gets each as it came; over the wire those of one read would go out in one write anyway.
    const joins = call.inbound.wire !== undefined;
    /** What one read brings; in a function of its own, because the loops of a generator are compiled less well. */
    const decodeRead = (frames: readonly WireFrame[]) => {
      const decoded: StreamEvent[] = [];
      const sizes: number[] = [];
      let failure: unknown;
      try {
        for (let at = 0; at < frames.length; ) {
          const several = joins ? decoder.joined?.(frames, at, MOST_JOINED) : undefined;
          if (several !== undefined) {
            sizes[decoded.length] = several.count;
            decoded.push(several.event);
            at += several.count;
            continue;
          }
          const frame = frames[at] as WireFrame;
          const some = decoder.decode(frame);
          if (some.length === 0) call.keeper?.skipped(frame);
          for (const event of some) decoded.push(event);
          at += 1;
        }
      } catch (error) {
        failure = error;
      }
      const read: StreamEvent[] = [];
      const events: StreamEvent[] = [];
      let content = false;
      const restored = restoredEvents(joins ? joinDeltas(decoded, sizes) : decoded, restorer);
      for (const one of cutter?.events(restored) ?? restored) {
        // One by one: what is held back depends on what was there before it.
        const event = follow(one);
        read.push(event);
        if (hold.holds(event.type === 'tool-call-start' || event.type === 'tool-call-delta')) held.push(event);
        else {
          content ||= isContentEvent(event) || held.length > 0;
          if (held.length > 0) events.push(...held.splice(0));
          events.push(event);
        }
      }
      return { came: decoded.length > 0, read, events, content, failure };
    };
    for await (const frames of reply.frames()) {
      const { came, read, events, content, failure } = decodeRead(frames);
      call.keeper?.events(read);
      if (cutter?.ended === true) await watch?.end();
      // What came before an error event in the same read still belongs to the caller.
      if (events.length > 0) yield { value: events, content };
      // The text of a free-text tool waits until it is whole, and what may be the beginning of a stop sequence until it is known.
      else if (hold.active() || (came && (restorer ?? cutter) !== undefined))
        yield { value: [], content: false, progress: true };
      // The caller has its answer: what would follow is not waited for, nor paid.
      if (cutter?.ended === true) return;
      if (failure !== undefined) throw failure;
    }
    const rest = restoredEvents(decoder.end(), restorer);
    const ending = (cutter?.events(rest) ?? rest).map(follow);
    call.keeper?.events(ending);
    const last = [...held, ...ending];
    // Before the caller can know that the answer is complete: the next request may follow at once.
    await watch?.end();
    if (last.length > 0) yield { value: last, content: last.some(isContentEvent) };
  },
};

/** The same for an answer that is wanted whole. */
export const canonicalWholeLane: Lane<ModelResponse> = {
  name: 'canonical',
  async *open(call): AsyncGenerator<LaneBatch<ModelResponse>, void> {
    const { provider } = call.candidate;
    const request = await requestOf(call);
    const encoded = encodeFor(call.candidate, request, false);
    let text = '';
    const progress: Progress = { notes: encoded.notes, outputText: () => text };
    const reply = await send(call, encoded, false, progress);
    const { body } = await readAnswer(reply, call.candidate);
    const decoded = provider.format.client.decodeResponse(body, { provider: provider.id });
    const restored = createToolRestorer(request)?.response(decoded) ?? decoded;
    text = outputOf(restored);
    const response = withUsage(cutResponse(restored, encoded.cutAt), () => text, undefined, call);
    progress.usage = response.usage;
    progress.finish = response.finish;
    progress.id = response.id;
    progress.issued = issuedWith(response, call.candidate, call.inbound);
    progress.answeredBy = response.model;
    call.keeper?.response(response);
    const state = stateKeeping(call);
    if (state !== undefined) await keepReasoning(response, state.issuer, call.tenant, state.vault);
    yield { value: response, content: true };
  },
};

/** The caller's request as it is encoded: within its limit, with the reasoning state that the caller could not carry. */
async function requestOf(call: LaneCall): Promise<ModelRequest> {
  const request = limited(call.inbound.request(), call.maxOutputTokens);
  const state = stateKeeping(call);
  return state === undefined ? request : restoreReasoning(request, state.issuer, call.tenant, state.vault);
}

/** Who issues reasoning state at this provider, where the caller's own format can't carry it. */
export function stateKeeping(
  call: Pick<LaneCall, 'candidate' | 'inbound' | 'vault'>,
): { readonly issuer: string; readonly vault: Vault } | undefined {
  const { provider } = call.candidate;
  const named = provider.format.reasoningIssuer;
  const issuer = typeof named === 'function' ? named(provider.id) : named;
  const callers = call.inbound.wire?.format;
  if (call.vault === undefined || issuer === undefined || callers === undefined) return undefined;
  return callers.reasoningIssuer === named ? undefined : { issuer, vault: call.vault };
}

function watchReasoning(call: LaneCall) {
  const state = stateKeeping(call);
  return state === undefined ? undefined : createReasoningWatch(state.issuer, call.tenant, state.vault);
}

/** A request in a candidate's own words. */
export function encodeFor(candidate: Candidate, request: ModelRequest, stream: boolean): EncodedRequest {
  const { provider, facts } = candidate;
  try {
    return provider.format.client.encodeRequest(request, {
      model: candidate.model,
      stream,
      provider: provider.id,
      quirks: provider.quirks,
      capabilities: facts.capabilities,
      maxOutput: facts.maxOutput,
      reasoningEfforts: facts.reasoningEfforts,
      reasoningBudget: facts.reasoningBudget,
    });
  } catch (error) {
    throw deepRequest(error);
  }
}

/** The request with the output limit that the money allows. */
function limited(request: ModelRequest, maxOutputTokens: number | undefined): ModelRequest {
  if (maxOutputTokens === undefined) return request;
  return { ...request, maxOutputTokens: Math.min(request.maxOutputTokens ?? maxOutputTokens, maxOutputTokens) };
}

/** Events with the caller's own tools in them; the very same where it offered nothing but functions. */
function restoredEvents(events: readonly StreamEvent[], restorer: ToolRestorer | undefined): readonly StreamEvent[] {
  return restorer === undefined ? events : events.flatMap((event) => restorer.events(event));
}

function send(call: LaneCall, encoded: EncodedRequest, stream: boolean, progress: Progress) {
  call.begin(progress);
  const { path, headers, body } = encoded;
  return callProvider(call, { path, headers, body: requestJson(body, call.inbound.wire?.body), stream });
}

/** An answer, or its end, with usage: as it was reported, or completed by estimates. */
function withUsage<Answer extends { readonly usage?: Usage | undefined }>(
  answer: Answer,
  output: () => string,
  soFar: Usage | undefined,
  call: LaneCall,
): Answer {
  return { ...answer, usage: completeUsage(answer.usage ?? soFar, { ...call, lane: 'canonical' }, output) };
}

/** Counts of an answer that nobody waited for the end of. */
function asEstimate(usage: Usage | undefined): Usage | undefined {
  return usage === undefined ? undefined : { ...usage, provenance: 'estimated' };
}

function note(event: StreamEvent, progress: Progress): void {
  switch (event.type) {
    case 'start':
      progress.id = event.id;
      progress.answeredBy = event.model;
      break;
    case 'usage-update':
      progress.usage = event.usage;
      break;
    case 'finish': {
      const { type: _type, usage, extensions: _extensions, ...finish } = event;
      progress.finish = finish;
      if (usage !== undefined) progress.usage = usage;
      break;
    }
  }
}
