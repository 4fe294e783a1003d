import {
  type Candidate,
  type EncodedRequest,
  isContentEvent,
  type ModelRequest,
  type ModelResponse,
  responseEvents,
  responseText,
  type StreamEvent,
  type Vault,
} from '@signalbox/core';
import {
  type BrokenAnswer,
  callProvider,
  type Lane,
  type LaneBatch,
  type LaneCall,
  type Progress,
  readAnswer,
  streamReply,
} from './lane.ts';
import { createReasoningWatch, keepReasoning, restoreReasoning } from './reasoning-state.ts';

/** Decodes the caller's request, encodes it for the provider, and hands the answer on as stream events. */
export const canonicalStreamLane: Lane<readonly StreamEvent[]> = {
  name: 'canonical',
  async *open(call) {
    const { provider } = call.candidate;
    const encoded = encodeFor(call.candidate, await requestOf(call), true);
    const watch = watchReasoning(call);
    const pieces: string[] = [];
    const text = createTextRecord();
    const progress: Progress = {
      notes: encoded.notes,
      outputText: () => pieces.join(''),
      brokenAnswer: () => text.answer(),
    };
    const reply = await send(call, encoded, true, progress);
    if (streamReply(reply, call.candidate) === 'whole') {
      const { body } = await readAnswer(reply, call.candidate);
      const response = provider.format.client.decodeResponse(body, { provider: provider.id });
      const events = [...responseEvents(response)];
      for (const event of events) {
        note(event, progress, pieces);
        watch?.add(event);
      }
      await watch?.end();
      call.keeper?.response(response);
      yield { value: events, content: true };
      return;
    }
    const decoder = provider.format.client.createStreamDecoder({ provider: provider.id });
    for await (const frames of reply.frames()) {
      const events: StreamEvent[] = [];
      let content = false;
      let failure: unknown;
      for (const frame of frames) {
        try {
          const decoded = decoder.decode(frame);
          if (decoded.length === 0) call.keeper?.skipped(frame);
          for (const event of decoded) {
            note(event, progress, pieces);
            text.add(event);
            watch?.add(event);
            content ||= isContentEvent(event);
            events.push(event);
          }
        } catch (error) {
          failure = error;
          break;
        }
      }
      call.keeper?.events(events);
      // What came before an error event in the same read still belongs to the caller.
      if (events.length > 0) yield { value: events, content };
      if (failure !== undefined) throw failure;
    }
    const last = decoder.end();
    for (const event of last) {
      note(event, progress, pieces);
      watch?.add(event);
    }
    call.keeper?.events(last);
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
    const encoded = encodeFor(call.candidate, await requestOf(call), false);
    let text = '';
    const progress: Progress = { notes: encoded.notes, outputText: () => text };
    const reply = await send(call, encoded, false, progress);
    const { body } = await readAnswer(reply, call.candidate);
    const response = provider.format.client.decodeResponse(body, { provider: provider.id });
    text = responseText(response);
    progress.usage = response.usage;
    progress.finish = response.finish;
    progress.id = response.id;
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
  const issuer = call.candidate.provider.format.reasoningIssuer;
  const callers = call.inbound.wire?.format;
  if (call.vault === undefined || issuer === undefined || callers === undefined) return undefined;
  return callers.reasoningIssuer === issuer ? undefined : { issuer, vault: call.vault };
}

function watchReasoning(call: LaneCall) {
  const state = stateKeeping(call);
  return state === undefined ? undefined : createReasoningWatch(state.issuer, call.tenant, state.vault);
}

/** A request in a candidate's own words. */
export function encodeFor(candidate: Candidate, request: ModelRequest, stream: boolean): EncodedRequest {
  const { provider, facts } = candidate;
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
}

/** The request with the output limit that the money allows. */
function limited(request: ModelRequest, maxOutputTokens: number | undefined): ModelRequest {
  if (maxOutputTokens === undefined) return request;
  return { ...request, maxOutputTokens: Math.min(request.maxOutputTokens ?? maxOutputTokens, maxOutputTokens) };
}

function send(call: LaneCall, encoded: EncodedRequest, stream: boolean, progress: Progress) {
  call.begin(progress);
  const { path, headers, body } = encoded;
  return callProvider(call, { path, headers, body: JSON.stringify(body), stream });
}

function note(event: StreamEvent, progress: Progress, pieces: string[]): void {
  switch (event.type) {
    case 'start':
      progress.id = event.id;
      progress.answeredBy = event.model;
      break;
    case 'text-delta':
    case 'reasoning-delta':
      pieces.push(event.text);
      break;
    case 'tool-call-delta':
      pieces.push(event.arguments);
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

/** Remembers the text of an answer as long as it is one text, with nothing behind it that could not be continued. */
function createTextRecord() {
  const texts: string[] = [];
  let index: number | undefined;
  let plain = true;
  return {
    add(event: StreamEvent): void {
      if (event.type === 'text-delta') {
        if (event.refusal === true || (index !== undefined && index !== event.index)) plain = false;
        index = event.index;
        texts.push(event.text);
      } else if (event.type === 'tool-call-start' || event.type === 'opaque-part') plain = false;
    },
    answer: (): BrokenAnswer | undefined =>
      plain && index !== undefined ? { text: texts.join(''), index } : undefined,
  };
}
