import { type Clock, type JsonObject, RouterError } from '@signalbox/core';
import type { ShelvedRequest } from './batch-shelf.ts';
import { extractPromptDirective } from './directive.ts';
import { errorAnswer, type WantedError } from './error-answer.ts';
import { composeReply } from './reply.ts';
import { type BatchRoute, findRoute } from './route.ts';
import type { BehaviourSource } from './script.ts';

/** What a request of a batch comes to: a body as the endpoint itself would send it, or its error. */
export interface BatchReply {
  readonly status: number;
  readonly body: JsonObject;
}

interface ReplySettings {
  readonly seed: number;
  readonly clock: Clock;
  readonly behaviours: BehaviourSource;
}

/** Who handed a batch in. */
interface BatchCaller {
  readonly vendor: BatchRoute['vendor'];
  readonly key: string | undefined;
  readonly requestId: string;
}

/** One request of a batch, answered as its own endpoint would: directives and scripts hold for it, too. */
export function replyInBatch(
  settings: ReplySettings,
  { url, body }: ShelvedRequest,
  { vendor, key, requestId }: BatchCaller,
): BatchReply {
  const refuse = (wanted: Omit<WantedError, 'requestId'>): BatchReply => {
    const { status, body: error } = errorAnswer(vendor, { ...wanted, requestId });
    return { status, body: error };
  };
  try {
    const version = vendor === 'anthropic' ? '2023-06-01' : undefined;
    const route = findRoute({ method: 'POST', path: url, query: new URLSearchParams(), anthropicVersion: version });
    if (route?.kind !== 'answer') return refuse({ name: 'model_not_found' });
    const raw = route.read(body);
    const behaviour = settings.behaviours.behaviourFor(
      { path: url, format: raw.format, model: raw.model, key, prompt: raw.prompt },
      undefined,
    );
    if (behaviour.error !== undefined || (behaviour.status ?? 200) >= 400)
      return refuse({ name: behaviour.error, status: behaviour.status, message: behaviour.message });
    const request = { ...raw, stream: false, prompt: extractPromptDirective(raw.prompt).prompt };
    const reply = composeReply(request, behaviour, {
      seed: settings.seed,
      now: settings.clock.now(),
      cache: { cacheRead: 0, cacheWrite: 0 },
    });
    return { status: 200, body: route.format.writeJson(reply, request) };
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    return refuse({ name: 'invalid_request', message: error.message });
  }
}
