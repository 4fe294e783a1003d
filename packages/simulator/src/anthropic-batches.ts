import { asArray, asObject, asString, type JsonObject, parseJson } from '@signalbox/core';
import { type BatchCallInput, jsonLine } from './batch-call.ts';
import { isDone, type ShelvedBatch, type ShelvedRequest } from './batch-shelf.ts';
import { invalidRequest } from './request-text.ts';

/** Anthropic: all requests come with the call (platform.claude.com/docs/en/api/messages/batches/create). */
export function createAnthropicBatch({ shelf, bodyText, now, base }: BatchCallInput): JsonObject {
  const requests = asArray(asObject(parseJson(bodyText))?.requests).map((entry, index): ShelvedRequest => {
    const one = asObject(entry);
    const customId = asString(one?.custom_id) ?? '';
    const body = asObject(one?.params);
    if (!/^[\w-]{1,64}$/.test(customId))
      throw invalidRequest(
        `requests.${index}.custom_id`,
        `requests.${index}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`,
      );
    if (body === undefined)
      throw invalidRequest(`requests.${index}.params`, `requests.${index}.params: Field required`);
    return { customId, url: '/v1/messages', body };
  });
  if (requests.length === 0)
    throw invalidRequest('requests', 'requests: List should have at least 1 item after validation, not 0');
  const seen = new Set<string>();
  for (const { customId } of requests) {
    if (seen.has(customId)) throw invalidRequest('requests', `requests: custom_id "${customId}" is not unique`);
    seen.add(customId);
  }
  const id = `msgbatch_sim${String(shelf.nextNumber()).padStart(6, '0')}`;
  const batch: ShelvedBatch = { id, vendor: 'anthropic', createdAt: now, requests, looks: 0, canceled: false };
  shelf.batches.set(id, batch);
  return anthropicBatch(batch, { now, base, reply: () => ({ status: 200, body: {} }) });
}

/** A batch as Anthropic shows it. */
export function anthropicBatch(
  batch: ShelvedBatch,
  { now, base, reply }: Pick<BatchCallInput, 'now' | 'base' | 'reply'>,
): JsonObject {
  const done = isDone(batch);
  const total = batch.requests.length;
  const succeeded =
    done && !batch.canceled ? batch.requests.filter((one) => reply(one, 'anthropic').status < 400).length : 0;
  const date = (at: number) => new Date(at).toISOString();
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: done ? 'ended' : 'in_progress',
    request_counts: {
      processing: done ? 0 : total,
      succeeded,
      errored: done && !batch.canceled ? total - succeeded : 0,
      canceled: batch.canceled ? total : 0,
      expired: 0,
    },
    ended_at: done ? date(now) : null,
    created_at: date(batch.createdAt),
    expires_at: date(batch.createdAt + 86_400_000),
    archived_at: null,
    cancel_initiated_at: batch.canceled ? date(now) : null,
    results_url: done ? `${base}/v1/messages/batches/${batch.id}/results` : null,
  };
}

/** In another order than they were handed in: callers must go by the id. */
export function anthropicResults(batch: ShelvedBatch, { reply }: BatchCallInput): string {
  return [...batch.requests]
    .reverse()
    .map((request) => {
      if (batch.canceled) return jsonLine({ custom_id: request.customId, result: { type: 'canceled' } });
      const { status, body } = reply(request, 'anthropic');
      const usage = asObject(body.usage);
      const message = usage === undefined ? body : { ...body, usage: { ...usage, service_tier: 'batch' } };
      return jsonLine({
        custom_id: request.customId,
        result: status < 400 ? { type: 'succeeded', message } : { type: 'errored', error: body },
      });
    })
    .join('');
}
