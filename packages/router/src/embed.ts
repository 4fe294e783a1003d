import {
  type Attempt,
  asNumber,
  type Caller,
  type Candidate,
  type Decision,
  type EmbeddingCodec,
  type EmbeddingRequest,
  type EmbeddingResponse,
  estimateTokens,
  type Needs,
  parseJson,
  RouterError,
} from '@signalbox/core';
import type { Timeouts } from './deadline.ts';
import { callProvider, type Lane } from './lane.ts';
import { mayUse, notPermitted } from './permitted-models.ts';
import { type TryContext, tryCandidates } from './try-candidates.ts';

/** Vectors, who made them, and what the call took. */
export interface EmbedResult {
  readonly response: EmbeddingResponse;
  readonly candidate: Candidate;
  /** The one that succeeded; those before it are in the ledger. */
  readonly attempt: Attempt;
}

/** Vectors come at once or not at all. */
export const EMBEDDING_TIMEOUTS: Timeouts = { firstContentMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

/**
 * The candidate that embeds, with its codec. Throws RouterError `unsupported` where the model named can't, and `no-candidate` where only providers
 * elsewhere could and texts must not leave the machine (`localOnly`), `permission` where the caller may not use it.
 */
export function embeddingCandidate(
  candidates: readonly Candidate[],
  name: string | undefined,
  { caller, localOnly }: { readonly caller: Caller; readonly localOnly: boolean },
): { readonly candidate: Candidate; readonly codec: EmbeddingCodec } {
  let elsewhere: Candidate | undefined;
  for (const candidate of candidates) {
    const codec = candidate.provider.format.embedding;
    // A model that the catalogue doesn't know may be one; one that it knows to chat is none.
    const { facts } = candidate;
    if (codec === undefined || (facts.type !== 'embedding' && facts.sources !== undefined)) continue;
    if (!mayUse(caller, candidate)) {
      throw new RouterError({
        kind: 'permission',
        message: `${candidate.id}: ${notPermitted(caller)}.`,
        parameter: 'model',
      });
    }
    if (candidate.provider.local || !localOnly) return { candidate, codec };
    elsewhere ??= candidate;
  }
  if (elsewhere !== undefined) {
    throw new RouterError({
      kind: 'no-candidate',
      message: `${elsewhere.id} can't make embeddings: the data policy allows local providers only.`,
      parameter: 'model',
    });
  }
  throw new RouterError({
    kind: 'unsupported',
    message: `${name === undefined ? 'No model was named, and embeddings' : `"${name}" makes no embeddings, and they`} can't be routed: name an embedding model such as text-embedding-3-small.`,
    parameter: 'model',
  });
}

/** The decision of an embedding: vectors of another model would not be comparable, so there is nobody to fail over to. */
export function embeddingDecision(id: string, now: number, request: EmbeddingRequest, candidate: Candidate): Decision {
  return {
    id,
    decidedAt: now,
    requestedModel: request.model,
    strategy: 'manual',
    reason: 'embeddings go to the model named',
    needs: embeddingNeeds(request),
    order: [{ candidate: candidate.id, provider: candidate.provider.id, model: candidate.model }],
    removed: [],
  };
}

function embeddingNeeds({ inputs }: EmbeddingRequest): Needs {
  const inputTokens = inputs.reduce(
    (sum, one) => sum + (typeof one === 'string' ? estimateTokens(one) : one.length),
    0,
  );
  return {
    tools: false,
    vision: false,
    pdf: false,
    audio: false,
    jsonSchema: false,
    inputTokens,
    maxOutputTokens: 0,
  };
}

/**
 * Vectors from one model, asked again where that may help. Throws RouterError, AllCandidatesFailed among them; every attempt is booked.
 */
export async function embed(
  decision: Decision,
  candidate: Candidate,
  codec: EmbeddingCodec,
  request: EmbeddingRequest,
  context: TryContext,
): Promise<EmbedResult> {
  const decided = { decision, order: [candidate] };
  const { answer } = await tryCandidates(decided, () => embeddingLane(codec, request), context);
  let response: EmbeddingResponse | undefined;
  for await (const value of answer.values()) response = value;
  const attempt = context.attempts.at(-1);
  if (response === undefined || attempt === undefined) {
    throw new RouterError({ kind: 'internal', message: 'The answer was empty.' });
  }
  return { response, candidate, attempt };
}

/** One call for vectors. */
function embeddingLane(codec: EmbeddingCodec, request: EmbeddingRequest): Lane<EmbeddingResponse> {
  return {
    name: 'canonical',
    async *open(call) {
      const { provider, model } = call.candidate;
      const { path, body } = codec.encodeRequest(request, model);
      const progress: Parameters<typeof call.begin>[0] = { notes: [], outputText: () => '' };
      call.begin(progress);
      const reply = await callProvider(call, { path, headers: {}, body: JSON.stringify(body), stream: false });
      const text = new TextDecoder().decode(await reply.bytes());
      const response = codec.decodeResponse(parseJson(text), provider.id);
      const reported = asNumber(response.inputTokens);
      progress.answeredBy = response.model;
      progress.usage = {
        inputTokens: reported ?? embeddingNeeds(request).inputTokens,
        outputTokens: 0,
        provenance: reported === undefined ? 'estimated' : 'reported',
      };
      yield { value: response, content: true };
    },
  };
}
