import {
  type Attempt,
  type Caller,
  type Candidate,
  type Clock,
  type Health,
  type Inbound,
  type Measurements,
  systemClock,
  type Vault,
} from '@signalbox/core';
import { createBreaker } from './attempts/breaker.ts';
import { createExtraCalls, RETRIES } from './attempts/extra-calls.ts';
import { createHedging } from './attempts/hedge.ts';
import { instead, patienceFor, unhurried } from './attempts/patience.ts';
import { DEFAULT_RETRY_POLICY } from './attempts/retry-policy.ts';
import type { TryContext } from './attempts/try-candidates.ts';
import { callerOf, LOCAL_CALLER } from './caller/caller-of.ts';
import { type Affinity, createAffinity, keepToHolder } from './choice/affinity.ts';
import { candidatesOf, createNameResolver, type Route, usualCandidates } from './choice/candidates.ts';
import { type Decided, type DecisionPorts, decide } from './choice/decide.ts';
import { createHolders, type Holders } from './kept/holders.ts';
import { createMemoryVault } from './lanes/memory-vault.ts';
import { createMeasurements } from './measurements.ts';
import { outputCap } from './money/output-cap.ts';
import type { RouteCall, RouterOptions } from './router.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { timeOrderedId } from './time-ordered-id.ts';

/** How long a request waits for its turn at a rate limit of our own where nobody else could answer it. */
const DEFAULT_QUEUE_MS = 30_000;

/** What the ways through a router share: its options with what stands in for those left out, and what it remembers between requests. */
export interface Engine {
  readonly options: RouterOptions;
  readonly candidates: readonly Candidate[];
  readonly resolve: (name: string | undefined) => Route;
  readonly clock: Clock;
  readonly createId: () => string;
  /** Who asks where a call does not say. */
  readonly local: Caller;
  readonly vault: Vault;
  readonly affinity: Affinity;
  readonly holders: Holders;
  readonly health: Health;
  readonly measurements: Measurements;
  readonly sessions: Sessions | undefined;
  /** Candidates that have refused to go on from the beginning of an answer. */
  readonly refusesPrefill: Set<string>;
  /** Who would be asked, and in which order. Throws RouterError `unknown-model`. `ports`: instead of the router's own. */
  decide(call: RouteCall, ports?: Pick<RouterOptions, 'admission'>): Decided;
  /** A request has been decided and goes out: strategies that take turns go on to the next. */
  endTurn(): void;
  /** The call with what is known of the state that its request brings back. */
  identified<Call extends { readonly inbound: Inbound }>(call: Call): Call;
  /** What all attempts of a request share. */
  contextOf(
    call: RouteCall,
    stream: boolean,
    attempts: Attempt[],
    createEncoder: TryContext['createEncoder'],
  ): TryContext;
}

/** Makes what the ways through one router share. */
export function createEngine(options: RouterOptions): Engine {
  const candidates = options.candidates ?? candidatesOf(options.providers);
  const unnamed = options.candidates ?? usualCandidates(candidates);
  const resolve = options.resolve ?? createNameResolver(candidates, options.strategy, unnamed);
  const clock = options.clock ?? systemClock;
  const local = options.caller ?? LOCAL_CALLER;
  const createId = options.createId ?? (() => timeOrderedId(clock.now()));
  const vault = options.vault ?? createMemoryVault({ clock });
  const holders = options.holders ?? createHolders();
  const affinity = createAffinity(candidates, holders);
  const health = options.health ?? createBreaker();
  const measurements = options.measurements ?? createMeasurements(clock);
  const sessions = options.promptCaches === undefined ? undefined : (options.sessions ?? createSessions());
  const budget = createExtraCalls(RETRIES);
  const hedge = options.hedge && createHedging(options.hedge);
  const random = options.random ?? Math.random;
  const retry = { ...DEFAULT_RETRY_POLICY, ...options.retry };
  let turns: number | undefined;
  const turn = () => {
    turns ??= options.firstTurn?.() ?? 0;
    return turns;
  };
  // Made once: copying the options together took longer than an exact choice.
  const shared: DecisionPorts = { ...options, clock, createId, turn, health, measurements, sessions };

  function decideHere(call: RouteCall, ports: Pick<RouterOptions, 'admission'> = options): Decided {
    const caller = callerOf(call.caller, local);
    const held = affinity.heldBy(call.inbound);
    const route = keepToHolder(call.route ?? resolve(call.inbound.head.model), held, caller, { candidates, holders });
    return decide(
      {
        inbound: call.inbound,
        strategy: route.strategy,
        tells: route.tells,
        cheaper: route.cheaper,
        candidates: route.candidates,
        unavailable: options.unavailable ?? [],
        caller,
        localOnly: options.localOnly ?? false,
        capsOutput: route.capsOutput ?? false,
      },
      ports === options ? shared : { ...shared, admission: ports.admission },
    );
  }

  function identified<Call extends { readonly inbound: Inbound }>(call: Call): Call {
    const inbound = affinity.identify(call.inbound);
    return inbound === call.inbound ? call : { ...call, inbound };
  }

  function contextOf(
    call: RouteCall,
    stream: boolean,
    attempts: Attempt[],
    createEncoder: TryContext['createEncoder'],
  ): TryContext {
    const inBackground = call.inbound.head.background === true;
    return {
      inbound: call.inbound,
      caller: callerOf(call.caller, local),
      stream,
      timeouts: (one, othersLeft) => {
        const bounds = patienceFor(one, call.inbound, othersLeft, measurements.of(one.id));
        return instead(inBackground ? unhurried(bounds) : bounds, options.timeouts?.(one, stream));
      },
      clock,
      pricing: options.pricing,
      ledger: options.ledger,
      health,
      measurements,
      affinity,
      holders,
      vault,
      admission: options.admission,
      attempts,
      call: {},
      createEncoder,
      outputCap: call.route?.capsOutput === true ? outputCap(call.inbound) : undefined,
      signal: call.signal,
      strict: call.strict ?? options.strict ?? false,
      retry,
      budget,
      // Nobody takes the second of two answers that are made behind everybody's back.
      hedge: inBackground ? undefined : hedge,
      random,
      waitsUntil: call.patienceMs === undefined ? undefined : clock.now() + call.patienceMs,
      queueMs: options.queueMs ?? DEFAULT_QUEUE_MS,
    };
  }

  return {
    options,
    candidates,
    resolve,
    clock,
    createId,
    local,
    vault,
    affinity,
    holders,
    health,
    measurements,
    sessions,
    refusesPrefill: new Set(),
    decide: decideHere,
    endTurn() {
      turns = turn() + 1;
    },
    identified,
    contextOf,
  };
}
