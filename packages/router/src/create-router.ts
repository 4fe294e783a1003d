import {
  type Attempt,
  type Inbound,
  inboundFromRequest,
  type ProviderError,
  RouterError,
  systemClock,
} from '@signalbox/core';
import { askCache, NO_CACHE, recordOfKept, untilDone } from './answers/cached-answer.ts';
import { replayEvents } from './answers/replay-events.ts';
import { createBreaker } from './attempts/breaker.ts';
import { despiteLimits } from './attempts/despite-limits.ts';
import { createExtraCalls, RETRIES } from './attempts/extra-calls.ts';
import { createHedging } from './attempts/hedge.ts';
import { instead, patienceFor } from './attempts/patience.ts';
import { DEFAULT_RETRY_POLICY } from './attempts/retry-policy.ts';
import { callerAborted, type TryContext, tryCandidates } from './attempts/try-candidates.ts';
import { callerOf, LOCAL_CALLER } from './caller/caller-of.ts';
import { createAffinity, keepToHolder } from './choice/affinity.ts';
import { candidatesOf, createNameResolver, selectRoute } from './choice/candidates.ts';
import { type Decided, decide } from './choice/decide.ts';
import { followRule } from './choice/followed-rule.ts';
import { noCandidate } from './choice/no-candidate.ts';
import { continueStream } from './continuation/continue-stream.ts';
import {
  continuedAnswer,
  encodeRest,
  encoderAt,
  flatten,
  lastWords,
  type Rest,
  withoutStart,
} from './continuation/continued-answer.ts';
import { countTokens } from './count-tokens.ts';
import { createEmbed } from './embed.ts';
import { explainCall } from './explain.ts';
import { byteStreamLane, byteWholeLane, canForward } from './lanes/byte-lane.ts';
import { encoderOf } from './lanes/caller-encoder.ts';
import { canonicalStreamLane, canonicalWholeLane } from './lanes/canonical-lane.ts';
import { encodeBatches, encodeStreamLane, encodeWhole, encodeWholeLane } from './lanes/encoded-lane.ts';
import { createMemoryVault } from './lanes/memory-vault.ts';
import { inCallersFormat } from './lanes/spoken-format.ts';
import type { Ways } from './lanes/ways.ts';
import { WholeBody } from './lanes/whole-body.ts';
import { createMeasurements } from './measurements.ts';
import { lowest, outputCap } from './money/output-cap.ts';
import { onlyValue } from './only-value.ts';
import { sampledInbound } from './request/sampled-inbound.ts';
import { serverContextOf } from './request/server-context.ts';
import type { RouteCall, Router, RouterOptions } from './router.ts';
import { createSessions, warming } from './sessions/sessions.ts';
import { timeOrderedId } from './time-ordered-id.ts';
import { withHooks } from './with-hooks.ts';

