import {
  type Attempt,
  asNumber,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type EmbeddingCodec,
  type EmbeddingRequest,
  type EmbeddingResponse,
  estimateTokens,
  inboundFromRequest,
  type Needs,
  ProviderError,
  parseJson,
  RouterError,
} from '@signalbox/core';
import type { Timeouts } from './attempts/deadline.ts';
import { withAttempts } from './attempts/try-candidate.ts';
import { type TryContext, tryCandidates } from './attempts/try-candidates.ts';
import { LOCAL_CALLER } from './caller/caller-of.ts';
import { mayUse, notPermitted } from './caller/permitted-models.ts';
import type { Route } from './choice/candidates.ts';
import { encoderOf } from './lanes/caller-encoder.ts';
import { callProvider, type Lane } from './lanes/lane.ts';
import { onlyValue } from './only-value.ts';
import type { EmbedResult, RouteCall, Router, RouterOptions } from './router.ts';

/** What embeddings take from their router. */
interface EmbeddingPorts extends Pick<RouterOptions, 'localOnly' | 'timeouts'> {
  readonly resolve: (name: string | undefined) => Route;
  readonly createId: () => string;
  readonly clock: Clock;
  readonly contextOf: (
    call: RouteCall,
    stream: boolean,
    attempts: Attempt[],
    createEncoder: TryContext['createEncoder'],
  ) => TryContext;
}

/** A router's way to make vectors. */
export function createEmbed(ports: EmbeddingPorts): Router['embed'] {
  return async (request, rest = {}) => {
    const route = rest.route ?? ports.resolve(request.model);
    const asks = { caller: rest.caller ?? LOCAL_CALLER, localOnly: ports.localOnly ?? false };
    const { candidate, codec } = embeddingCandidate(route.candidates, request.model, asks);
    const decision = embeddingDecision(ports.createId(), ports.clock.now(), request, candidate);
    const call = { ...rest, strict: false, inbound: inboundFromRequest({ system: [], messages: [] }) };
    const context = ports.contextOf(call, false, [], () => encoderOf(call.inbound, undefined));
    return embed(decision, candidate, codec, request, {
      ...context,
      timeouts: (one) => ({ ...EMBEDDING_TIMEOUTS, ...ports.timeouts?.(one, false) }),
    });
  };
}

/** Vectors come at once or not at all. */
const EMBEDDING_TIMEOUTS: Timeouts = { firstContentMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

/**
 * The candidate that embeds, with its codec. Throws RouterError `unsupported` where the model named can't, and `no-candidate` where only providers
 * elsewhere could and texts must not leave the machine (`localOnly`), `permission` where the caller may not use it.
 */
function embeddingCandidate(
  candidates: readonly Candidate[],
  name: string | undefined,
  { caller, localOnly }: { readonly caller: Caller; readonly localOnly: boolean },
): { readonly candidate: Candidate; readonly codec: EmbeddingCodec } {
  let elsewhere: Candidate | undefined;
  for (const candidate of candidates) {
    const codec = candidate.provider.format.embedding;
    // A model that the catalogue doesn't know may be one where it was named, alone; one that it knows to chat is none.
    const { facts } = candidate;
    const mayEmbed = facts.type === 'embedding' || (facts.sources === undefined && candidates.length === 1);
    if (codec === undefined || !mayEmbed) continue;
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
function embeddingDecision(id: string, now: number, request: EmbeddingRequest, candidate: Candidate): Decision {
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
async function embed(
  decision: Decision,
  candidate: Candidate,
  codec: EmbeddingCodec,
  request: EmbeddingRequest,
  context: TryContext,
): Promise<EmbedResult> {
  const decided = { decision, order: [candidate] };
  const { answer } = await tryCandidates(decided, () => embeddingLane(codec, request), context).catch(
    (error: unknown) => {
      throw withAttempts(error, decision, context.attempts);
    },
  );
  const response = await onlyValue(answer.values());
  const attempt = context.attempts.at(-1);
  if (attempt === undefined) throw new RouterError({ kind: 'internal', message: 'Nobody was asked.' });
  return { response, candidate, attempt, attempts: context.attempts, decision };
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
      const wanted = request.inputs.length;
      if (response.vectors.length !== wanted) {
        const message = `${provider.id} made ${response.vectors.length} vectors of ${wanted} inputs.`;
        throw new ProviderError({ kind: 'invalid-response', message, provider: provider.id });
      }
      const reported = asNumber(response.inputTokens);
      const inputTokens = reported ?? embeddingNeeds(request).inputTokens;
      progress.answeredBy = response.model;
      progress.usage = {
        inputTokens,
        outputTokens: 0,
        provenance: reported === undefined ? 'estimated' : 'reported',
      };
      // The caller is told what is booked.
      yield { value: { ...response, inputTokens }, content: true };
    },
  };
}
