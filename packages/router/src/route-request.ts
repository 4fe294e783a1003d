import type { Attempt, ProviderError } from '@signalbox/core';
import { askCache, type CacheContext, NO_CACHE, recordOfKept, untilDone } from './answers/cached-answer.ts';
import { despiteLimits } from './attempts/despite-limits.ts';
import { callerAborted, withAttempts } from './attempts/try-candidate.ts';
import { tryCandidates } from './attempts/try-candidates.ts';
import { callerOf } from './caller/caller-of.ts';
import { selectRoute } from './choice/candidates.ts';
import { followRule } from './choice/followed-rule.ts';
import { continueStream } from './continuation/continue-stream.ts';
import { encoderAt, type Rest } from './continuation/continued-answer.ts';
import type { Engine } from './engine.ts';
import { encoderOf } from './lanes/caller-encoder.ts';
import type { Ways } from './lanes/ways.ts';
import { lowest } from './money/output-cap.ts';
import type { RouteCall } from './router.ts';
import { warming } from './sessions/sessions.ts';

/**
 * Decides about a request and has it answered: from the cache, or by the first candidate that gives content. Resolves then; what follows is read from `values`.
 * Throws RouterError, AllCandidatesFailed among them.
 */
export async function routeRequest<Value>(
  engine: Engine,
  call: RouteCall,
  { stream, server, chooseLane, replay }: Ways<Value>,
) {
  const { options, resolve, sessions, refusesPrefill } = engine;
  if (call.signal?.aborted === true) throw callerAborted();
  const route = call.route ?? resolve(call.inbound.head.model);
  const routed = { ...call, route };
  const selected =
    route.select === undefined ? routed : await selectRoute(routed, resolve, (other) => engine.decide(other).decision);
  const decided = engine.decide(selected);
  engine.endTurn();
  const { order } = decided;
  const attempts: Attempt[] = [];
  const endUse = followRule(options.ruleUses, decided.decision, attempts);
  const unlimited = options.cache && despiteLimits(decided, () => engine.decide(selected, { admission: undefined }));
  const cached =
    options.cache === undefined
      ? NO_CACHE
      : await askCache(options.cache, unlimited ?? decided, cacheContext(engine, call)).catch((error: unknown) => {
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
  const shared = engine.contextOf(call, stream, attempts, () => encoderOf(call.inbound, server));
  const answered = warming(decided.conversation, sessions, options.promptCaches);
  const { candidate, decision, answer } = await tryCandidates<Value>(
    decided,
    (one, reservation) => chooseLane(one, lowest(reservation?.maxOutputTokens, shared.outputCap?.(one))),
    cached.keeperFor === undefined && answered === undefined
      ? shared
      : { ...shared, keeperFor: cached.keeperFor, answered },
  ).catch((error: unknown) => {
    done();
    throw withAttempts(error, decided.decision, attempts);
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

function cacheContext({ options, clock, local, vault, holders }: Engine, call: RouteCall): CacheContext {
  const { inbound, signal, strict = options.strict ?? false, cache = {} } = call;
  const caller = callerOf(call.caller, local);
  return { inbound, caller, strict, use: cache, signal, clock, ledger: options.ledger, vault, holders };
}