/** How long a request waits for its turn at a rate limit of our own where nobody else could answer it. */
const DEFAULT_QUEUE_MS = 30_000;

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
  const local = options.caller ?? LOCAL_CALLER;
  const createId = options.createId ?? (() => timeOrderedId(clock.now()));
  const vault = options.vault ?? createMemoryVault({ clock });
  const affinity = createAffinity(candidates);
  const health = options.health ?? createBreaker();
  const measurements = options.measurements ?? createMeasurements(clock);
  const sessions = options.promptCaches === undefined ? undefined : (options.sessions ?? createSessions());
  const budget = createExtraCalls(RETRIES);
  const hedge = options.hedge && createHedging(options.hedge);
  const random = options.random ?? Math.random;
  const retry = { ...DEFAULT_RETRY_POLICY, ...options.retry };
  const refusesPrefill = new Set<string>();
  const present = new Set(options.providers.map(({ id }) => id));
  let turns = 0;

  function decideFor(call: RouteCall, ports: Pick<RouterOptions, 'admission'> = options): Decided {
    const route = keepToHolder(call.route ?? resolve(call.inbound.head.model), affinity.heldBy(call.inbound));
    return decide(
      {
        inbound: call.inbound,
        strategy: route.strategy,
        cheaper: route.cheaper,
        candidates: route.candidates,
        unavailable: options.unavailable ?? [],
        caller: callerOf(call.caller, local),
        localOnly: options.localOnly ?? false,
        capsOutput: route.capsOutput ?? false,
      },
      { ...options, ...ports, clock, createId, turn: () => turns, health, measurements, sessions },
    );
  }

  /** The call with what is known of the state that its request brings back. */
  function identified<Call extends { readonly inbound: Inbound }>(call: Call): Call {
    const inbound = affinity.identify(call.inbound);
    return inbound === call.inbound ? call : { ...call, inbound };
  }

  /** What all attempts of a request share. */
  function contextOf(
    call: RouteCall,
    stream: boolean,
    attempts: Attempt[],
    createEncoder: TryContext['createEncoder'],
  ): TryContext {
    return {
      inbound: call.inbound,
      caller: callerOf(call.caller, local),
      stream,
      timeouts: (one, othersLeft) =>
        instead(patienceFor(one, call.inbound, othersLeft, measurements.of(one.id)), options.timeouts?.(one, stream)),
      clock,
      pricing: options.pricing,
      ledger: options.ledger,
      health,
      measurements,
      affinity,
      vault,
      admission: options.admission,
      attempts,
      createEncoder,
      outputCap: call.route?.capsOutput === true ? outputCap(call.inbound) : undefined,
      signal: call.signal,
      strict: call.strict ?? options.strict ?? false,
      retry,
      budget,
      hedge,
      random,
      waitsUntil: call.patienceMs === undefined ? undefined : clock.now() + call.patienceMs,
      queueMs: options.queueMs ?? DEFAULT_QUEUE_MS,
    };
  }

  async function run<Value>(call: RouteCall, { stream, server, chooseLane, replay }: Ways<Value>) {
    if (call.signal?.aborted === true) throw callerAborted();
    const route = call.route ?? resolve(call.inbound.head.model);
    const routed = { ...call, route };
    const selected =
      route.select === undefined ? routed : await selectRoute(routed, resolve, (other) => decideFor(other).decision);
    const decided = decideFor(selected);
    turns += 1;
    const { decision, order } = decided;
    const attempts: Attempt[] = [];
    const endUse = followRule(options.ruleUses, decision, attempts);
    const caller = callerOf(call.caller, local);
    const { inbound, signal, strict = options.strict ?? false } = call;
    const { ledger } = options;
    const cacheContext = { inbound, caller, strict, use: call.cache ?? {}, signal, clock, ledger, vault, affinity };
    const unlimited = options.cache && despiteLimits(decided, () => decideFor(selected, { admission: undefined }));
    const cached =
      options.cache === undefined
        ? NO_CACHE
        : await askCache(options.cache, unlimited ?? decided, cacheContext).catch((error: unknown) => {
            endUse?.();
            throw error;
          });
    if (cached.answer !== undefined) {
      endUse?.();
      const record = recordOfKept(cached.answer, cached.outcome, (unlimited ?? decided).decision);
      const { response } = cached.answer;
      const lastEncoder = () => encoderOf(call.inbound, server);
      return { record, values: untilDone(replay(response)), whole: undefined, resume: () => undefined, lastEncoder };
    }
    const done = () => {
      cached.done();
      endUse?.();
    };
    const shared = contextOf(call, stream, attempts, () => encoderOf(call.inbound, server));
    const answered = warming(decided.conversation, sessions, options.promptCaches);
    const { candidate, answer } = await tryCandidates<Value>(
      decided,
      (one, reservation) => chooseLane(one, lowest(reservation?.maxOutputTokens, shared.outputCap?.(one))),
      cached.keeperFor === undefined && answered === undefined
        ? shared
        : { ...shared, keeperFor: cached.keeperFor, answered },
    ).catch((error: unknown) => {
      done();
      throw error;
    });

    /** The rest of the answer from somebody else, where that can be had; undefined where what the caller has can't be continued. */
    function resume(broken: ProviderError): Rest | undefined {
      const had = answer.brokenAnswer();
      if (had === undefined) return undefined;
      const place = order.findIndex((one) => one.id === candidate.id);
      // Others first: who has just broken off may do so again. Who was silent for as long as we wait is not asked at all.
      const next = [...order.slice(place + 1), ...(broken.kind === 'timeout' ? [] : [candidate])];
      const record = (attempt: Attempt) => attempts.push(attempt);
      const events = continueStream(broken, had, next, { ...shared, decision, refusesPrefill, record });
      return { had, events, encoder: answer.encoder() };
    }

    const { notes, lane, whole } = answer;
    if (whole !== undefined) done();
    const hears = whole === undefined && (cached.outcome !== undefined || endUse !== undefined);
    const values = hears ? untilDone(answer.values(), done) : answer.values();
    /** What writes the error that ends the stream, where nobody can go on. */
    const lastEncoder = () => answer.encoder() ?? encoderAt(answer.brokenAnswer(), encoderOf(call.inbound, server));
    const record = { decision, notes, candidate, attempts, lane, cache: cached.outcome };
    return { record, values, whole, resume, lastEncoder };
  }

  const router: Router = {
    candidates,
    endpoints: () => (health.states?.(clock.now()) ?? []).filter(({ provider }) => present.has(provider)),
    measured: (candidate) => measurements.of(candidate),
    decide: (call) => decideFor(identified(call)).decision,
    explain: (call) => explainCall(identified(call), resolve, (other) => decideFor(other).decision),

    async stream(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: true }) };
      const { values, resume, record } = await run(call, {
        stream: true,
        chooseLane: () => canonicalStreamLane,
        replay: replayEvents,
      });
      const events = continuedAnswer(values, (broken) => withoutStart(resume(broken)?.events));
      return { ...record, events: flatten(events) };
    },

    async generate(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: false }) };
      const { values, record } = await run(call, {
        stream: false,
        chooseLane: () => canonicalWholeLane,
        replay: (kept) => [kept],
      });
      return { ...record, response: await onlyValue(values) };
    },

    async forward(given) {
      const call = identified({ ...given, inbound: sampledInbound(given.inbound, given.route?.sampling) });
      const { head } = call.inbound;
      const { format } = wireOf(call.inbound);
      const server = serverContextOf(call.inbound, clock, createId);
      const encoded = encodeStreamLane(canonicalStreamLane);
      const { values, whole, resume, lastEncoder, record } = await run<Uint8Array>(call, {
        stream: head.stream,
        server,
        chooseLane: (one, maxOutputTokens) => {
          const bytes = canForward(call.inbound, one, maxOutputTokens, affinity);
          if (head.stream) return bytes ? byteStreamLane : encoded;
          return bytes ? byteWholeLane : encodeWholeLane(canonicalWholeLane, format, server);
        },
        replay: (kept) =>
          head.stream
            ? encodeBatches(replayEvents(kept), encoderOf(call.inbound, server))
            : [encodeWhole(kept, format, server)],
      });
      const contentType = head.stream ? format.server.streamContentType : 'application/json';
      const body = head.stream
        ? continuedAnswer(
            values,
            (broken) => encodeRest(resume(broken), format.streamFraming, () => encoderOf(call.inbound, server)),
            (error) => lastWords(error, lastEncoder),
          )
        : whole === undefined
          ? values
          : new WholeBody(whole);
      return { ...record, contentType, streamed: head.stream, body };
    },

    async countTokens(asked) {
      const call = identified(asked);
      const decided = decideFor(call);
      // Counting costs nothing: where limits leave nobody, it is done by whoever would answer without them.
      const { order, decision } = despiteLimits(decided, () => decideFor(call, { admission: undefined })) ?? decided;
      const [candidate] = order;
      if (candidate === undefined) throw noCandidate(decision);
      return countTokens(inCallersFormat(candidate, call.inbound), call.inbound, clock, call.signal);
    },

    embed: createEmbed({ ...options, resolve, createId, clock, contextOf }),

    async close() {
      measurements.flush?.();
      options.cache?.close?.();
      await Promise.all(options.providers.map((provider) => provider.close()));
    },
  };
  return options.hooks === undefined ? router : withHooks(router, options.hooks);
}

/** The request as it came. Throws RouterError `internal` where it did not come over the wire. */
function wireOf({ wire }: Inbound): NonNullable<Inbound['wire']> {
  if (wire !== undefined) return wire;
  throw new RouterError({ kind: 'internal', message: 'Only a request that came over the wire can be forwarded.' });
}
