import {
  type Attempt,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type EmbeddingCodec,
  type EmbeddingRequest,
  type EmbeddingResponse,
  estimateTokens,
  type Pricing,
  ProviderError,
  parseJson,
  RouterError,
  type Usage,
} from '@signalbox/core';
import { mayUse, notPermitted } from './permitted-models.ts';

/** Vectors, who made them, and what the call took. */
export interface EmbedResult {
  readonly response: EmbeddingResponse;
  readonly candidate: Candidate;
  readonly attempt: Attempt;
}

const TIMEOUT_MS = 60_000;

/** The candidate that embeds, with its codec. Throws RouterError `unsupported` where the model named can't, `permission` where the caller may not use it. */
export function embeddingCandidate(
  candidates: readonly Candidate[],
  name: string | undefined,
  caller: Caller,
): { readonly candidate: Candidate; readonly codec: EmbeddingCodec } {
  for (const candidate of candidates) {
    const codec = candidate.provider.format.embedding;
    // A model that the catalogue doesn't know may be one; one that it knows to chat is none.
    const { facts } = candidate;
    if (codec === undefined || (facts.type !== 'embedding' && facts.sources !== undefined)) continue;
    if (mayUse(caller, candidate)) return { candidate, codec };
    throw new RouterError({
      kind: 'permission',
      message: `${candidate.id}: ${notPermitted(caller)}.`,
      parameter: 'model',
    });
  }
  throw new RouterError({
    kind: 'unsupported',
    message: `${name === undefined ? 'No model was named, and embeddings' : `"${name}" makes no embeddings, and they`} can't be routed: name an embedding model such as text-embedding-3-small.`,
    parameter: 'model',
  });
}

/**
 * Makes one call and no other: vectors of another model would not be comparable, so embeddings never fail over. Throws ProviderError.
 */
export async function embed(
  candidate: Candidate,
  codec: EmbeddingCodec,
  request: EmbeddingRequest,
  ports: { readonly clock: Clock; readonly pricing: Pricing | undefined; readonly signal: AbortSignal | undefined },
): Promise<EmbedResult> {
  const { provider } = candidate;
  const startedAt = ports.clock.now();
  const controller = new AbortController();
  const late = new ProviderError({
    kind: 'timeout',
    provider: provider.id,
    message: `${provider.id}: no vectors within 60 s.`,
  });
  const cancel = ports.clock.after(TIMEOUT_MS, () => controller.abort(late));
  const abort = () => controller.abort();
  ports.signal?.addEventListener('abort', abort, { once: true });
  try {
    const { path, body } = codec.encodeRequest(request, candidate.model);
    const reply = await provider.send({
      path,
      headers: {},
      body: JSON.stringify(body),
      stream: false,
      signal: controller.signal,
    });
    const text = new TextDecoder().decode(await reply.bytes());
    const answer = parseJson(text);
    if (reply.status !== 200) {
      const error = provider.format.client.decodeError(reply.status, reply.headers, answer ?? text);
      throw new ProviderError({ ...error, provider: provider.id, status: reply.status });
    }
    const response = codec.decodeResponse(answer, provider.id);
    return { response, candidate, attempt: describe(candidate, request, response, startedAt, ports) };
  } finally {
    cancel();
    ports.signal?.removeEventListener('abort', abort);
  }
}

/** The decision of a call that nobody had to decide. */
export function embeddingDecision(
  id: string,
  requestedModel: string | undefined,
  { candidate, attempt }: EmbedResult,
): Decision {
  return {
    id,
    decidedAt: attempt.startedAt,
    requestedModel,
    strategy: 'manual',
    reason: 'embeddings go to the model named',
    order: [{ candidate: candidate.id, provider: candidate.provider.id, model: candidate.model }],
    removed: [],
  };
}

function describe(
  candidate: Candidate,
  request: EmbeddingRequest,
  response: EmbeddingResponse,
  startedAt: number,
  { clock, pricing }: { readonly clock: Clock; readonly pricing: Pricing | undefined },
): Attempt {
  const { provider, facts } = candidate;
  const estimate = () =>
    request.inputs.reduce((sum, one) => sum + (typeof one === 'string' ? estimateTokens(one) : one.length), 0);
  const usage: Usage = {
    inputTokens: response.inputTokens ?? estimate(),
    outputTokens: 0,
    provenance: response.inputTokens === undefined ? 'estimated' : 'reported',
  };
  return {
    candidate: candidate.id,
    provider: provider.id,
    model: candidate.model,
    cause: 'first',
    answeredBy: response.model,
    startedAt,
    durationMs: clock.now() - startedAt,
    outcome: 'success',
    lane: 'canonical',
    simulated: provider.simulated,
    usage,
    cost: provider.simulated ? { nanoUsd: 0, provenance: 'counted' } : pricing?.cost(facts, usage, startedAt),
    notes: [],
  };
}
