import {
  type EncodedRequest,
  isContentEvent,
  type ModelRequest,
  type ModelResponse,
  responseEvents,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import {
  expectAnswer,
  type Lane,
  type LaneBatch,
  type LaneCall,
  type Progress,
  readAnswer,
  streamReply,
} from './lane.ts';

/** Decodes the caller's request, encodes it for the provider, and hands the answer on as stream events. */
export const canonicalStreamLane: Lane<readonly StreamEvent[]> = {
  name: 'canonical',
  async *open(call) {
    const { provider } = call.candidate;
    const encoded = encode(call, true);
    const pieces: string[] = [];
    const progress: Progress = { notes: encoded.notes, outputText: () => pieces.join('') };
    const reply = await send(call, encoded, true, progress);
    await expectAnswer(reply, call.candidate);
    if (streamReply(reply, call.candidate) === 'whole') {
      const { body } = await readAnswer(reply, call.candidate);
      const response = provider.format.client.decodeResponse(body, { provider: provider.id });
      const events = [...responseEvents(response)];
      for (const event of events) note(event, progress, pieces);
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
          for (const event of decoder.decode(frame)) {
            note(event, progress, pieces);
            content ||= isContentEvent(event);
            events.push(event);
          }
        } catch (error) {
          failure = error;
          break;
        }
      }
      // What came before an error event in the same read still belongs to the caller.
      if (events.length > 0) yield { value: events, content };
      if (failure !== undefined) throw failure;
    }
    const last = decoder.end();
    for (const event of last) note(event, progress, pieces);
    if (last.length > 0) yield { value: last, content: last.some(isContentEvent) };
  },
};

/** The same for an answer that is wanted whole. */
export const canonicalWholeLane: Lane<ModelResponse> = {
  name: 'canonical',
  async *open(call): AsyncGenerator<LaneBatch<ModelResponse>, void> {
    const { provider } = call.candidate;
    const encoded = encode(call, false);
    let text = '';
    const progress: Progress = { notes: encoded.notes, outputText: () => text };
    const reply = await send(call, encoded, false, progress);
    await expectAnswer(reply, call.candidate);
    const { body } = await readAnswer(reply, call.candidate);
    const response = provider.format.client.decodeResponse(body, { provider: provider.id });
    text = responseText(response);
    progress.usage = response.usage;
    progress.finish = response.finish;
    progress.answeredBy = response.model;
    yield { value: response, content: true };
  },
};

function encode(call: LaneCall, stream: boolean): EncodedRequest {
  const { candidate } = call;
  const { provider, facts } = candidate;
  return provider.format.client.encodeRequest(limited(call.inbound.request(), call.maxOutputTokens), {
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
  return call.candidate.provider.send({
    path: encoded.path,
    headers: encoded.headers,
    body: JSON.stringify(encoded.body),
    stream,
    signal: call.signal,
  });
}

function note(event: StreamEvent, progress: Progress, pieces: string[]): void {
  switch (event.type) {
    case 'start':
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
