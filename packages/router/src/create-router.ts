import { type Inbound, inboundFromRequest, type ModelRequest, RouterError } from '@signalbox/core';
import { replayEvents } from './answers/replay-events.ts';
import { despiteLimits } from './attempts/despite-limits.ts';
import { noCandidate } from './choice/no-candidate.ts';
import { continuedAnswer, encodeRest, flatten, lastWords, withoutStart } from './continuation/continued-answer.ts';
import { countTokens } from './count-tokens.ts';
import { createEmbed } from './embed.ts';
import { createEngine } from './engine.ts';
import { explainCall } from './explain.ts';
import { askKept } from './kept/ask-kept.ts';
import { byteStreamLane, byteWholeLane, canForward } from './lanes/byte-lane.ts';
import { encoderOf } from './lanes/caller-encoder.ts';
import { canonicalStreamLane, canonicalWholeLane } from './lanes/canonical-lane.ts';
import { encodeBatches, encodeStreamLane, encodeWhole, encodeWholeLane } from './lanes/encoded-lane.ts';
import { inCallersFormat } from './lanes/spoken-format.ts';
import { WholeBody } from './lanes/whole-body.ts';
import { onlyValue } from './only-value.ts';
import { refuseWrongOptions, refuseWrongRequest } from './refuse-wrong-use.ts';
import { sampledInbound } from './request/sampled-inbound.ts';
import { serverContextOf } from './request/server-context.ts';
import { routeRequest } from './route-request.ts';
import type { Router, RouterOptions } from './router.ts';
import { withHooks } from './with-hooks.ts';

const encodedStreamLane = encodeStreamLane(canonicalStreamLane);

/**
 * Makes a router. Throws RouterError `configuration` where an option is of the wrong kind.
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
  refuseWrongOptions(options);
  const engine = createEngine(options);
  const { candidates, resolve, clock, createId, affinity, health, measurements, identified } = engine;
  const present = new Set(options.providers.map(({ id }) => id));

  let closed = false;

  /** What can't be answered. A closed connection to each candidate in turn would say less. */
  function refuse(request: ModelRequest): void {
    if (closed) throw new RouterError({ kind: 'usage', message: 'The router is closed: it answers no more requests.' });
    refuseWrongRequest(request);
  }

  const router: Router = {
    candidates,
    endpoints: () => (health.states?.(clock.now()) ?? []).filter(({ provider }) => present.has(provider)),
    measured: (candidate) => measurements.of(candidate),
    decide: (call) => engine.decide(identified(call)).decision,
    explain: (call) => explainCall(identified(call), resolve, (other) => engine.decide(other).decision),

    async stream(request, rest = {}) {
      refuse(request);
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: true }) };
      const { values, resume, record } = await routeRequest(engine, call, {
        stream: true,
        chooseLane: () => canonicalStreamLane,
        replay: replayEvents,
      });
      const events = continuedAnswer(values, (broken) => withoutStart(resume(broken)?.events));
      return { ...record, events: flatten(events) };
    },

    async generate(request, rest = {}) {
      refuse(request);
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: false }) };
      const { values, record } = await routeRequest(engine, call, {
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
      const server = serverContextOf(call.inbound, clock, createId, call.keepItem);
      const { values, whole, resume, lastEncoder, record } = await routeRequest<Uint8Array>(engine, call, {
        stream: head.stream,
        server,
        chooseLane: (one, maxOutputTokens) => {
          const bytes = canForward(call.inbound, one, maxOutputTokens, affinity);
          if (head.stream) return bytes ? byteStreamLane : encodedStreamLane;
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
            (error) => lastWords(call.shownError?.(error, call.caller) ?? error, lastEncoder),
          )
        : whole === undefined
          ? values
          : new WholeBody(whole);
      return { ...record, contentType, streamed: head.stream, body };
    },

    async countTokens(asked) {
      const call = identified(asked);
      const decided = engine.decide(call);
      // Counting costs nothing: where limits leave nobody, it is done by whoever would answer without them.
      const { order, decision } =
        despiteLimits(decided, () => engine.decide(call, { admission: undefined })) ?? decided;
      const [candidate] = order;
      if (candidate === undefined) throw noCandidate(decision);
      return countTokens(inCallersFormat(candidate, call.inbound), call.inbound, clock, call.signal);
    },

    embed: createEmbed({ ...options, resolve, createId, clock, contextOf: engine.contextOf }),

    kept: (call) => askKept(engine, call),

    async close() {
      closed = true;
      measurements.flush?.();
      options.cache?.close?.();
      await Promise.all(options.providers.map((provider) => provider.close()));
    },
  };
  return options.hooks === undefined ? router : withHooks(router, options.hooks, engine.local);
}

/** The request as it came. Throws RouterError `internal` where it did not come over the wire. */
function wireOf({ wire }: Inbound): NonNullable<Inbound['wire']> {
  if (wire !== undefined) return wire;
  throw new RouterError({ kind: 'internal', message: 'Only a request that came over the wire can be forwarded.' });
}
