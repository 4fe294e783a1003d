import {
  type Attempt,
  type Caller,
  type Candidate,
  type Decision,
  inboundFromRequest,
  type ModelResponse,
  ProviderError,
  RouterError,
  type ServerContext,
  type ServerState,
  type StreamEncoder,
  type StreamEvent,
} from '@signalbox/core';
import { type Affinity, createAffinity } from './affinity.ts';
import { createBreaker } from './breaker.ts';
import { byteStreamLane, byteWholeLane, canForward } from './byte-lane.ts';
import { candidatesOf, createNameResolver, type Route } from './candidates.ts';
import { canonicalStreamLane, canonicalWholeLane } from './canonical-lane.ts';
import { continueStream } from './continue-stream.ts';
import { continuedAnswer, encodeRest, type Rest, withoutStart } from './continued-answer.ts';
import { countTokens } from './count-tokens.ts';
import { type Decided, decide, noCandidate } from './decide.ts';
import { embed, embeddingCandidate } from './embed.ts';
import { encodeStreamLane, encodeWholeLane } from './encoded-lane.ts';
import { createExtraCalls, RETRIES } from './extra-calls.ts';
import { DEFAULT_HEDGE_SHARE, SAVED_HEDGES } from './hedge.ts';
import type { Lane } from './lane.ts';
import { createMeasurements } from './measurements.ts';
import { createMemoryVault } from './memory-vault.ts';
import { lowest, outputCap } from './output-cap.ts';
import { patienceFor } from './patience.ts';
import { DEFAULT_RETRY_POLICY } from './retry-policy.ts';
import type { RouteCall, Router, RouterOptions } from './router.ts';
import { inCallersFormat } from './spoken-format.ts';
import { systemClock } from './system-clock.ts';
import { timeOrderedId } from './time-ordered-id.ts';
import { callerAborted, tryCandidates } from './try-candidates.ts';

/** How long a request waits for its turn at a rate limit of our own where nobody else could answer it. */
const DEFAULT_QUEUE_MS = 30_000;

const LOCAL_CALLER: Caller = { tenant: 'local' };

/**
 * Makes a router.
 *
 * @example
 * ```ts
 * const router = createRouter({ providers: [createAnthropic({ apiKey })] });
 * const { response } = await router.generate({
 *   model: 'claude-sonnet-4-5', system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
 * });
 * ```
 */
