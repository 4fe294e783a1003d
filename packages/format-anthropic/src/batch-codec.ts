import {
  asNumber,
  asObject,
  asString,
  type BatchCodec,
  type BatchItem,
  type BatchResult,
  type BatchState,
  type JsonValue,
  ProviderError,
} from '@signalbox/core';
import { errorFromBody } from './decode-error.ts';
import { decodeResponse } from './decode-response.ts';

/**
 * Anthropic's Message Batches: one call with all requests, and a file of results (platform.claude.com/docs/en/api/messages/batches).
 */
export const anthropicBatches: BatchCodec = {
  mostRequests: 100_000,
  mostBytes: 256_000_000,
  oneModel: false,
  encodeCreate: (items) => ({
    method: 'POST',
    path: '/messages/batches',
    headers: headersOf(items),
    body: JSON.stringify({ requests: items.map(({ id, request }) => ({ custom_id: id, params: request.body })) }),
  }),
  encodeStatus: (id) => ({ method: 'GET', path: pathOf(id), headers: VERSION, body: '' }),
  decodeState(body, provider): BatchState {
    const batch = asObject(body as JsonValue);
    const id = asString(batch?.id);
    if (batch === undefined || id === undefined) {
      throw new ProviderError({ kind: 'invalid-response', provider, message: `${provider} answered without a batch.` });
    }
    const reported = asString(batch.processing_status) ?? '';
    const counts = asObject(batch.request_counts) ?? {};
    const count = (field: string) => asNumber(counts[field]) ?? 0;
    const failed = count('errored') + count('canceled') + count('expired');
    const isArchived = asString(batch.archived_at) !== undefined;
    return {
      id,
      status: reported === 'ended' ? 'ended' : 'running',
      reported,
      counts: { total: failed + count('succeeded') + count('processing'), succeeded: count('succeeded'), failed },
      createdAt: time(batch.created_at),
      expiresAt: time(batch.expires_at),
      problem: isArchived ? 'it is archived, and its results are gone' : undefined,
      resultPaths: reported === 'ended' && !isArchived ? [`${pathOf(id)}/results`] : [],
    };
  },
  encodeResults: (path) => ({ method: 'GET', path, headers: VERSION, body: '' }),
  decodeResult(line, provider): BatchResult | undefined {
    const id = asString(line.custom_id);
    const result = asObject(line.result);
    if (id === undefined || result === undefined) return undefined;
    const type = asString(result.type) ?? '';
    if (type === 'succeeded') {
      try {
        return { id, outcome: { response: decodeResponse(result.message, { provider }) } };
      } catch (error) {
        if (!ProviderError.is(error)) throw error;
        return { id, outcome: { error: { kind: error.kind, message: error.message, provider } } };
      }
    }
    if (type === 'errored') {
      const error = asObject(result.error) ?? {};
      // A result's error comes without the status that it would have had: its type says it all.
      return { id, outcome: { error: { ...errorFromBody(undefined, error), provider } } };
    }
    const message = NO_ANSWER[type] ?? `The request has no answer (${type}).`;
    return {
      id,
      outcome: { error: { kind: type === 'expired' ? 'timeout' : 'unknown', message, code: type, provider } },
    };
  },
};

const NO_ANSWER: Readonly<Record<string, string>> = {
  canceled: 'The batch was canceled before this request was sent to the model.',
  expired: 'The batch ran out of time before this request was sent to the model.',
};

const VERSION = { 'anthropic-version': '2023-06-01' };

const pathOf = (id: string) => `/messages/batches/${encodeURIComponent(id)}`;

/** The headers of a call that carries all requests: a version, and every beta that one of them needs. */
function headersOf(items: readonly BatchItem[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { ...VERSION };
  const betas = new Set<string>();
  for (const { request } of items) {
    for (const [name, value] of Object.entries(request.headers)) {
      if (name.toLowerCase() !== 'anthropic-beta') headers[name.toLowerCase()] = value;
      else for (const beta of value.split(',')) betas.add(beta.trim());
    }
  }
  if (betas.size > 0) headers['anthropic-beta'] = [...betas].join(',');
  return headers;
}

function time(value: JsonValue | undefined): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
