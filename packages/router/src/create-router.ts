import {
  type Admission,
  type Analyser,
  type Attempt,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type Health,
  type Inbound,
  inboundFromRequest,
  type Ledger,
  type ModelRequest,
  type ModelResponse,
  type Pricing,
  type Provider,
  ProviderError,
  type Removal,
  RouterError,
  type ServerContext,
  type Strategy,
  type StreamEvent,
  type TranslationNote,
  type Vault,
} from '@signalbox/core';
import { byteStreamLane, byteWholeLane, canForward } from './byte-lane.ts';
import { candidatesOf, createNameResolver, type Route } from './candidates.ts';
import { canonicalStreamLane, canonicalWholeLane } from './canonical-lane.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './deadline.ts';
import { type Decided, decide } from './decide.ts';
import { encodeStreamLane, encodeWholeLane } from './encoded-lane.ts';
import type { Lane } from './lane.ts';
import { createMemoryVault } from './memory-vault.ts';
import { systemClock } from './system-clock.ts';
import { callerAborted, tryCandidates } from './try-candidates.ts';

export interface RouterOptions {
  /** Closed with the router. All their models are candidates unless `candidates` says otherwise. */
  readonly providers: readonly Provider[];
  readonly candidates?: readonly Candidate[] | undefined;
  /** What could not become a candidate, for the record of each decision. */
  readonly unavailable?: readonly Removal[] | undefined;
  /** For requests that name no model. Default: the candidates in the order given. */
  readonly strategy?: Strategy | undefined;
  /** Reads a model name. Throws RouterError `unknown-model`. Default: a model's id or alias. */
  readonly resolve?: ((name: string | undefined) => Route) | undefined;
  readonly timeouts?: ((candidate: Candidate) => Partial<Timeouts>) | undefined;
  /** Local providers only. */
  readonly localOnly?: boolean | undefined;
  /** Refuse a request rather than lose a part of it in translation; a call may say otherwise. Default `false`. */
  readonly strict?: boolean | undefined;
  /** Keeps reasoning state for callers whose format can't carry it. Default: a vault in memory. */
  readonly vault?: Vault | undefined;
  readonly analyser?: Analyser | undefined;
  readonly pricing?: Pricing | undefined;
  readonly ledger?: Ledger | undefined;
  readonly health?: Health | undefined;
  readonly admission?: Admission | undefined;
  readonly clock?: Clock | undefined;
  readonly createId?: (() => string) | undefined;
}

export interface RouteCall {
  readonly inbound: Inbound;
  /** Instead of what the inbound's model name would choose. */
  readonly route?: Route | undefined;
  readonly caller?: Caller | undefined;
  /** Overrides the router's `strict` for this call. */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a request at any time. */
export interface RouteRecord {
  readonly decision: Decision;
  /** What could not be carried over into the provider's format as it was. Empty on the byte lane. */
  readonly notes: readonly TranslationNote[];
  /** The candidate that answers. */
  readonly candidate: Candidate;
  /** Attempts that are over; the answering one joins when its answer has been read to the end. */
  readonly attempts: readonly Attempt[];
}

export interface StreamResult extends RouteRecord {
  /** To be read once. Throws ProviderError where the answer breaks off. */
  readonly events: AsyncIterable<StreamEvent>;
}

export interface GenerateResult extends RouteRecord {
  readonly response: ModelResponse;
}

export interface ForwardResult extends RouteRecord {
  readonly contentType: string;
  /**
   * The answer in the caller's own format; to be read once. Does not throw for an upstream that breaks off: the stream then
   * ends in the protocol's own error.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Which way the answer takes. */
  readonly lane: 'bytes' | 'canonical';
}

/** The engine. */
export interface Router {
  /** What would be done, without doing it. Throws RouterError. */
  decide(call: RouteCall): Decision;
  /** Routes a request and resolves at the first content. Throws RouterError, AllCandidatesFailed among them. */
  stream(request: ModelRequest, options?: Omit<RouteCall, 'inbound'>): Promise<StreamResult>;
  /** Routes a request and resolves with the whole answer. */
  generate(request: ModelRequest, options?: Omit<RouteCall, 'inbound'>): Promise<GenerateResult>;
  /** Routes a request that came over the wire, and answers in its format; resolves at the first content. */
  forward(call: RouteCall): Promise<ForwardResult>;
  readonly candidates: readonly Candidate[];
  close(): Promise<void>;
}

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
  const createId = options.createId ?? (() => crypto.randomUUID());
  const vault = options.vault ?? createMemoryVault({ clock });
  let turns = 0;

  function decideFor(call: RouteCall): Decided {
    const route = call.route ?? resolve(call.inbound.head.model);
    return decide(
      {
        inbound: call.inbound,
        strategy: route.strategy,
        candidates: route.candidates,
        unavailable: options.unavailable ?? [],
        caller: call.caller ?? LOCAL_CALLER,
        localOnly: options.localOnly ?? false,
      },
      {
        clock,
        createId,
        turn: () => turns,
        analyser: options.analyser,
        pricing: options.pricing,
        health: options.health,
        admission: options.admission,
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
    const { candidate, answer } = await tryCandidates<Value>(
      decided,
      (one, reservation) => {
        const chosen = chooseLane(one, reservation?.maxOutputTokens);
        lane = chosen.name;
        return chosen;
      },
      {
        inbound: call.inbound,
        caller: call.caller ?? LOCAL_CALLER,
        stream,
        timeouts: (one) => ({ ...DEFAULT_TIMEOUTS, ...options.timeouts?.(one) }),
        clock,
        pricing: options.pricing,
        ledger: options.ledger,
        health: options.health,
        vault,
        strict: call.strict ?? options.strict ?? false,
        createEncoder: () => encoderOf(call, server),
        signal: call.signal,
      },
      options.admission,
      attempts,
    );
    return { decision: decided.decision, notes: answer.notes, candidate, attempts, values: answer.values(), lane };
  }

  return {
    candidates,
    decide: (call) => decideFor(call).decision,

    async stream(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: true }) };
      const { values, ...record } = await run(call, true, undefined, () => canonicalStreamLane);
      return { ...record, events: flatten(values) };
    },

    async generate(request, rest = {}) {
      const call = { ...rest, inbound: inboundFromRequest({ ...request, stream: false }) };
      const { values, ...record } = await run(call, false, undefined, () => canonicalWholeLane);
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
      const { values, ...record } = await run<Uint8Array>(call, head.stream, server, (candidate, maxOutputTokens) => {
        const bytes = canForward(call.inbound, candidate, maxOutputTokens);
        if (head.stream) return bytes ? byteStreamLane : encodeStreamLane(canonicalStreamLane);
        return bytes ? byteWholeLane : encodeWholeLane(canonicalWholeLane, format, server);
      });
      const contentType = head.stream ? format.server.streamContentType : 'application/json';
      const body = head.stream ? endInError(values, () => encoderOf(call, server)) : values;
      return { ...record, contentType, body };
    },

    async close() {
      await Promise.all(options.providers.map((provider) => provider.close()));
    },
  };
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