export function createRouter(options: RouterOptions): Router {
  const candidates = options.candidates ?? candidatesOf(options.providers);
  const resolve = options.resolve ?? createNameResolver(candidates, options.strategy);
  const clock = options.clock ?? systemClock;
  const createId = options.createId ?? (() => timeOrderedId(clock.now()));
  const vault = options.vault ?? createMemoryVault({ clock });
  const affinity = createAffinity();
  const health = options.health ?? createBreaker();
  const measurements = options.measurements ?? createMeasurements(clock);
  const budget = createExtraCalls(RETRIES);
  const hedge =
    options.hedge === undefined
      ? undefined
      : {
          afterMs: options.hedge.afterMs,
          calls: createExtraCalls({ share: options.hedge.share ?? DEFAULT_HEDGE_SHARE, saved: SAVED_HEDGES }),
        };
  const random = options.random ?? Math.random;
  const refusesPrefill = new Set<string>();
  let turns = 0;

  function decideFor(call: RouteCall): Decided {
    const route = keepToHolder(call.route ?? resolve(call.inbound.head.model), call.inbound.head.serverState, affinity);
    return decide(
      {
        inbound: call.inbound,
        strategy: route.strategy,
        candidates: route.candidates,
        unavailable: options.unavailable ?? [],
        caller: call.caller ?? LOCAL_CALLER,
        localOnly: options.localOnly ?? false,
        capsOutput: route.capsOutput ?? false,
      },
      {
        clock,
        createId,
        turn: () => turns,
        analyser: options.analyser,
        pricing: options.pricing,
        health,
        admission: options.admission,
        measurements,
      },
    );
  }

  async function run<Value>(
    call: RouteCall,
    stream: boolean,
    server: ServerContext | undefined,
    chooseLane: (candidate: Candidate, maxOutputTokens: number | undefined) => Lane<Value>,
  ) {
    if (call.signal?.aborted === true) throw callerAborted();
    const decided = decideFor(call);
    turns += 1;
    const attempts: Attempt[] = [];
    let lane: Lane<Value>['name'] = 'canonical';
    const shared = {
      inbound: call.inbound,
      caller: call.caller ?? LOCAL_CALLER,
      stream,
      timeouts: (one: Candidate, othersLeft: boolean) => ({
        ...patienceFor(one, call.inbound, othersLeft, measurements.of(one.id)),
        ...options.timeouts?.(one, stream),
      }),
      clock,
      pricing: options.pricing,
      ledger: options.ledger,
      health,
      measurements,
      affinity,
      admission: options.admission,
      attempts,
      createEncoder: () => encoderOf(call, server),
      outputCap: call.route?.capsOutput === true ? outputCap(call.inbound) : undefined,
      signal: call.signal,
    };
    const { candidate, answer } = await tryCandidates<Value>(
      decided,
      (one, reservation) => {
        const chosen = chooseLane(one, lowest(reservation?.maxOutputTokens, shared.outputCap?.(one)));
        lane = chosen.name;
        return chosen;
      },
      {
        ...shared,
        vault,
        strict: call.strict ?? options.strict ?? false,
        retry: { ...DEFAULT_RETRY_POLICY, ...options.retry },
        budget,
        hedge,
        random,
        waitsUntil: call.patienceMs === undefined ? undefined : clock.now() + call.patienceMs,
        queueMs: options.queueMs ?? DEFAULT_QUEUE_MS,
      },
    );

    /** The rest of the answer from somebody else, where that can be had; undefined where what the caller has can't be continued. */
    function resume(broken: ProviderError): Rest | undefined {
      const had = answer.brokenAnswer();
      if (had === undefined) return undefined;
      const { decision, order } = decided;
      const place = order.findIndex((one) => one.id === candidate.id);
      // Others first: who has just broken off may do so again. Who was silent for as long as we wait is not asked at all.
      const next = [...order.slice(place + 1), ...(broken.kind === 'timeout' ? [] : [candidate])];
      const record = (attempt: Attempt) => attempts.push(attempt);
      return { had, events: continueStream(broken, had, next, { ...shared, decision, refusesPrefill, record }) };
    }

    const { decision } = decided;
    return { decision, notes: answer.notes, candidate, attempts, values: answer.values(), lane, resume };
  }

  return {
    candidates,
    endpoints: () => health.states?.(clock.now()) ?? [],
    measured: (candidate) => measurements.of(candidate),
    decide: (call) => decideFor(call).decision,

    async stream(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: true }) };
      const { values, resume, ...record } = await run(call, true, undefined, () => canonicalStreamLane);
      const events = continuedAnswer(values, (broken) => withoutStart(resume(broken)?.events));
      return { ...record, events: flatten(events) };
    },

    async generate(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: false }) };
      const { values, resume: _resume, ...record } = await run(call, false, undefined, () => canonicalWholeLane);
      let response: ModelResponse | undefined;
      for await (const value of values) response = value;
      if (response === undefined) throw new RouterError({ kind: 'internal', message: 'The answer was empty.' });
      return { ...record, response };
    },

    async forward(call) {
      const { wire, head } = call.inbound;
      if (wire === undefined) {
        throw new RouterError({
          kind: 'internal',
          message: 'Only a request that came over the wire can be forwarded.',
        });
      }
      const { format } = wire;
      const server: ServerContext = {
        model: head.model ?? '',
        createId,
        now: () => clock.now(),
        // Asked for only where a stream is encoded: there the request has been decoded anyway.
        get includeUsage() {
          return call.inbound.request().streamUsage;
        },
      };
      let encoder: StreamEncoder | undefined;
      const encoded = encodeStreamLane(canonicalStreamLane, () => {
        encoder = encoderOf(call, server);
        return encoder;
      });
      const { values, resume, ...record } = await run<Uint8Array>(call, head.stream, server, (one, maxOutputTokens) => {
        const bytes = canForward(call.inbound, one, maxOutputTokens);
        if (head.stream) return bytes ? byteStreamLane : encoded;
        return bytes ? byteWholeLane : encodeWholeLane(canonicalWholeLane, format, server);
      });
      const contentType = head.stream ? format.server.streamContentType : 'application/json';
      const body = head.stream
        ? endInError(
            continuedAnswer(values, (broken) =>
              encodeRest(resume(broken), format.streamFraming, encoder, () => encoderOf(call, server)),
            ),
            () => encoderOf(call, server),
          )
        : values;
      return { ...record, contentType, streamed: head.stream, body };
    },

    async countTokens(call) {
      const { order, decision } = decideFor(call);
      const [candidate] = order;
      if (candidate === undefined) throw noCandidate(decision);
      return countTokens(inCallersFormat(candidate, call.inbound), call.inbound, clock, call.signal);
    },

    async embed(request, rest = {}) {
      const route = rest.route ?? resolve(request.model);
      const caller = rest.caller ?? LOCAL_CALLER;
      const { candidate, codec } = embeddingCandidate(route.candidates, request.model, caller);
      const ports = { clock, pricing: options.pricing, signal: rest.signal };
      const result = await embed(candidate, codec, request, ports);
      const decision: Decision = {
        id: createId(),
        decidedAt: result.attempt.startedAt,
        requestedModel: request.model,
        strategy: 'manual',
        reason: 'embeddings go to the model named',
        order: [{ candidate: candidate.id, provider: candidate.provider.id, model: candidate.model }],
        removed: [],
      };
      options.ledger?.append({ decision, attempt: result.attempt, caller });
      return result;
    },

    async close() {
      await Promise.all(options.providers.map((provider) => provider.close()));
    },
  };
}

/** A route narrowed to the provider that keeps what the request goes on from, where that is known. */
function keepToHolder(route: Route, state: ServerState | undefined, affinity: Affinity): Route {
  const holder = state?.id === undefined ? undefined : affinity.providerOf(state.id);
  if (holder === undefined) return route;
  const candidates = route.candidates.filter((candidate) => candidate.provider.id === holder);
  if (candidates.length > 0) return { ...route, candidates };
  throw new RouterError({
    kind: 'unsupported',
    message: `${state?.parameter} refers to what ${holder} keeps, and the model asked for is not there: send the conversation itself.`,
    parameter: state?.parameter,
  });
}

function encoderOf(call: RouteCall, server: ServerContext | undefined) {
  if (server === undefined || call.inbound.wire === undefined) {
    throw new Error('an encoder needs a request that came over the wire');
  }
  return call.inbound.wire.format.server.createStreamEncoder(server);
}

async function* flatten(batches: AsyncIterable<readonly StreamEvent[]>): AsyncGenerator<StreamEvent, void> {
  for await (const events of batches) yield* events;
}

/** A stream that breaks off ends in the caller's own protocol's error: never silently, never as if it were complete. */
async function* endInError(
  values: AsyncIterable<Uint8Array>,
  createEncoder: () => { error(error: ProviderError): string },
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* values;
  } catch (error) {
    if (!ProviderError.is(error)) throw error;
    if (error.kind !== 'aborted') yield new TextEncoder().encode(createEncoder().error(error));
  }
}
